// d_logits[n] = Σ slope · ∂ score of action n / ∂ logits; the same output as log_density_backward.wgsl, where it is explained, over
// large vocabularies. Letters: N actions, V vocabulary (256 or more), W ids of an action, S log densities.
// One workgroup of 256 threads: one action; each thread writes the logits j ≡ thread (mod 256), and adds what tokens and candidates
// among them get. In front: shared/soft_density.wgsl, shared/soft_gradient.wgsl and shared/wide_softmax.wgsl.
// Mirrors math::softmax::log_prob_backward, math::gumbel::log_density_backward and math::noises. Launcher: engine::gpu::calls.
// Source: SofT-GRPO torch_functional.py::logprobs_from_logits_topk_gumbel; paper equations 11 and 12.

@group(0) @binding(0) var<storage, read>       logits: array<f32>;    // in  (N, V)
@group(0) @binding(1) var<storage, read>       actions: array<u32>;   // in  (N, 2 + W): kind, how many ids, the ids
@group(0) @binding(2) var<storage, read>       perturbed: array<f32>; // in  (N, W)
@group(0) @binding(3) var<storage, read>       slopes: array<f32>;    // in  (N, S + 1): ∂ loss / ∂ each log density, then the entropy
@group(0) @binding(4) var<storage, read_write> d_logits: array<f32>;  // out (N, stride)
@group(0) @binding(5) var<uniform>             params: Params;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let n = group.x;
    let all = softmax_of(n, thread);
    let at = n * (params.scores + 1u);
    let by_entropy = slopes[at + params.scores] / params.temperature;
    let tokens = select(count(n), 0u, kind(n) == SOFT || kind(n) == VECTOR);
    var by_density = 0.0;
    for (var k = 0u; k < tokens; k += 1u) {
        by_density += slopes[at + k] / params.temperature;
    }
    // -p_j (by_density + by_entropy (ln p_j + H)): ln p_j + H is how far a logit lies above the mean.
    let mean = all.z / all.y;
    let wanted = tokens > 0u || by_entropy != 0.0;
    let base = n * params.vocabulary;
    let to = n * params.stride;
    for (var j = thread; j < params.stride; j += THREADS) {
        let below = (logits[base + min(j, params.vocabulary - 1u)] - all.x) / params.temperature;
        let value = -exp(below) / all.y * (by_density + by_entropy * (below - mean));
        d_logits[to + j] = select(0.0, value, wanted && j < params.vocabulary);
    }
    for (var k = 0u; k < tokens; k += 1u) {
        let id = id_of(n, k);
        if id % THREADS == thread {
            d_logits[to + id] += slopes[at + k] / params.temperature;
        }
    }
    if kind(n) == SOFT {
        let soft = soft_pull(n, slopes[at] / params.temperature);
        for (var k = 0u; k < count(n); k += 1u) {
            let id = id_of(n, k);
            if id % THREADS == thread && present(n, k) {
                d_logits[to + id] += soft_gradient(n, k, soft);
            }
        }
    }
}
