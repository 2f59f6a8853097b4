// One step of every row, from logits to the next input: truncate, draw noise, perturb, mix, project, stop, record.
// Letters: B rows, V vocabulary, K entries of a blend (at most 64), S steps of a chunk.
// One workgroup: 16 rows, a thread each; for software adapters. What may be drawn is a head of the descending order, which is
// walked, not sorted: a look at every logit for each rank that matters. The same outputs as soft_step.wgsl.
// In front: shared/threefry.wgsl, shared/noises.wgsl and shared/step*.wgsl, where bindings and the end of a step are. Mirrors
// math::truncation::truncate, math::gumbel and math::noises, as decode's soft_step, draws_step, vector_step, draw and Row::next call
// them. Launcher: engine::gpu::calls. Source: SofT-GRPO §3 and its sampler.py.

const ABOVE_ALL: f32 = 3e38;

struct Place { logit: f32, id: u32, }

// What may be drawn: the last of the order, and the mass of all.
struct Head { last: Place, mass: f32, }

var<private> base: u32; // of this row's logits
var<private> top: f32;  // the largest of them
var<private> way: Way;
var<private> chosen: array<u32, 64>;
var<private> stored: array<f32, 64>;
var<private> log_probs: array<f32, 64>;
var<private> filled: u32;

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

// The logarithm of a token's mass.
fn scaled(logit: f32) -> f32 {
    return (logit - top) / way.temperature;
}

// Whether the token of a rank may be drawn, given the mass before it.
fn kept(rank: u32, own: f32, before: f32, pool_mass: f32) -> bool {
    return rank < way.pool && (way.top_p >= 1.0 || before <= way.top_p * pool_mass) && own >= way.min_p;
}

fn head_of(pool_mass: f32) -> Head {
    if way.pool >= params.vocabulary && way.top_p >= 1.0 && way.min_p <= 0.0 {
        return Head(Place(-ABOVE_ALL, params.vocabulary), pool_mass);
    }
    var place = next(Place(ABOVE_ALL, 0u));
    var last = place;
    var before = 0.0;
    for (var rank = 0u; rank < way.pool && kept(rank, exp(scaled(place.logit)), before, pool_mass); rank += 1u) {
        last = place;
        before += exp(scaled(place.logit));
        place = next(place);
    }
    return Head(last, before);
}

fn within(place: Place, head: Head) -> bool {
    return place.logit > head.last.logit || (place.logit == head.last.logit && place.id <= head.last.id);
}

// Puts a candidate among those of largest stored value, behind its equals; what is beyond `most` falls out.
fn insert(id: u32, value: f32, log_prob: f32, most: u32) {
    var place = filled;
    if filled < most {
        filled += 1u;
    } else if value > stored[most - 1u] {
        place = most - 1u;
    } else {
        return;
    }
    for (; place > 0u; place -= 1u) {
        if !(value > stored[place - 1u]) {
            break;
        }
        chosen[place] = chosen[place - 1u];
        stored[place] = stored[place - 1u];
        log_probs[place] = log_probs[place - 1u];
    }
    chosen[place] = id;
    stored[place] = value;
    log_probs[place] = log_prob;
}

// The likeliest K with noise, or the K of largest stored value among all.
fn blend(row: u32, step: u32, pool_mass: f32) {
    let k = params.candidates;
    let whole = params.before_cut == 1u;
    var place = Place(ABOVE_ALL, 0u);
    var head = Head(place, 0.0);
    if whole {
        head = head_of(pool_mass);
    } else {
        var before = 0.0;
        for (var rank = 0u; rank < k; rank += 1u) {
            let following = next(place);
            let own = exp(scaled(following.logit));
            if kept(rank, own, before, pool_mass) {
                head = Head(following, head.mass + own);
            }
            before += own;
            place = following;
            chosen[rank] = place.id;
        }
    }
    place = Place(ABOVE_ALL, 0u);
    for (var rank = 0u; rank < select(k, params.vocabulary, whole); rank += 1u) {
        if whole {
            place = next(place);
        } else {
            place = Place(logits[base + chosen[rank]], chosen[rank]);
        }
        let own = scaled(place.logit);
        let may = within(place, head);
        let value = stored_value(row, step, place.id, own, head.mass, may);
        insert(place.id, value, log_probability(own, head.mass, may), k);
    }
}

// Draws a token by Gumbel-max: its id and its value.
fn draw(key: vec2<u32>, step: u32, head: Head) -> Place {
    var best = Place(-ABOVE_ALL, 0u);
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        let z = logits[base + j];
        if within(Place(z, j), head) {
            let value = scaled(z) + way.noise * gumbel_noise(key, step, j);
            if value >= best.logit {
                best = Place(value, j);
            }
        }
    }
    return best;
}

fn put(place: Place, value: f32, head: Head) {
    chosen[filled] = place.id;
    stored[filled] = value - log(head.mass);
    log_probs[filled] = scaled(place.logit) - log(head.mass);
    filled += 1u;
}

// The likeliest tokens behind the drawn one, those of a vector without one.
fn show(row: u32, step: u32, head: Head) {
    let drawn = chosen[0];
    let without = filled == 0u;
    var place = Place(ABOVE_ALL, 0u);
    for (var rank = 0u; rank < min(params.shown, params.vocabulary); rank += 1u) {
        place = next(place);
        if within(place, head) && (without || place.id != drawn) && filled < params.shown {
            put(place, scaled(place.logit) + way.noise * gumbel_noise(row_keys[row], step, place.id), head);
        }
    }
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
        rest(row);
        return;
    }
    way = way_of(earlier.z);
    base = row * params.vocabulary;
    let first = next(Place(ABOVE_ALL, 0u));
    top = first.logit;
    var sums = vec4<f32>();
    var pool_mass = 0.0;
    var average = 0.0;
    for (var j = 0u; j < params.vocabulary; j += 1u) {
        let own = scaled(logits[base + j]);
        sums += entropy_parts(logits[base + j] - top);
        pool_mass += exp(own);
        average += own * exp(own);
    }
    average = log(pool_mass) - average / pool_mass;
    if way.pool < params.vocabulary {
        pool_mass = 0.0;
        var place = first;
        for (var rank = 0u; rank < way.pool; rank += 1u) {
            pool_mass += exp(scaled(place.logit));
            place = next(place);
        }
    }
    if way.thinking == BLEND {
        blend(row, step, pool_mass);
    } else {
        let head = head_of(pool_mass);
        let draws = select(1u, params.candidates, way.thinking == DRAWS);
        for (var k = 0u; k < draws && way.thinking != VECTOR; k += 1u) {
            let drawn = draw(draw_key(row, k), step, head);
            put(Place(logits[base + drawn.id], drawn.id), drawn.logit, head);
        }
        if way.thinking != DRAWS {
            show(row, step, head);
        }
    }
    let changed = way.thinking != VECTOR && chosen[0] != first.id;
    finish(row, earlier, Found(filled, changed, sums, average), 0u, 1u);
}
