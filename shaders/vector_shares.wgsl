// shares[n] = softmax(logits[n] / temperature) in the rows that bear the mark, 0 in the others and beyond V: what each token weighs
// in the mean embedding of a soft token, which is a product of these with the embedding (input_gradient.wgsl).
// Letters: N rows, V vocabulary, S ≥ V row stride of shares. One workgroup: 32 rows, a thread each, no barrier.
// Mirrors math::soft_tokens::mean_embedding. Launcher: engine::gpu::calls. Source: "Soft Tokens, Hard Truths", arXiv 2509.19170, §3.

struct Params {
    rows: u32,        // N
    vocabulary: u32,  // V
    stride: u32,      // S
    mark_stride: u32, // words from one row's mark to the next
    mark: u32,        // the word that marks a row
    temperature: f32, // the logits are divided by it
}

@group(0) @binding(0) var<storage, read>       logits: array<f32>; // in  (N, V)
@group(0) @binding(1) var<storage, read>       marks: array<u32>;  // in  (N, mark_stride), the first of each
@group(0) @binding(2) var<storage, read_write> shares: array<f32>; // out (N, S)
@group(0) @binding(3) var<uniform>             params: Params;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let n = id.x;
    if n >= params.rows {
        return;
    }
    let base = n * params.vocabulary;
    var top = logits[base];
    for (var j = 1u; j < params.vocabulary; j += 1u) {
        top = max(top, logits[base + j]);
    }
    var total = 0.0;
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        total += exp((logits[base + j] - top) / params.temperature);
    }
    let marked = marks[n * params.mark_stride] == params.mark;
    for (var j = 0u; j < params.stride; j += 1u) {
        var share = 0.0;
        if marked && j < params.vocabulary {
            share = exp((logits[base + j] - top) / params.temperature) / total;
        }
        shares[n * params.stride + j] = share;
    }
}
