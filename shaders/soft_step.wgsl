// One step of every row, from logits to the next input: truncate, draw noise, perturb, mix, project, stop, record.
// Letters: B rows, V vocabulary (at most 1024), K entries of a blend (at most 64), S steps of a chunk.
// One workgroup of 64 threads: one row. A row that thinks softly takes a blend, any other a token by Gumbel-max; a finished one rests.
// In front: shared/threefry.wgsl. Mirrors math::truncation::truncate and math::gumbel, as decode's soft_step, draw and Row::next
// call them. Launcher: engine::gpu::calls. Source: SofT-GRPO §3 and its sampler.py.

struct Params {
    rows: u32,               // B
    vocabulary: u32,         // V
    candidates: u32,         // K of soft thinking; 1 when the policy is discrete
    shown: u32,              // candidates recorded of a discrete step
    soft: u32,               // 1: thoughts are blends
    pool: u32,               // top-k, V when it keeps all
    temperature: f32,
    top_p: f32,
    min_p: f32,
    gumbel_temperature: f32,
    noise_scale: f32,
    discrete_noise: f32,     // 1, or 0 for the most likely token
    log_epsilon: f32,        // math::gumbel::LOG_EPSILON
    noise_min: f32,          // math::gumbel::NOISE_MIN
    noise_max: f32,          // math::gumbel::NOISE_MAX
    end_think: u32,          // token id
    end_answer: u32,         // token id
    max_steps: u32,
    slots: u32,              // S
    blend_width: u32,        // entries of a blend
    record_width: u32,       // entries of a record: 4 + 2·record candidates
}

@group(0) @binding(0) var<storage, read>       logits: array<f32>;       // in     (B, V)
@group(0) @binding(1) var<storage, read>       row_keys: array<vec2<u32>>; // in   (B), Threefry keys
@group(0) @binding(2) var<storage, read_write> state: array<vec4<u32>>;  // in/out (B): prompt length, steps done, flags, 0
@group(0) @binding(3) var<storage, read_write> blend_ids: array<u32>;    // out    (B, blend_width)
@group(0) @binding(4) var<storage, read_write> blend_shares: array<f32>; // out    (B, blend_width)
@group(0) @binding(5) var<storage, read_write> record: array<u32>;       // out    (S, B, record_width), see engine::gpu::chain
@group(0) @binding(6) var<uniform>             params: Params;

const THREADS: u32 = 64u;
const ANSWERING: u32 = 1u;
const FINISHED: u32 = 2u;
const SOFT: u32 = 4u;
const WINNER_CHANGED: u32 = 8u;
const CUT: f32 = -1e30; // below any score of a token that may be drawn

var<workgroup> scores: array<f32, 1024>; // logits, then ln q + noise of the tokens that may be drawn
var<workgroup> masses: array<f32, 1024>; // exp((z - top) / temperature)
var<workgroup> ranks: array<u32, 1024>;  // place by descending logit, ties by the lower id
var<workgroup> partial: array<vec2<f32>, 64>;
var<workgroup> chosen: array<u32, 64>;       // soft: candidate of each rank
var<workgroup> chosen_mass: array<f32, 64>;  // soft: its mass, 0 when cut
var<workgroup> perturbed: array<f32, 64>;    // soft: its perturbed log probability

// Token of the largest score, the last of equals as decode's draw.
fn best_token(v: u32) -> u32 {
    var best = 0u;
    for (var j = 1u; j < v; j += 1u) {
        if scores[j] >= scores[best] {
            best = j;
        }
    }
    return best;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let row = group.x;
    let earlier = state[row];
    let step = earlier.y;
    let alive = (earlier.z & FINISHED) == 0u && step < params.max_steps;
    let v = select(0u, params.vocabulary, alive); // a finished row only passes the barriers
    let soft = params.soft == 1u && (earlier.z & ANSWERING) == 0u;
    for (var i = thread; i < v; i += THREADS) {
        scores[i] = logits[row * v + i];
    }
    workgroupBarrier();

    // Masses, and the entropy of the untruncated distribution at temperature 1.
    var top = scores[0];
    for (var j = 1u; j < v; j += 1u) {
        top = max(top, scores[j]);
    }
    var part = vec2<f32>();
    for (var i = thread; i < v; i += THREADS) {
        let below = scores[i] - top;
        masses[i] = exp(below / params.temperature);
        part += vec2<f32>(1.0, below) * exp(below);
    }
    partial[thread] = part;
    workgroupBarrier();

    // Rank of each own token and the mass before it: the order of a sort without one.
    var head: array<f32, 16>; // mass before own token
    for (var i = thread; i < v; i += THREADS) {
        var rank = 0u;
        var mass = 0.0;
        for (var j = 0u; j < v; j += 1u) {
            if scores[j] > scores[i] || (scores[j] == scores[i] && j < i) {
                rank += 1u;
                mass += masses[j];
            }
        }
        ranks[i] = rank;
        head[i / THREADS] = mass;
    }
    workgroupBarrier();
    var pool_mass = 0.0;
    for (var j = 0u; j < v; j += 1u) {
        pool_mass += select(0.0, masses[j], ranks[j] < params.pool);
    }

    // What may be drawn: candidates of a soft step, scores of a discrete one.
    var kept_mass = 0.0;
    for (var i = thread; i < v; i += THREADS) {
        let nucleus = params.top_p >= 1.0 || head[i / THREADS] <= params.top_p * pool_mass;
        let kept = ranks[i] < params.pool && nucleus && masses[i] >= params.min_p;
        if ranks[i] < params.candidates {
            chosen[ranks[i]] = i;
            chosen_mass[ranks[i]] = select(0.0, masses[i], kept);
        }
        var noise = 0.0;
        if kept && !soft {
            noise = params.discrete_noise * gumbel_noise(row_keys[row], step, i);
        }
        scores[i] = select(CUT, (scores[i] - top) / params.temperature + noise, kept);
        kept_mass += select(0.0, masses[i], kept);
    }
    workgroupBarrier();
    var sums = vec2<f32>();
    for (var t = 0u; t < THREADS; t += 1u) {
        sums += partial[t];
    }
    let entropy = log(sums.x) - sums.y / sums.x;
    workgroupBarrier();
    partial[thread] = vec2<f32>(kept_mass, 0.0);

    // Soft: perturbed log probabilities of the candidates.
    let k = params.candidates;
    if thread < k {
        var total = 0.0;
        for (var j = 0u; j < k; j += 1u) {
            total += chosen_mass[j];
        }
        let noise = clamp(gumbel_noise(row_keys[row], step, chosen[thread]), params.noise_min, params.noise_max);
        perturbed[thread] = log(chosen_mass[thread] / total + params.log_epsilon) + params.noise_scale * noise;
    }
    workgroupBarrier();
    kept_mass = 0.0;
    for (var t = 0u; t < THREADS; t += 1u) {
        kept_mass += partial[t].x;
    }

    // The projection: the first of a soft step's order, or the drawn token.
    var first = 0u;
    for (var j = 1u; j < k; j += 1u) {
        first = select(first, j, perturbed[j] > perturbed[first]);
    }
    let drawn = best_token(v);
    let token = select(drawn, chosen[first], soft);
    let changed = select(ranks[drawn], first, soft) != 0u;
    let blended = soft && token != params.end_think;

    let at = ((step % params.slots) * params.rows + row) * params.record_width;
    let blend = row * params.blend_width;
    var shown = 0u; // candidates recorded
    if soft {
        shown = k;
        if alive && thread < k {
            var place = 0u;
            var total = 0.0;
            for (var j = 0u; j < k; j += 1u) {
                let ahead = perturbed[j] > perturbed[thread] || (perturbed[j] == perturbed[thread] && j < thread);
                place += select(0u, 1u, ahead);
                total += exp((perturbed[j] - perturbed[first]) / params.gumbel_temperature);
            }
            record[at + 4u + 2u * place] = chosen[thread];
            record[at + 5u + 2u * place] = bitcast<u32>(perturbed[thread]);
            let share = exp((perturbed[thread] - perturbed[first]) / params.gumbel_temperature) / total;
            blend_ids[blend + place] = chosen[thread];
            blend_shares[blend + place] = select(select(0.0, 1.0, place == 0u), share, blended);
        }
    } else {
        for (var j = 0u; j < v; j += 1u) {
            shown += select(0u, 1u, scores[j] > CUT);
        }
        shown = min(shown, params.shown);
        if alive {
            for (var i = thread; i < v; i += THREADS) {
                let ahead = ranks[i] < ranks[drawn];
                let place = select(select(ranks[i], ranks[i] + 1u, ahead), 0u, i == drawn);
                if scores[i] > CUT && place < shown {
                    record[at + 4u + 2u * place] = i;
                    record[at + 5u + 2u * place] = bitcast<u32>(scores[i] - log(kept_mass));
                }
            }
            if thread < params.blend_width {
                blend_ids[blend + thread] = drawn;
                blend_shares[blend + thread] = select(0.0, 1.0, thread == 0u);
            }
        }
    }
    if alive && thread == 0u {
        var after = earlier.z & ANSWERING;
        let flags = after | select(0u, SOFT, blended) | select(0u, WINNER_CHANGED, changed);
        after |= select(0u, ANSWERING, token == params.end_think);
        let finished = select(0u, FINISHED, token == params.end_answer);
        record[at] = step + 1u;
        record[at + 1u] = token;
        record[at + 2u] = flags | finished | (shown << 8u);
        record[at + 3u] = bitcast<u32>(entropy);
        state[row] = vec4<u32>(earlier.x, step + 1u, after | finished, 0u);
    }
}
