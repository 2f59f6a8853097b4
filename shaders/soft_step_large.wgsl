// One step of every row over a large vocabulary, from logits and their tiles to the next input; the outputs are soft_step.wgsl's.
// Letters: B rows, V vocabulary (1025 to 262144), W tiles (at most 1024) of at most 256 tokens, K entries of a blend (at most 64).
// One workgroup of 256 threads: one row. The likeliest tokens are taken one by one from the tiles' heads, and the tile that lost its
// head is looked through again: exact, and nothing is sorted. What may be drawn is a head of the order: where it is longer than the
// tokens taken, its end is found by bisecting the logits; then every token takes part in a Gumbel-max, so that none is left out.
// In front: shared/threefry.wgsl, shared/noises.wgsl, shared/step_params.wgsl, shared/step.wgsl,
// where the end of a step is, and shared/order.wgsl.
// Mirrors math::truncation::truncate and math::gumbel, as decode's soft_step, draws_step, draw and Row::next call them.
// Launcher: engine::gpu::calls. Source: SofT-GRPO §3 and its sampler.py.

@group(0) @binding(0) var<storage, read>       logits: array<f32>;         // in     (B, V)
@group(0) @binding(1) var<storage, read>       row_keys: array<vec2<u32>>; // in     (B), Threefry keys; then the tokens of an ending in pairs
@group(0) @binding(2) var<storage, read>       tiles: array<vec4<f32>>;    // in     (B, W, 2), see vocabulary_tiles.wgsl
@group(0) @binding(3) var<storage, read_write> state: array<vec4<u32>>;    // in/out (B): prompt length, steps, flags, certain steps
@group(0) @binding(4) var<storage, read_write> blend_ids: array<u32>;      // out    (B, blend_width)
@group(0) @binding(5) var<storage, read_write> blend_shares: array<f32>;   // out    (B, blend_width)
@group(0) @binding(6) var<storage, read_write> record: array<u32>;         // out    (S, B, record_width), see engine::gpu::record
@group(0) @binding(7) var<uniform>             params: Params;

var<workgroup> chosen: array<u32, 64>;      // candidates in the order of the record
var<workgroup> stored: array<f32, 64>;      // their perturbed values
var<workgroup> log_probs: array<f32, 64>;   // their log probabilities

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let row = group.x;
    let earlier = state[row];
    let step = earlier.y;
    let alive = (earlier.z & FINISHED) == 0u && step < params.max_steps; // a finished row only passes the barriers
    let base = row * params.vocabulary;
    let way = way_of(earlier.z);
    for (var t = thread; t < params.tiles; t += THREADS) {
        let tile = tiles[2u * (row * params.tiles + t)];
        heads[t] = tile.x;
        head_ids[t] = bitcast<u32>(tile.y);
    }
    let top = first_head(thread).logit;

    // Masses, and the entropies of the untruncated distribution.
    var own_mass = 0.0;
    var own = vec4<f32>();
    for (var t = thread; t < params.tiles; t += THREADS) {
        let at = 2u * (row * params.tiles + t);
        let below = heads[t] - top;
        let cold = select(0.0, below / params.cold_temperature, params.cold_steps > 0u);
        let parts = tiles[at + 1u];
        own_mass += exp(below / way.temperature) * tiles[at].z;
        own += vec4<f32>(vec2<f32>(parts.x, parts.y + below * parts.x) * exp(below), vec2<f32>(parts.z, parts.w + cold * parts.z) * exp(cold));
    }
    let mass = sum_of(thread, own_mass);
    let sums = vec4<f32>(sum_of(thread, own.x), sum_of(thread, own.y), sum_of(thread, own.z), sum_of(thread, own.w));

    // What may be drawn of the likeliest.
    take(thread, base);
    let listed = way.pool <= params.reach;
    var pool_mass = select(mass, 0.0, listed);
    for (var rank = 0u; listed && rank < way.pool; rank += 1u) {
        pool_mass += exp((rank_logits[rank] - top) / way.temperature);
    }
    var kept_count = 0u;
    var kept_mass = 0.0;
    let k = params.candidates;
    let blend = way.thinking == BLEND;
    let most = select(params.reach, k, blend);
    var before = 0.0;
    for (var rank = 0u; rank < min(most, way.pool); rank += 1u) {
        let part = exp((rank_logits[rank] - top) / way.temperature);
        let nucleus = way.top_p >= 1.0 || before <= way.top_p * pool_mass;
        if kept_count == rank && nucleus && part >= way.min_p {
            kept_count += 1u;
            kept_mass += part;
        }
        before += part;
    }

    // Where that goes on beyond them, its end.
    let beyond = alive && !blend && !listed && kept_count == params.reach;
    var end = End(0u, params.vocabulary);
    if params.search == 1u {
        end = end_of(thread, base, top, way, way.top_p * mass, beyond && way.top_p < 1.0);
    }

    // Noise: for the candidates of a blend, or for everything that may be drawn.
    if blend && thread < k {
        values[thread] = stored_value(row, step, by_rank[thread], (rank_logits[thread] - top) / way.temperature, kept_mass, thread < kept_count);
    }
    workgroupBarrier();
    if blend && thread < k {
        var place = 0u;
        for (var j = 0u; j < k; j += 1u) {
            place += select(0u, 1u, values[j] > values[thread] || (values[j] == values[thread] && j < thread));
        }
        chosen[place] = by_rank[thread];
        stored[place] = values[thread];
        log_probs[place] = log_probability((rank_logits[thread] - top) / way.temperature, kept_mass, thread < kept_count);
    }
    workgroupBarrier();
    let drawable = select(select(0u, kept_count, alive && !blend), params.vocabulary, beyond);
    for (var d = 0u; d < select(1u, k, params.thinking == DRAWS); d += 1u) {
        let key = draw_key(row, d);
        var best = Place(CUT, params.vocabulary);
        var part = 0.0;
        for (var i = thread; i < drawable; i += THREADS) {
            let id = select(by_rank[min(i, 63u)], i, beyond);
            let z = logits[base + id];
            let scaled = (z - top) / way.temperature;
            let order = key_of(z);
            if order > end.key || (order == end.key && id <= end.id) {
                if exp(scaled) >= way.min_p || !beyond {
                    part += exp(scaled);
                    best = earlier_of(best, Place(scaled + way.noise * gumbel_noise(key, step, id), id));
                }
            }
        }
        let drawn = first_of(thread, best);
        if d == 0u {
            let drawn_mass = sum_of(thread, part);
            kept_mass = select(kept_mass, drawn_mass, beyond);
        }
        if thread == 0u && !blend {
            chosen[d] = drawn.id;
            stored[d] = drawn.logit - log(kept_mass);
            log_probs[d] = (logits[base + min(drawn.id, params.vocabulary - 1u)] - top) / way.temperature - log(kept_mass);
        }
    }
    workgroupBarrier();

    // A token is shown with the likeliest others.
    var count = k;
    if way.thinking == TOKENS {
        count = min(kept_count, params.shown);
        let drawn = chosen[0];
        var behind = 1u; // the drawn one, where it comes before this one in the record
        for (var rank = 0u; rank < thread && rank < kept_count; rank += 1u) {
            behind = select(behind, 0u, by_rank[rank] == drawn);
        }
        if thread < kept_count && by_rank[min(thread, 63u)] != drawn && thread + behind < count {
            let scaled = (rank_logits[thread] - top) / way.temperature;
            let value = scaled + way.noise * gumbel_noise(row_keys[row], step, by_rank[thread]);
            chosen[thread + behind] = by_rank[thread];
            stored[thread + behind] = value - log(kept_mass);
            log_probs[thread + behind] = scaled - log(kept_mass);
        }
    }
    workgroupBarrier();
    if alive {
        finish(row, earlier, Found(count, chosen[0] != by_rank[0], sums, 0.0), thread, THREADS);
    } else if thread == 0u {
        rest(row);
    }
}
