// distances[n, k] = ‖residual[n] − book[k]‖², how far every codeword of a level is from what the levels above left over.
// Letters: N items, K codes, D width of an item's vector. One workgroup: 16 × 4 codes and items, a thread each, no barrier.
// Mirrors semantic_id::exact's distances. Launcher: engine::gpu::codes. Source: DIGER, arXiv 2601.19711, DRIL.

struct Params {
    items: u32,       // N
    codes: u32,       // K
    dim: u32,         // D
    book_offset: u32, // of the level's first codeword, elements
}

@group(0) @binding(0) var<storage, read>       residual: array<f32>;  // in  (N, D)
@group(0) @binding(1) var<storage, read>       books: array<f32>;     // in  (L, K, D)
@group(0) @binding(2) var<storage, read_write> distances: array<f32>; // out (N, K)
@group(0) @binding(3) var<uniform>             params: Params;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.codes || id.y >= params.items {
        return;
    }
    let row = id.y * params.dim;
    let word = params.book_offset + id.x * params.dim;
    var sum = 0.0;
    for (var d = 0u; d < params.dim; d += 1u) {
        let away = residual[row + d] - books[word + d];
        sum = fma(away, away, sum);
    }
    distances[id.y * params.codes + id.x] = sum;
}
