// What an item takes at a level and leaves for the next: next[n] = residual[n] − book[code], with the code that is kept or the one drawn;
// also the nearest code, the squared length of what is left, and the entropy of the soft choice (nats).
// Letters: N items, K codes, D width of an item's vector. One workgroup: 64 items, a thread each, no barrier.
// Mirrors semantic_id::exact's forward. Launcher: engine::gpu::codes. Source: DIGER, arXiv 2601.19711, DRIL.

struct Params {
    items: u32,       // N
    codes: u32,       // K
    dim: u32,         // D
    book_offset: u32, // of the level's first codeword, elements
    level: u32,
    take_drawn: u32,  // 1: the code of score plus noise; 0: the one that the record holds
}

@group(0) @binding(0) var<storage, read>       scores: array<f32>;   // in     (N, K)
@group(0) @binding(1) var<storage, read>       soft: array<f32>;     // in     (N, K)
@group(0) @binding(2) var<storage, read>       drawn: array<u32>;    // in     (N)
@group(0) @binding(3) var<storage, read>       residual: array<f32>; // in     (N, D)
@group(0) @binding(4) var<storage, read>       books: array<f32>;    // in     (L, K, D)
@group(0) @binding(5) var<storage, read_write> next: array<f32>;     // out    (N, D)
@group(0) @binding(6) var<storage, read_write> record: array<u32>;   // in/out (L, N, 5): code, nearest, drawn, bits of what is left, of entropy
@group(0) @binding(7) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let item = id.x;
    if item >= params.items {
        return;
    }
    let base = item * params.codes;
    var nearest = 0u;
    var top = scores[base];
    var entropy = 0.0;
    for (var k = 0u; k < params.codes; k += 1u) {
        if scores[base + k] > top {
            top = scores[base + k];
            nearest = k;
        }
        let share = soft[base + k];
        entropy -= select(0.0, share * log(max(share, 1e-38)), share > 0.0);
    }
    let at = (params.level * params.items + item) * 5u;
    let code = select(record[at], drawn[item], params.take_drawn == 1u);
    let word = params.book_offset + code * params.dim;
    var left = 0.0;
    for (var d = 0u; d < params.dim; d += 1u) {
        let rest = residual[item * params.dim + d] - books[word + d];
        next[item * params.dim + d] = rest;
        left = fma(rest, rest, left);
    }
    record[at] = code;
    record[at + 1u] = nearest;
    record[at + 2u] = drawn[item];
    record[at + 3u] = bitcast<u32>(left);
    record[at + 4u] = bitcast<u32>(entropy);
}
