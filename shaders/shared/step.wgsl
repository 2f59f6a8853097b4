// What the variants of soft_step.wgsl share: what a blend stores of a candidate, and the end of a step, where weights, stop rules,
// record and state are made of the candidates in their order. In front: threefry.wgsl, noises.wgsl and step_params.wgsl. The kernel in
// whose front this stands binds the buffers of step_buffers.wgsl and declares `chosen`, `stored` and `log_probs` (64 each), the
// candidates of its row. Mirrors decode's Row::next, soft_step, draws_step, vector_step and Stopping.

// The log of a candidate's probability mass / total, as blends take it; `scaled` is the logarithm of its mass.
fn log_probability(scaled: f32, total: f32, kept: bool) -> f32 {
    if params.log_epsilon > 0.0 {
        return log(select(0.0, exp(scaled) / total, kept) + params.log_epsilon);
    }
    return select(params.absent, scaled - log(total), kept);
}

// What a blend stores of a candidate: its perturbed log probability, or a sample of a control noise.
fn stored_value(row: u32, step: u32, id: u32, scaled: f32, total: f32, kept: bool) -> f32 {
    let key = row_keys[row];
    if params.noise == 0u {
        let noise = clamp(gumbel_noise(key, step, id), params.noise_min, params.noise_max);
        return log_probability(scaled, total, kept) + params.noise_scale * noise;
    }
    let prob = select(0.0, exp(scaled) / total, kept);
    var draws = stream_of(key, step, id);
    if params.noise == 1u {
        return gamma_sample(params.concentration * prob, draws, params.sample_min);
    }
    return prob + params.deviation * normal(&draws);
}

// The key of draw k of a row.
fn draw_key(row: u32, k: u32) -> vec2<u32> {
    if k == 0u {
        return row_keys[row];
    }
    return derive(row_keys[row], k);
}

// What an entry of a blend weighs, before all are divided by their sum.
fn raw_weight(i: u32) -> f32 {
    if params.thinking == DRAWS {
        return select(1.0, exp(log_probs[i]), params.weighted == 1u);
    }
    if params.noise == 0u {
        return exp((stored[i] - stored[0]) / params.gumbel_temperature);
    }
    return stored[i];
}

// What a step found beside its candidates.
struct Found {
    count: u32,     // candidates, in the order of the record
    changed: bool,  // whether noise made another candidate win than the likeliest
    sums: vec4<f32>, // of entropy_parts
    average: f32,   // vectors: entropy of all weights
}

// A token of those that are fed where a rule ends a thought.
fn ending_token(i: u32) -> u32 {
    return row_keys[params.rows + i / 2u][i % 2u];
}

// A row that has finished takes tokens, so that its last vector is not made again.
fn rest(row: u32) {
    blend_shares[row * params.blend_width] = 1.0;
}

// Writes the next input, the record and the state of a row; thread `thread` of `threads`.
fn finish(row: u32, earlier: vec4<u32>, found: Found, thread: u32, threads: u32) {
    let step = earlier.y;
    let answering = earlier.z & ANSWERING;
    let thinking = way_of(answering).thinking;
    let sums = found.sums;
    let certain = select(0u, earlier.w + 1u, log(sums.z) - sums.w / sums.z < params.cold_entropy);
    let cold = params.cold_steps > 0u && certain >= params.cold_steps;
    let late = params.max_thought > 0u && step + 1u >= params.max_thought;
    let ended = earlier.z >> ENDED;
    let feeding = ended > 0u && ended < params.fed;
    let ends = answering == 0u && ended == 0u && (cold || late) && chosen[0] != params.end_think;
    let forced = feeding || ends;
    var token = select(chosen[0], params.end_think, ends);
    if forced && params.fed > 0u {
        token = ending_token(ended);
    }
    let soft = !forced && thinking != TOKENS && token != params.end_think;
    let blended = soft && thinking != VECTOR;
    let at = (step % params.slots * params.rows + row) * params.record_width;
    for (var i = thread; i < found.count; i += threads) {
        record[at + 5u + 3u * i] = chosen[i];
        record[at + 6u + 3u * i] = bitcast<u32>(stored[i]);
        record[at + 7u + 3u * i] = bitcast<u32>(log_probs[i]);
    }
    var total = 1.0;
    if blended {
        total = 0.0;
        for (var i = 0u; i < found.count; i += 1u) {
            total += raw_weight(i);
        }
    }
    for (var i = thread; i < params.blend_width; i += threads) {
        var share = select(0.0, 1.0, i == 0u && !soft);
        if blended {
            share = raw_weight(i) / total;
        }
        blend_ids[row * params.blend_width + i] = select(token, chosen[i], blended);
        blend_shares[row * params.blend_width + i] = share;
    }
    if thread == 0u {
        let flags = answering | select(0u, SOFT, soft) | select(0u, WINNER_CHANGED, found.changed) | select(0u, FORCED, forced);
        let finished = select(0u, FINISHED, token == params.end_answer);
        record[at] = step + 1u;
        record[at + 1u] = token;
        record[at + 2u] = flags | finished | (found.count << 8u);
        record[at + 3u] = bitcast<u32>(log(sums.x) - sums.y / sums.x);
        record[at + 4u] = bitcast<u32>(found.average);
        let now = ended + select(0u, 1u, forced && params.fed > 0u);
        let after = answering | select(0u, ANSWERING, token == params.end_think) | finished | (now << ENDED);
        state[row] = vec4<u32>(earlier.x, step + 1u, after, certain);
    }
}
