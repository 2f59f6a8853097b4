// scores[n] = the log densities of action n, then the entropy of its row; the same outputs as log_density.wgsl, where they are
// explained. Letters: N actions, V vocabulary, W ids of an action, S log densities. In front: shared/soft_density.wgsl.
// One workgroup: 16 actions, a thread each; for software adapters.
// Mirrors math::softmax::log_prob, math::softmax::entropy, math::gumbel::log_density and math::noises. Launcher: engine::gpu::calls.
// Source: SofT-GRPO torch_functional.py::logprobs_from_logits_topk_gumbel; paper equations 11 and 12.

@group(0) @binding(0) var<storage, read>       logits: array<f32>;    // in  (N, V)
@group(0) @binding(1) var<storage, read>       actions: array<u32>;   // in  (N, 2 + W): kind, how many ids, the ids
@group(0) @binding(2) var<storage, read>       perturbed: array<f32>; // in  (N, W)
@group(0) @binding(3) var<storage, read_write> scores: array<f32>;    // out (N, S + 1), nats
@group(0) @binding(4) var<uniform>             params: Params;

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let n = id.x;
    if n >= params.actions {
        return;
    }
    let base = n * params.vocabulary;
    var top = logits[base];
    for (var i = 1u; i < params.vocabulary; i += 1u) {
        top = max(top, logits[base + i]);
    }
    var sums = vec2<f32>();
    for (var i = 0u; i < params.vocabulary; i += 1u) {
        let below = (logits[base + i] - top) / params.temperature;
        sums += vec2<f32>(1.0, below) * exp(below);
    }
    let at = n * (params.scores + 1u);
    scores[at + params.scores] = log(sums.x) - sums.y / sums.x;
    if kind(n) == SOFT {
        scores[at] = soft_density(n);
    } else if kind(n) != VECTOR {
        for (var k = 0u; k < count(n); k += 1u) {
            scores[at + k] = candidate(n, k) - top / params.temperature - log(sums.x);
        }
    }
}
