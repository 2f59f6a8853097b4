// gradient[k, d] += Σ_n d_scores[n, k] · (2 / half) · (residual[n, d] − book[k, d]) − 1[n took k] · (word_share · next[n, d] + whole_share ·
// last[n, d]): through the scores, whose scale passes nothing, and through the codeword that was taken.
// Letters: N items, K codes, D width of an item's vector. One workgroup: 16 × 4 elements and codes, a thread each, no barrier; the order
// of summation is fixed. Mirrors semantic_id::exact's backward. Launcher: engine::gpu::codes. Source: DIGER, arXiv 2601.19711, DRIL.

struct Params {
    items: u32,       // N
    codes: u32,       // K
    dim: u32,         // D
    book_offset: u32, // of the level's first codeword, elements
    level: u32,
    word_share: f32,  // 2 · L_vq's weight / (N · D · L)
    whole_share: f32, // 2 · L_recon's weight / (N · D)
}

@group(0) @binding(0) var<storage, read>       d_scores: array<f32>; // in     (N, K)
@group(0) @binding(1) var<storage, read>       residual: array<f32>; // in     (N, D): what the level is given
@group(0) @binding(2) var<storage, read>       next: array<f32>;     // in     (N, D): what it leaves
@group(0) @binding(3) var<storage, read>       last: array<f32>;     // in     (N, D): what all levels leave
@group(0) @binding(4) var<storage, read>       record: array<u32>;   // in     (L, N, 5), as code_choose.wgsl leaves it
@group(0) @binding(5) var<storage, read>       books: array<f32>;    // in     (L, K, D)
@group(0) @binding(6) var<storage, read>       range: array<f32>;    // in     (L, 2), as code_range.wgsl leaves it
@group(0) @binding(7) var<storage, read_write> gradient: array<f32>; // in/out (L, K, D)
@group(0) @binding(8) var<uniform>             params: Params;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.dim || id.y >= params.codes {
        return;
    }
    let at = params.book_offset + id.y * params.dim + id.x;
    let own = books[at];
    let scale = 2.0 * range[2u * params.level + 1u];
    var sum = 0.0;
    for (var n = 0u; n < params.items; n += 1u) {
        let row = n * params.dim + id.x;
        sum = fma(d_scores[n * params.codes + id.y] * scale, residual[row] - own, sum);
        if record[(params.level * params.items + n) * 5u] == id.y {
            sum -= params.word_share * next[row] + params.whole_share * last[row];
        }
    }
    gradient[at] += sum;
}
