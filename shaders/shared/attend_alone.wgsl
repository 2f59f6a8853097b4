// Softmax attention of one query by one thread, position after position with a running maximum: no barrier, no workgroup memory.
// The kernel in whose front this stands fills `query` and defines key_at(position, i) and value_at(position, i), four elements
// each. head_dim is a multiple of 4, at most 128. Source: Milakov and Gimelshein 2018, "Online normalizer calculation".

const HIDDEN: f32 = -1e30; // as engine::cpu: exp gives 0, and it is not infinite

var<private> query: array<vec4<f32>, 32>; // (head_dim / 4)
var<private> mixed: array<vec4<f32>, 32>; // (head_dim / 4), not yet divided by `total`
var<private> largest: f32;
var<private> total: f32;

fn begin(parts: u32) {
    largest = HIDDEN;
    total = 0.0;
    for (var i = 0u; i < parts; i += 1u) {
        mixed[i] = vec4<f32>();
    }
}

// Takes a score into account: x is what earlier positions weigh now, y what this one weighs.
fn weigh(score: f32) -> vec2<f32> {
    let top = max(largest, score);
    let shares = exp(vec2<f32>(largest, score) - vec2<f32>(top));
    total = fma(total, shares.x, shares.y);
    largest = top;
    return shares;
}

fn attend(parts: u32, length: u32, scale: f32) {
    for (var position = 0u; position < length; position += 1u) {
        var sums = vec4<f32>();
        for (var i = 0u; i < parts; i += 1u) {
            sums = fma(query[i], key_at(position, i), sums);
        }
        let shares = weigh((sums.x + sums.y + sums.z + sums.w) * scale);
        for (var i = 0u; i < parts; i += 1u) {
            mixed[i] = fma(mixed[i], shares.xxxx, shares.y * value_at(position, i));
        }
    }
}
