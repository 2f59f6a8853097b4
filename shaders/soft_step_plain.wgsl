// One step of every row, from logits to the next input: truncate, draw noise, perturb, mix, project, stop, record.
// Letters: B rows, V vocabulary, K entries of a blend (at most 64), S steps of a chunk.
// One workgroup: 16 rows, a thread each; for software adapters. What may be drawn is a head of the descending order, which is
// walked, not sorted: a look at every logit for each rank that matters. The same outputs as soft_step.wgsl, where they are explained.
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

@group(0) @binding(0) var<storage, read>       logits: array<f32>;         // in     (B, V)
@group(0) @binding(1) var<storage, read>       row_keys: array<vec2<u32>>; // in     (B), Threefry keys
@group(0) @binding(2) var<storage, read_write> state: array<vec4<u32>>;    // in/out (B): prompt length, steps done, flags, 0
@group(0) @binding(3) var<storage, read_write> blend_ids: array<u32>;      // out    (B, blend_width)
@group(0) @binding(4) var<storage, read_write> blend_shares: array<f32>;   // out    (B, blend_width)
@group(0) @binding(5) var<storage, read_write> record: array<u32>;         // out    (S, B, record_width), see engine::gpu::chain
@group(0) @binding(6) var<uniform>             params: Params;

const ANSWERING: u32 = 1u;
const FINISHED: u32 = 2u;
const SOFT: u32 = 4u;
const WINNER_CHANGED: u32 = 8u;
const ABOVE_ALL: f32 = 3e38;

struct Place { logit: f32, id: u32, }

var<private> base: u32; // of this row's logits
var<private> chosen: array<u32, 64>;
var<private> perturbed: array<f32, 64>; // masses first

// The next token of the descending order, ties by the lower id.
fn next(after: Place) -> Place {
    var best = Place(-ABOVE_ALL, params.vocabulary);
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        let z = logits[base + j];
        if (z < after.logit || (z == after.logit && j > after.id)) && z > best.logit {
            best = Place(z, j);
        }
    }
    return best;
}

fn mass(place: Place, top: f32) -> f32 {
    return exp((place.logit - top) / params.temperature);
}

// Whether the token of a rank may be drawn, given the mass before it.
fn kept(rank: u32, own: f32, before: f32, pool_mass: f32) -> bool {
    return rank < params.pool && (params.top_p >= 1.0 || before <= params.top_p * pool_mass) && own >= params.min_p;
}

// Writes blend and record of a soft step; returns its token and the rank that won.
fn soft_step(row: u32, step: u32, at: u32, top: f32, pool_mass: f32) -> vec2<u32> {
    let k = params.candidates;
    var place = Place(ABOVE_ALL, 0u);
    var before = 0.0;
    var total = 0.0;
    for (var rank = 0u; rank < k; rank += 1u) {
        place = next(place);
        let own = mass(place, top);
        chosen[rank] = place.id;
        perturbed[rank] = select(0.0, own, kept(rank, own, before, pool_mass));
        total += perturbed[rank];
        before += own;
    }
    var first = 0u;
    for (var i = 0u; i < k; i += 1u) {
        let noise = clamp(gumbel_noise(row_keys[row], step, chosen[i]), params.noise_min, params.noise_max);
        perturbed[i] = log(perturbed[i] / total + params.log_epsilon) + params.noise_scale * noise;
        first = select(first, i, perturbed[i] > perturbed[first]);
    }
    let token = chosen[first];
    total = 0.0;
    for (var i = 0u; i < k; i += 1u) {
        total += exp((perturbed[i] - perturbed[first]) / params.gumbel_temperature);
    }
    for (var i = 0u; i < k; i += 1u) {
        var order = 0u;
        for (var j = 0u; j < k; j += 1u) {
            order += select(0u, 1u, perturbed[j] > perturbed[i] || (perturbed[j] == perturbed[i] && j < i));
        }
        record[at + 4u + 2u * order] = chosen[i];
        record[at + 5u + 2u * order] = bitcast<u32>(perturbed[i]);
        let share = exp((perturbed[i] - perturbed[first]) / params.gumbel_temperature) / total;
        let alone = select(0.0, 1.0, order == 0u);
        blend_ids[row * params.blend_width + order] = chosen[i];
        blend_shares[row * params.blend_width + order] = select(share, alone, token == params.end_think);
    }
    return vec2<u32>(token, first);
}

// Writes blend and record of a draw; returns its token and how many candidates were recorded.
fn draw(row: u32, step: u32, at: u32, top: f32, pool_mass: f32) -> vec2<u32> {
    var last = Place(-ABOVE_ALL, params.vocabulary); // the last that may be drawn
    var kept_mass = pool_mass;
    if params.pool < params.vocabulary || params.top_p < 1.0 || params.min_p > 0.0 {
        var place = next(Place(ABOVE_ALL, 0u));
        var before = 0.0;
        for (var rank = 0u; rank < params.pool && kept(rank, mass(place, top), before, pool_mass); rank += 1u) {
            last = place;
            before += mass(place, top);
            place = next(place);
        }
        kept_mass = before;
    }
    var drawn = 0u;
    var best = -ABOVE_ALL;
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        let z = logits[base + j];
        if z > last.logit || (z == last.logit && j <= last.id) {
            let score = (z - top) / params.temperature + params.discrete_noise * gumbel_noise(row_keys[row], step, j);
            drawn = select(drawn, j, score >= best);
            best = max(best, score);
        }
    }
    record[at + 4u] = drawn;
    record[at + 5u] = bitcast<u32>(best - log(kept_mass));
    var recorded = 1u;
    var place = Place(ABOVE_ALL, 0u);
    for (var rank = 0u; rank < min(params.shown, params.vocabulary); rank += 1u) {
        place = next(place);
        let may = place.logit > last.logit || (place.logit == last.logit && place.id <= last.id);
        if may && place.id != drawn && recorded < params.shown {
            let noise = params.discrete_noise * gumbel_noise(row_keys[row], step, place.id);
            record[at + 4u + 2u * recorded] = place.id;
            record[at + 5u + 2u * recorded] =
                bitcast<u32>((place.logit - top) / params.temperature + noise - log(kept_mass));
            recorded += 1u;
        }
    }
    for (var i = 0u; i < params.blend_width; i += 1u) {
        blend_ids[row * params.blend_width + i] = drawn;
        blend_shares[row * params.blend_width + i] = select(0.0, 1.0, i == 0u);
    }
    return vec2<u32>(drawn, recorded);
}

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.x;
    if row >= params.rows {
        return;
    }
    let earlier = state[row];
    let step = earlier.y;
    if (earlier.z & FINISHED) != 0u || step >= params.max_steps {
        return;
    }
    base = row * params.vocabulary;
    let first = next(Place(ABOVE_ALL, 0u));
    let top = first.logit;
    var sums = vec2<f32>();
    var pool_mass = 0.0;
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        let below = logits[base + j] - top;
        sums += vec2<f32>(1.0, below) * exp(below);
        pool_mass += exp(below / params.temperature);
    }
    if params.pool < params.vocabulary {
        pool_mass = 0.0;
        var place = first;
        for (var rank = 0u; rank < params.pool; rank += 1u) {
            pool_mass += mass(place, top);
            place = next(place);
        }
    }
    let at = (step % params.slots * params.rows + row) * params.record_width;
    var flags = earlier.z & ANSWERING;
    var token = 0u;
    var recorded = params.candidates;
    if params.soft == 1u && flags == 0u {
        let found = soft_step(row, step, at, top, pool_mass);
        token = found.x;
        flags |= select(SOFT, 0u, token == params.end_think) | select(WINNER_CHANGED, 0u, found.y == 0u);
    } else {
        let found = draw(row, step, at, top, pool_mass);
        token = found.x;
        recorded = found.y;
        flags |= select(WINNER_CHANGED, 0u, token == first.id);
    }
    let finished = select(0u, FINISHED, token == params.end_answer);
    record[at] = step + 1u;
    record[at + 1u] = token;
    record[at + 2u] = flags | finished | (recorded << 8u);
    record[at + 3u] = bitcast<u32>(log(sums.x) - sums.y / sums.x);
    let answering = (flags & ANSWERING) | select(0u, ANSWERING, token == params.end_think);
    state[row] = vec4<u32>(earlier.x, step + 1u, answering | finished, 0u);
}
