// What a soft step's log density hands back to the logits of its candidates: (1/M) Σ_i c_i q_i ∂ term_i / ∂ q_i (1[i = j] - q_j), c_i = 0
// for masked or clamped i (Gumbel: (1 - exp(-g_i)) q_i / (q_i + epsilon)). In front: shared/soft_density.wgsl.
// Mirrors math::gumbel::log_density_backward and math::noises.

struct Soft {
    sum: vec2<f32>, // see soft_sum
    factor: f32,    // the slope, over the counted candidates where their mean is taken
    pull: f32,      // Σ of what each counted candidate asks for itself
}

fn soft_pull(n: u32, slope: f32) -> Soft {
    let sum = soft_sum(n);
    var counted = 0.0;
    var pull = 0.0;
    for (var k = 0u; k < count(n); k += 1u) {
        let part = term(n, k, candidate(n, k) - sum.x - sum.y);
        let takes_part = part.counted && present(n, k);
        counted += select(0.0, 1.0, takes_part);
        pull += select(0.0, part.wish, takes_part);
    }
    return Soft(sum, slope / select(1.0, max(counted, 1.0), params.mean == 1u), pull);
}

// Of candidate k, which is present.
fn soft_gradient(n: u32, k: u32, soft: Soft) -> f32 {
    let log_q = candidate(n, k) - soft.sum.x - soft.sum.y;
    let part = term(n, k, log_q);
    return soft.factor * (select(0.0, part.wish, part.counted) - soft.pull * exp(log_q));
}
