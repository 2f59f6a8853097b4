// delta[n] = fed[n] - mean[n], and of actions that are vectors scores[n] = -‖delta[n]‖² / (2 σ²).
// Letters: N actions, D width, W ids of an action, S log densities. One workgroup: 32 actions, a thread each, no barrier.
// Mirrors math::soft_tokens::log_density. Launcher: engine::gpu::calls. Source: "Soft Tokens, Hard Truths", arXiv 2509.19170, §3.

struct Params {
    actions: u32, // N
    dim: u32,     // D
    width: u32,   // W
    scores: u32,  // S
    vector: u32,  // the kind of an action that is a vector
    scale: f32,   // 1 / (2 σ²)
}

@group(0) @binding(0) var<storage, read>       fed: array<f32>;     // in     (N, D), 0 where the action is no vector
@group(0) @binding(1) var<storage, read>       actions: array<u32>; // in     (N, 2 + W): kind, how many ids, the ids
@group(0) @binding(2) var<storage, read_write> delta: array<f32>;   // in/out (N, D), the mean embedding first
@group(0) @binding(3) var<storage, read_write> scores: array<f32>;  // in/out (N, S + 1), nats
@group(0) @binding(4) var<uniform>             params: Params;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let n = id.x;
    if n >= params.actions {
        return;
    }
    var squares = 0.0;
    for (var d = 0u; d < params.dim; d += 1u) {
        let at = n * params.dim + d;
        let distance = fed[at] - delta[at];
        delta[at] = distance;
        squares = fma(distance, distance, squares);
    }
    if actions[n * (2u + params.width)] == params.vector {
        scores[n * (params.scores + 1u)] = -squares * params.scale;
    }
}
