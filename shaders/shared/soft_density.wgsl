// The log density of a soft step, by one thread. The kernel in whose front this stands binds logits, actions, perturbed and `params`.
// Mirrors math::gumbel::log_density.

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
