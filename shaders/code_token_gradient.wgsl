// gradient[token, w] += Σ_n 1[n took the token's code] · (sums[n, w] + sums[N + level · N + n, w]): what the inputs hand back to the words
// of codes. sums holds, of each item, what the places of histories got, then, level by level, what the places of targets got.
// Letters: N items, L levels, K codes, W width of the recommender, a multiple of 4.
// One workgroup: 16 × 4 fours of elements and tokens, a thread each, no barrier; the order of summation is fixed.
// Mirrors the backward that Burn's autodiff gives semantic_id::joint's inputs. Launcher: engine::gpu::codes.

struct Params {
    items: u32,  // N
    codes: u32,  // K
    tokens: u32, // L · K
    width: u32,  // W
}

@group(0) @binding(0) var<storage, read>       sums: array<vec4<f32>>;     // in     (N + L · N, W / 4)
@group(0) @binding(1) var<storage, read>       record: array<u32>;         // in     (L, N, 5), as code_choose.wgsl leaves it
@group(0) @binding(2) var<storage, read_write> gradient: array<vec4<f32>>; // in/out flat, the embedding first
@group(0) @binding(3) var<uniform>             params: Params;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let parts = params.width / 4u;
    if id.x >= parts || id.y >= params.tokens {
        return;
    }
    let first = id.y / params.codes * params.items;
    let code = id.y % params.codes;
    var sum = vec4<f32>();
    for (var n = 0u; n < params.items; n += 1u) {
        if record[(first + n) * 5u] == code {
            sum += sums[n * parts + id.x] + sums[(params.items + first + n) * parts + id.x];
        }
    }
    gradient[id.y * parts + id.x] += sum;
}
