// One step of every row, from logits to the next input: truncate, draw noise, perturb, mix, project, stop, record.
// Letters: B rows, V vocabulary (at most 1024), K entries of a blend (at most 64), S steps of a chunk.
// One workgroup of 64 threads: one row. A row that thinks takes what its way to think makes, any other a token by Gumbel-max; a
// finished one rests. In front: shared/threefry.wgsl, shared/noises.wgsl and shared/step*.wgsl, where bindings and the end of a step
// are. Mirrors math::truncation::truncate, math::gumbel and math::noises, as decode's soft_step, draws_step, vector_step, draw and
// Row::next call them. Launcher: engine::gpu::calls. Source: SofT-GRPO §3 and its sampler.py.

const THREADS: u32 = 64u;
const CUT: f32 = -1e30; // below any score of a token that may be drawn

var<workgroup> scores: array<f32, 1024>; // logits, then the logarithm of each mass, CUT where it may not be drawn
var<workgroup> masses: array<f32, 1024>; // exp((z - top) / temperature), then what is stored
var<workgroup> ranks: array<u32, 1024>;  // place by descending logit, ties by the lower id
var<workgroup> partial: array<vec4<f32>, 64>;
var<workgroup> kept_parts: array<f32, 64>;
var<workgroup> by_rank: array<u32, 64>;   // the likeliest K
var<workgroup> chosen: array<u32, 64>;    // candidates in the order of the record
var<workgroup> stored: array<f32, 64>;    // their perturbed values
var<workgroup> log_probs: array<f32, 64>; // their log probabilities

// Token of the largest value, the last of equals as decode's draw.
fn best_token(v: u32) -> u32 {
    var best = 0u;
    for (var j = 1u; j < v; j += 1u) {
        if masses[j] >= masses[best] {
            best = j;
        }
    }
    return best;
}

// Draw k of a row: the same by one thread, without keeping values.
fn draw(row: u32, step: u32, k: u32, v: u32) -> u32 {
    let key = draw_key(row, k);
    var best = 0u;
    var most = CUT;
    for (var j = 0u; j < v; j += 1u) {
        if scores[j] > CUT {
            let value = scores[j] + gumbel_noise(key, step, j);
            best = select(best, j, value >= most);
            most = max(most, value);
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
    let way = way_of(earlier.z);
    let blend = way.thinking == BLEND;
    let whole = blend && params.before_cut == 1u; // noise for every token
    let k = params.candidates;
    for (var i = thread; i < v; i += THREADS) {
        scores[i] = logits[row * v + i];
    }
    workgroupBarrier();

    // Masses, and the entropies of the untruncated distribution.
    var top = scores[0];
    for (var j = 1u; j < v; j += 1u) {
        top = max(top, scores[j]);
    }
    var part = vec4<f32>();
    for (var i = thread; i < v; i += THREADS) {
        masses[i] = exp((scores[i] - top) / way.temperature);
        part += entropy_parts(scores[i] - top);
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
        pool_mass += select(0.0, masses[j], ranks[j] < way.pool);
    }

    // What may be drawn.
    var kept_part = 0.0;
    for (var i = thread; i < v; i += THREADS) {
        let nucleus = way.top_p >= 1.0 || head[i / THREADS] <= way.top_p * pool_mass;
        let kept = ranks[i] < way.pool && nucleus && masses[i] >= way.min_p;
        if ranks[i] < k {
            by_rank[ranks[i]] = i;
        }
        scores[i] = select(CUT, (scores[i] - top) / way.temperature, kept);
        kept_part += select(0.0, masses[i], kept);
    }
    kept_parts[thread] = kept_part;
    workgroupBarrier();
    var sums = vec4<f32>();
    var kept_mass = 0.0;
    for (var t = 0u; t < THREADS; t += 1u) {
        sums += partial[t];
        kept_mass += kept_parts[t];
    }

    // Noise: for the likeliest K of a blend, or for every token.
    let n = select(0u, select(k, v, whole), blend && alive); // candidates of a blend
    var total = select(0.0, kept_mass, whole);
    if n > 0u && !whole {
        for (var j = 0u; j < k; j += 1u) {
            total += exp(scores[by_rank[j]]); // 0 of what is cut
        }
    }
    for (var i = thread; i < n; i += THREADS) {
        let id = select(by_rank[min(i, 63u)], i, whole);
        masses[i] = stored_value(row, step, id, scores[id], total, scores[id] > CUT);
    }
    if way.thinking == TOKENS {
        for (var i = thread; i < v; i += THREADS) {
            masses[i] = CUT;
            if scores[i] > CUT {
                masses[i] = scores[i] + way.noise * gumbel_noise(row_keys[row], step, i);
            }
        }
    }
    if way.thinking == DRAWS && thread < k && alive {
        let id = draw(row, step, thread, v);
        chosen[thread] = id;
        log_probs[thread] = scores[id] - log(kept_mass);
        stored[thread] = log_probs[thread];
    }
    workgroupBarrier();

    // The candidates in their order.
    var count = k;
    var average = 0.0;
    for (var i = thread; i < n; i += THREADS) {
        let id = select(by_rank[min(i, 63u)], i, whole);
        var place = 0u;
        for (var j = 0u; j < n; j += 1u) {
            let likelier = select(j < i, ranks[j] < ranks[i], whole);
            place += select(0u, 1u, masses[j] > masses[i] || (masses[j] == masses[i] && likelier));
        }
        if place < k {
            chosen[place] = id;
            stored[place] = masses[i];
            log_probs[place] = log_probability(scores[id], total, scores[id] > CUT);
        }
    }
    if way.thinking == VECTOR {
        for (var j = 0u; j < v; j += 1u) {
            average += scores[j] * masses[j];
        }
        average = log(kept_mass) - average / kept_mass;
    }
    if way.thinking == TOKENS || way.thinking == VECTOR {
        let drawn = best_token(v);
        count = 0u;
        for (var j = 0u; j < v; j += 1u) {
            count += select(0u, 1u, scores[j] > CUT);
        }
        count = min(count, params.shown);
        for (var i = thread; i < v; i += THREADS) {
            let ahead = select(0u, 1u, ranks[i] < ranks[drawn]);
            let behind_drawn = select(ranks[i] + ahead, 0u, i == drawn);
            let place = select(behind_drawn, ranks[i], way.thinking == VECTOR);
            if scores[i] > CUT && place < count {
                chosen[place] = i;
                stored[place] = masses[i] - log(kept_mass);
                log_probs[place] = scores[i] - log(kept_mass);
            }
        }
    }
    workgroupBarrier();
    if alive {
        let changed = way.thinking != VECTOR && ranks[chosen[0]] != 0u;
        finish(row, earlier, Found(count, changed, sums, average), thread, THREADS);
    } else if thread == 0u {
        rest(row);
    }
}
