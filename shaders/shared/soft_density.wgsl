// What the kernels of log densities are told, and each candidate's part in the log density of a soft step: its value and its slope.
// The kernel in whose front this stands binds logits (N, V), actions (N, 2 + W) and perturbed (N, W).
// Mirrors math::gumbel::log_density and math::noises::Noise::log_density with their backwards, and math::special.
// Source: SofT-GRPO torch_functional.py::logprobs_from_logits_topk_gumbel; paper equations 11 and 12; DLMF 5.11.1 and 5.11.2.

struct Params {
    actions: u32,      // N
    vocabulary: u32,   // V
    stride: u32,       // elements of a row of d_logits, V or more; what lies beyond V is filled with 0
    width: u32,        // W: ids and perturbed values that an action has room for
    scores: u32,       // S: log densities that an action has room for
    temperature: f32,  // the logits are divided by it
    noise: u32,        // of soft steps: 0 Gumbel, 1 Dirichlet, 2 Gaussian
    clamp_noise: u32,  // Gumbel, 1: clamp the reconstructed noise
    noise_min: f32,    // math::gumbel::NOISE_MIN
    noise_max: f32,    // math::gumbel::NOISE_MAX
    clamp_margin: f32, // math::gumbel::CLAMP_MARGIN: noise this near a bound counts as clamped
    mask: f32,         // Gumbel: a candidate counts if its log probability is greater; -1e30 counts all
    mean: u32,         // 1: the mean over the counted candidates, 0: their sum
    log_epsilon: f32,  // Gumbel: added to probabilities; 0 takes the log-softmax as it is
    absent: f32,       // half of math::gumbel::ABSENT: candidates stored below it take no part
    mask_prob: f32,    // math::noises::MASK_PROB: a candidate of the others counts if its probability is greater
    density_min: f32,  // math::noises::GAMMA_LOG_DENSITY_MIN
    density_max: f32,  // math::noises::GAMMA_LOG_DENSITY_MAX
    deviation: f32,    // math::noises::GAUSSIAN_DEVIATION
    reach: f32,        // math::noises::GAUSSIAN_REACH
}

// Kinds of actions: 0 for tokens drawn independently of each other (none where the choice was not the model's).
const SOFT: u32 = 1u;
const VECTOR: u32 = 2u;

fn kind(n: u32) -> u32 {
    return actions[n * (2u + params.width)];
}

// How many ids action n has.
fn count(n: u32) -> u32 {
    return actions[n * (2u + params.width) + 1u];
}

fn id_of(n: u32, k: u32) -> u32 {
    return actions[n * (2u + params.width) + 2u + k];
}

// Logit of candidate k of action n, divided by the temperature.
fn candidate(n: u32, k: u32) -> f32 {
    return logits[n * params.vocabulary + id_of(n, k)] / params.temperature;
}

// Whether candidate k takes part; what is not a number does, and is seen.
fn present(n: u32, k: u32) -> bool {
    return !(perturbed[n * params.width + k] <= params.absent);
}

// Of the candidates that take part: the largest logit and the logarithm of Σ exp(logit - largest).
fn soft_sum(n: u32) -> vec2<f32> {
    var top = -1e30;
    for (var k = 0u; k < count(n); k += 1u) {
        top = select(top, max(top, candidate(n, k)), present(n, k));
    }
    var total = 0.0;
    for (var k = 0u; k < count(n); k += 1u) {
        total += select(0.0, exp(candidate(n, k) - top), present(n, k));
    }
    return vec2<f32>(top, log(total));
}

// ln Γ(x) and ψ(x): Stirling's series above 4, where its next term is below 1e-8.
fn ln_gamma_and_slope(shape: f32) -> vec2<f32> {
    let product = shape * (shape + 1.0) * (shape + 2.0) * (shape + 3.0);
    let shift = 1.0 / shape + 1.0 / (shape + 1.0) + 1.0 / (shape + 2.0) + 1.0 / (shape + 3.0);
    let x = shape + 4.0;
    let y = 1.0 / (x * x);
    let series = (1.0 / 12.0 - y * (1.0 / 360.0 - y * (1.0 / 1260.0 - y * (1.0 / 1680.0 - y / 1188.0)))) / x;
    let slope = y * (1.0 / 12.0 - y * (1.0 / 120.0 - y * (1.0 / 252.0 - y * (1.0 / 240.0 - y / 132.0))));
    let half_log_tau = 0.9189385332;
    return vec2<f32>((x - 0.5) * log(x) - x + half_log_tau + series - log(product), log(x) - 0.5 / x - slope - shift);
}

struct Term {
    value: f32,    // its log density
    wish: f32,     // probability · ∂ value / ∂ probability
    counted: bool,
}

// What candidate k gives, whose log probability over the candidates is `log_q`.
fn term(n: u32, k: u32, log_q: f32) -> Term {
    let stored = perturbed[n * params.width + k];
    let prob = exp(log_q);
    if params.noise == 0u {
        let exact = params.log_epsilon == 0.0;
        let log_prob = select(log(prob + params.log_epsilon), log_q, exact);
        let noise = stored - log_prob;
        let used = select(noise, clamp(noise, params.noise_min, params.noise_max), params.clamp_noise == 1u);
        let moves = params.clamp_noise == 0u
            || (noise > params.noise_min + params.clamp_margin && noise < params.noise_max - params.clamp_margin);
        let ratio = select(prob / (prob + params.log_epsilon), 1.0, exact);
        return Term(-used - exp(-used), select(0.0, (1.0 - exp(-used)) * ratio, moves), log_prob > params.mask);
    }
    let counted = prob > params.mask_prob;
    if params.noise == 1u {
        let gamma = ln_gamma_and_slope(prob);
        let density = (prob - 1.0) * log(stored) - stored - gamma.x;
        let value = clamp(density, params.density_min, params.density_max);
        return Term(value, select(0.0, prob * (log(stored) - gamma.y), value == density), counted);
    }
    let distance = stored - prob;
    let used = clamp(distance, -params.reach, params.reach);
    let steps = used / params.deviation;
    let value = -0.5 * steps * steps - 0.9189385332 - log(params.deviation);
    let slope = distance / (params.deviation * params.deviation);
    return Term(value, select(0.0, prob * slope, used == distance), counted);
}

fn soft_density(n: u32) -> f32 {
    let sum = soft_sum(n);
    var total = 0.0;
    var counted = 0.0;
    for (var k = 0u; k < count(n); k += 1u) {
        let part = term(n, k, candidate(n, k) - sum.x - sum.y);
        let takes_part = part.counted && present(n, k);
        total += select(0.0, part.value, takes_part);
        counted += select(0.0, 1.0, takes_part);
    }
    return select(total, total / max(counted, 1.0), params.mean == 1u);
}
