// scores[n] = (log density of action n, entropy of its row): ln softmax(z)[token], or of a soft step Σ or mean over its counted
// candidates of -g - exp(-g) with g = perturbed - ln(q + epsilon), q the softmax over the candidates; z = logits / temperature.
// Letters: N actions, V vocabulary, K candidates. One workgroup: 16 actions, a thread each; for software adapters.
// Mirrors math::softmax::log_prob, math::softmax::entropy and math::gumbel::log_density. Launcher: engine::gpu::calls.
// Source: SofT-GRPO torch_functional.py::logprobs_from_logits_topk_gumbel; paper equations 11 and 12.

struct Params {
    actions: u32,      // N
    vocabulary: u32,   // V
    candidates: u32,   // K
    temperature: f32,
    clamp_noise: u32,  // 1: clamp the reconstructed noise
    noise_min: f32,    // math::gumbel::NOISE_MIN
    noise_max: f32,    // math::gumbel::NOISE_MAX
    mask: f32,         // a candidate counts if its log probability is greater; -1e30 counts all
    mean: u32,         // 1: the mean over the counted candidates, 0: their sum
    log_epsilon: f32,  // math::gumbel::LOG_EPSILON
}

@group(0) @binding(0) var<storage, read>       logits: array<f32>;      // in  (N, V)
@group(0) @binding(1) var<storage, read>       actions: array<u32>;     // in  (N, 1 + K): 0 and a token, or 1 and K candidates
@group(0) @binding(2) var<storage, read>       perturbed: array<f32>;   // in  (N, K)
@group(0) @binding(3) var<storage, read_write> scores: array<vec2<f32>>; // out (N), nats
@group(0) @binding(4) var<uniform>             params: Params;

// Logit of a candidate of action n, divided by the temperature.
fn candidate(n: u32, k: u32) -> f32 {
    let id = actions[n * (1u + params.candidates) + 1u + k];
    return logits[n * params.vocabulary + id] / params.temperature;
}

fn soft_density(n: u32) -> f32 {
    var top = candidate(n, 0u);
    for (var k = 1u; k < params.candidates; k += 1u) {
        top = max(top, candidate(n, k));
    }
    var total = 0.0;
    for (var k = 0u; k < params.candidates; k += 1u) {
        total += exp(candidate(n, k) - top);
    }
    var sum = 0.0;
    var counted = 0.0;
    for (var k = 0u; k < params.candidates; k += 1u) {
        let log_prob = log(exp(candidate(n, k) - top) / total + params.log_epsilon);
        var noise = perturbed[n * params.candidates + k] - log_prob;
        if params.clamp_noise == 1u {
            noise = clamp(noise, params.noise_min, params.noise_max);
        }
        if log_prob > params.mask {
            sum += -noise - exp(-noise);
            counted += 1.0;
        }
    }
    return select(sum, sum / max(counted, 1.0), params.mean == 1u);
}

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
    let entropy = log(sums.x) - sums.y / sums.x;
    var density = candidate(n, 0u) - top / params.temperature - log(sums.x);
    if actions[n * (1u + params.candidates)] == 1u {
        density = soft_density(n);
    }
    scores[n] = vec2<f32>(density, entropy);
}
