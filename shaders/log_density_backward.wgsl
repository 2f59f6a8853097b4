// d_logits[n] = slope[n] · ∂ log density of action n / ∂ logits: of a token (1[j = token] - p_j) / temperature; of a soft step, at its
// candidates only, (1/M) Σ_i c_i (1 - exp(-g_i)) q_i / (q_i + epsilon) (1[i = j] - q_j) / temperature, c_i = 0 for masked or clamped i.
// Letters: N actions, V vocabulary, S ≥ V row stride of d_logits, K candidates. One workgroup: 32 actions, a thread each, no barrier.
// Mirrors math::softmax::log_prob's gradient and math::gumbel::log_density_backward. Launcher: engine::gpu::calls.
// Source: SofT-GRPO torch_functional.py::logprobs_from_logits_topk_gumbel; paper equations 11 and 12.

struct Params {
    actions: u32,      // N
    vocabulary: u32,   // V
    stride: u32,       // S; what lies beyond V is filled with 0
    candidates: u32,   // K
    temperature: f32,
    clamp_noise: u32,  // 1: clamp the reconstructed noise
    noise_min: f32,    // math::gumbel::NOISE_MIN
    noise_max: f32,    // math::gumbel::NOISE_MAX
    clamp_margin: f32, // math::gumbel::CLAMP_MARGIN: noise this near a bound counts as clamped
    mask: f32,         // a candidate counts if its log probability is greater; -1e30 counts all
    mean: u32,         // 1: the mean over the counted candidates, 0: their sum
    log_epsilon: f32,  // math::gumbel::LOG_EPSILON
}

@group(0) @binding(0) var<storage, read>       logits: array<f32>;    // in  (N, V)
@group(0) @binding(1) var<storage, read>       actions: array<u32>;   // in  (N, 1 + K): 0 and a token, or 1 and K candidates
@group(0) @binding(2) var<storage, read>       perturbed: array<f32>; // in  (N, K)
@group(0) @binding(3) var<storage, read>       slopes: array<f32>;    // in  (N): ∂ loss / ∂ log density
@group(0) @binding(4) var<storage, read_write> d_logits: array<f32>;  // out (N, S)
@group(0) @binding(5) var<uniform>             params: Params;

// Logit of candidate k of action n, divided by the temperature.
fn candidate(n: u32, k: u32) -> f32 {
    let id = actions[n * (1u + params.candidates) + 1u + k];
    return logits[n * params.vocabulary + id] / params.temperature;
}

fn token(n: u32, slope: f32) {
    let base = n * params.vocabulary;
    var top = logits[base];
    for (var j = 1u; j < params.vocabulary; j += 1u) {
        top = max(top, logits[base + j]);
    }
    var total = 0.0;
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        let share = exp((logits[base + j] - top) / params.temperature);
        d_logits[n * params.stride + j] = share;
        total += share;
    }
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        d_logits[n * params.stride + j] *= -slope / total;
    }
    d_logits[n * params.stride + actions[n * (1u + params.candidates) + 1u]] += slope;
}

fn soft(n: u32, slope: f32) {
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        d_logits[n * params.stride + j] = 0.0;
    }
    var top = candidate(n, 0u);
    for (var k = 1u; k < params.candidates; k += 1u) {
        top = max(top, candidate(n, k));
    }
    var total = 0.0;
    for (var k = 0u; k < params.candidates; k += 1u) {
        total += exp(candidate(n, k) - top);
    }
    var counted = 0.0;
    var pull = 0.0; // Σ of what each counted candidate asks for itself
    for (var k = 0u; k < params.candidates; k += 1u) {
        let share = exp(candidate(n, k) - top) / total;
        let log_prob = log(share + params.log_epsilon);
        if log_prob > params.mask {
            counted += 1.0;
            let own = wish(n, k, share, log_prob);
            pull += own;
            d_logits[n * params.stride + actions[n * (1u + params.candidates) + 1u + k]] = own;
        }
    }
    let factor = slope / select(1.0, max(counted, 1.0), params.mean == 1u);
    for (var k = 0u; k < params.candidates; k += 1u) {
        let share = exp(candidate(n, k) - top) / total;
        let at = n * params.stride + actions[n * (1u + params.candidates) + 1u + k];
        d_logits[at] = factor * (d_logits[at] - pull * share);
    }
}

// (1 - exp(-g)) q / (q + epsilon) where the noise g may move.
fn wish(n: u32, k: u32, share: f32, log_prob: f32) -> f32 {
    let noise = perturbed[n * params.candidates + k] - log_prob;
    let moves = params.clamp_noise == 0u
        || (noise > params.noise_min + params.clamp_margin && noise < params.noise_max - params.clamp_margin);
    return select(0.0, (1.0 - exp(-noise)) * share / (share + params.log_epsilon), moves);
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let n = id.x;
    if n >= params.actions {
        return;
    }
    let slope = slopes[n] / params.temperature;
    if actions[n * (1u + params.candidates)] == 1u {
        soft(n, slope);
    } else {
        token(n, slope);
    }
    for (var j = params.vocabulary; j < params.stride; j += 1u) {
        d_logits[n * params.stride + j] = 0.0;
    }
}
