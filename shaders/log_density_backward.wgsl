// d_logits[n] = Σ slope · ∂ score of action n / ∂ logits. Of each token drawn (1[j = token] - p_j) / T. Of a soft step, at its
// candidates only, what soft_gradient says, / T. Of the entropy H -p_j (ln p_j + H) / T. What vectors give is added by
// vector_density_backward.wgsl. Letters: N actions, V vocabulary, W ids of an action, S log densities, T temperature.
// In front: shared/soft_density.wgsl and shared/soft_gradient.wgsl.
// One workgroup: 32 actions, a thread each, no barrier.
// Mirrors math::softmax::log_prob_backward, math::gumbel::log_density_backward and math::noises. Launcher: engine::gpu::calls.
// Source: SofT-GRPO torch_functional.py::logprobs_from_logits_topk_gumbel; paper equations 11 and 12.

@group(0) @binding(0) var<storage, read>       logits: array<f32>;    // in  (N, V)
@group(0) @binding(1) var<storage, read>       actions: array<u32>;   // in  (N, 2 + W): kind, how many ids, the ids
@group(0) @binding(2) var<storage, read>       perturbed: array<f32>; // in  (N, W)
@group(0) @binding(3) var<storage, read>       slopes: array<f32>;    // in  (N, S + 1): ∂ loss / ∂ each log density, then the entropy
@group(0) @binding(4) var<storage, read_write> d_logits: array<f32>;  // out (N, stride)
@group(0) @binding(5) var<uniform>             params: Params;

// What reaches every logit: -p_j (by_density + by_entropy (ln p_j + H)); slopes are divided by the temperature.
fn fill(n: u32, by_density: f32, by_entropy: f32) {
    let base = n * params.vocabulary;
    var top = logits[base];
    for (var j = 1u; j < params.vocabulary; j += 1u) {
        top = max(top, logits[base + j]);
    }
    var sums = vec2<f32>();
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        let below = (logits[base + j] - top) / params.temperature;
        sums += vec2<f32>(1.0, below) * exp(below);
    }
    let mean = sums.y / sums.x; // ln p_j + H is how far a logit lies above it
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        let below = (logits[base + j] - top) / params.temperature;
        d_logits[n * params.stride + j] = -exp(below) / sums.x * (by_density + by_entropy * (below - mean));
    }
}

fn add_soft(n: u32, slope: f32) {
    let soft = soft_pull(n, slope);
    for (var k = 0u; k < count(n); k += 1u) {
        if present(n, k) {
            d_logits[n * params.stride + id_of(n, k)] += soft_gradient(n, k, soft);
        }
    }
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let n = id.x;
    if n >= params.actions {
        return;
    }
    let at = n * (params.scores + 1u);
    let by_entropy = slopes[at + params.scores] / params.temperature;
    let tokens = select(count(n), 0u, kind(n) == SOFT || kind(n) == VECTOR);
    var by_density = 0.0;
    for (var k = 0u; k < tokens; k += 1u) {
        by_density += slopes[at + k] / params.temperature;
    }
    for (var j = 0u; j < params.stride; j += 1u) {
        d_logits[n * params.stride + j] = 0.0;
    }
    if tokens > 0u || by_entropy != 0.0 {
        fill(n, by_density, by_entropy);
    }
    for (var k = 0u; k < tokens; k += 1u) {
        d_logits[n * params.stride + id_of(n, k)] += slopes[at + k] / params.temperature;
    }
    if kind(n) == SOFT {
        add_soft(n, slopes[at] / params.temperature);
    }
}
