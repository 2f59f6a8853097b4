// scores[n] = (log density of action n, entropy of its row): ln softmax(z)[token], or of a soft step Σ or mean over its counted
// candidates of -g - exp(-g) with g = perturbed - ln(q + epsilon), q the softmax over the candidates; z = logits / temperature.
// Letters: N actions, V vocabulary, K candidates. In front: shared/soft_density.wgsl. One workgroup of 64 threads: one action.
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

const THREADS: u32 = 64u;

var<workgroup> tops: array<f32, 64>;
var<workgroup> partial: array<vec2<f32>, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let n = group.x;
    let base = n * params.vocabulary;
    var top = logits[base];
    for (var i = thread; i < params.vocabulary; i += THREADS) {
        top = max(top, logits[base + i]);
    }
    tops[thread] = top;
    workgroupBarrier();
    for (var t = 0u; t < THREADS; t += 1u) {
        top = max(top, tops[t]);
    }
    var part = vec2<f32>();
    for (var i = thread; i < params.vocabulary; i += THREADS) {
        let below = (logits[base + i] - top) / params.temperature;
        part += vec2<f32>(1.0, below) * exp(below);
    }
    partial[thread] = part;
    workgroupBarrier();
    if thread == 0u {
        var sums = vec2<f32>();
        for (var t = 0u; t < THREADS; t += 1u) {
            sums += partial[t];
        }
        let entropy = log(sums.x) - sums.y / sums.x;
        var density = candidate(n, 0u) - top / params.temperature - log(sums.x);
        if actions[n * (1u + params.candidates)] == 1u {
            density = soft_density(n);
        }
        scores[n] = vec2<f32>(density, entropy);
    }
}
