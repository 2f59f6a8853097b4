// scores[n] = the log densities of action n, then the entropy of its row; the same outputs as log_density.wgsl, where they are
// explained, over large vocabularies. Letters: N actions, V vocabulary (256 or more), W ids of an action, S log densities.
// One workgroup of 256 threads: one action. In front: shared/soft_density.wgsl and shared/wide_softmax.wgsl.
// Mirrors math::softmax::log_prob, math::softmax::entropy, math::gumbel::log_density and math::noises. Launcher: engine::gpu::calls.
// Source: SofT-GRPO torch_functional.py::logprobs_from_logits_topk_gumbel; paper equations 11 and 12.

@group(0) @binding(0) var<storage, read>       logits: array<f32>;    // in  (N, V)
@group(0) @binding(1) var<storage, read>       actions: array<u32>;   // in  (N, 2 + W): kind, how many ids, the ids
@group(0) @binding(2) var<storage, read>       perturbed: array<f32>; // in  (N, W)
@group(0) @binding(3) var<storage, read_write> scores: array<f32>;    // out (N, S + 1), nats
@group(0) @binding(4) var<uniform>             params: Params;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let n = group.x;
    let all = softmax_of(n, thread);
    let at = n * (params.scores + 1u);
    if thread == 0u {
        scores[at + params.scores] = log(all.y) - all.z / all.y;
        if kind(n) == SOFT {
            scores[at] = soft_density(n);
        } else if kind(n) != VECTOR {
            for (var k = 0u; k < count(n); k += 1u) {
                scores[at + k] = candidate(n, k) - all.x / params.temperature - log(all.y);
            }
        }
    }
}
