// d_logits[n, j] += slope[n] / (τ σ²) · p_j (pull_j - Σ_i p_i pull_i) of actions that are vectors, pull_j = e_j · δ; and
// shares[n, j] becomes slope[n] / σ² · p_j, so that a product with δ is the gradient of the embedding.
// Letters: N actions, V vocabulary, W ids of an action, S log densities. One workgroup: 32 actions, a thread each, no barrier.
// Mirrors math::soft_tokens::log_density_backward. Launcher: engine::gpu::calls. Source: arXiv 2509.19170, §3.

struct Params {
    actions: u32,     // N
    vocabulary: u32,  // V
    stride: u32,      // elements of a row of shares and of d_logits, V or more
    width: u32,       // W
    scores: u32,      // S
    vector: u32,      // the kind of an action that is a vector
    temperature: f32, // τ
    scale: f32,       // 1 / σ²
}

@group(0) @binding(0) var<storage, read>       pull: array<f32>;     // in     (N, V)
@group(0) @binding(1) var<storage, read>       actions: array<u32>;  // in     (N, 2 + W): kind, how many ids, the ids
@group(0) @binding(2) var<storage, read>       slopes: array<f32>;   // in     (N, S + 1): ∂ loss / ∂ log density, the first of each
@group(0) @binding(3) var<storage, read_write> shares: array<f32>;   // in/out (N, stride)
@group(0) @binding(4) var<storage, read_write> d_logits: array<f32>; // in/out (N, stride)
@group(0) @binding(5) var<uniform>             params: Params;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let n = id.x;
    if n >= params.actions {
        return;
    }
    if actions[n * (2u + params.width)] != params.vector {
        return;
    }
    var mean = 0.0;
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        mean = fma(shares[n * params.stride + j], pull[n * params.vocabulary + j], mean);
    }
    let slope = slopes[n * (params.scores + 1u)] * params.scale;
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        let at = n * params.stride + j;
        let share = slope * shares[at];
        shares[at] = share;
        d_logits[at] += share * (pull[n * params.vocabulary + j] - mean) / params.temperature;
    }
}
