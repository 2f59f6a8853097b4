// The order of a row's logits, by 256 threads: sums, firsts, the likeliest few, and where so much mass ends. In front:
// shared/step_params.wgsl. The kernel in whose front this stands binds `logits` and fills the heads of the tiles.

const THREADS: u32 = 256u;
const CUT: f32 = -3e38; // below any logit

struct Place { logit: f32, id: u32, }

var<workgroup> heads: array<f32, 1024>;     // the likeliest of each tile that was not taken
var<workgroup> head_ids: array<u32, 1024>;
var<workgroup> values: array<f32, 256>;     // of a reduction
var<workgroup> value_ids: array<u32, 256>;
var<workgroup> sixteen: array<f32, 16>;
var<workgroup> sixteen_ids: array<u32, 16>;
var<workgroup> by_rank: array<u32, 64>;     // the likeliest, and their logits
var<workgroup> rank_logits: array<f32, 64>;
var<workgroup> rounds: u32;                 // of a search

fn sum_of(thread: u32, value: f32) -> f32 {
    values[thread] = value;
    workgroupBarrier();
    if thread < 16u {
        var sum = 0.0;
        for (var i = 16u * thread; i < 16u * thread + 16u; i += 1u) {
            sum += values[i];
        }
        sixteen[thread] = sum;
    }
    workgroupBarrier();
    var sum = 0.0;
    for (var i = 0u; i < 16u; i += 1u) {
        sum += sixteen[i];
    }
    return sum;
}

// The earlier of two in the descending order, ties by the lower id.
fn earlier_of(one: Place, other: Place) -> Place {
    if other.logit > one.logit || (other.logit == one.logit && other.id < one.id) {
        return other;
    }
    return one;
}

fn first_of(thread: u32, own: Place) -> Place {
    values[thread] = own.logit;
    value_ids[thread] = own.id;
    workgroupBarrier();
    if thread < 16u {
        var best = Place(values[16u * thread], value_ids[16u * thread]);
        for (var i = 16u * thread + 1u; i < 16u * thread + 16u; i += 1u) {
            best = earlier_of(best, Place(values[i], value_ids[i]));
        }
        sixteen[thread] = best.logit;
        sixteen_ids[thread] = best.id;
    }
    workgroupBarrier();
    var best = Place(sixteen[0], sixteen_ids[0]);
    for (var i = 1u; i < 16u; i += 1u) {
        best = earlier_of(best, Place(sixteen[i], sixteen_ids[i]));
    }
    return best;
}

fn first_head(thread: u32) -> Place {
    var best = Place(CUT, params.vocabulary);
    for (var t = thread; t < params.tiles; t += THREADS) {
        best = earlier_of(best, Place(heads[t], head_ids[t]));
    }
    return first_of(thread, best);
}

// Takes the likeliest tokens, in their order.
fn take(thread: u32, base: u32) {
    for (var rank = 0u; rank < params.reach; rank += 1u) {
        let taken = first_head(thread);
        let tile = taken.id % params.tiles;
        let id = tile + thread * params.tiles;
        var own = Place(CUT, params.vocabulary);
        if id < params.vocabulary {
            let z = logits[base + id];
            if z < taken.logit || (z == taken.logit && id > taken.id) {
                own = Place(z, id);
            }
        }
        let following = first_of(thread, own);
        if thread == 0u {
            by_rank[rank] = taken.id;
            rank_logits[rank] = taken.logit;
            heads[tile] = following.logit;
            head_ids[tile] = following.id;
        }
        workgroupBarrier();
    }
}

// A whole number in the order of the logits.
fn key_of(z: f32) -> u32 {
    let bits = bitcast<u32>(z + 0.0); // -0 and 0 are one tie
    return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}

// Mass of the tokens ahead of a place; with `ties` 1, their number at its key instead.
fn mass_ahead(thread: u32, base: u32, top: f32, way: Way, key: u32, id: u32, ties: bool) -> f32 {
    var mass = 0.0;
    for (var j = thread; j < params.vocabulary; j += THREADS) {
        let z = logits[base + j];
        let own = key_of(z);
        let counted = select(own > key || (own == key && j < id), own == key, ties);
        mass += select(0.0, select(exp((z - top) / way.temperature), 1.0, ties), counted);
    }
    return sum_of(thread, mass);
}

struct End { key: u32, id: u32, }

// The last place with at most `bound` of mass ahead of it; all where nothing is sought.
fn end_of(thread: u32, base: u32, top: f32, way: Way, bound: f32, sought: bool) -> End {
    if thread == 0u {
        rounds = select(0u, 32u, sought);
    }
    let bits = workgroupUniformLoad(&rounds);
    var key = 0u;
    for (var bit = bits; bit > 0u; bit -= 1u) {
        let lowest = key | ((1u << (bit - 1u)) - 1u);
        key |= select(1u << (bit - 1u), 0u, mass_ahead(thread, base, top, way, lowest, 0u, false) <= bound);
    }
    var ties = 0.0;
    if bits > 0u {
        ties = mass_ahead(thread, base, top, way, key, 0u, true);
    }
    if thread == 0u {
        rounds = select(0u, 18u, ties > 1.0);
    }
    let id_bits = workgroupUniformLoad(&rounds);
    var id = select(params.vocabulary, 0u, id_bits > 0u);
    for (var bit = id_bits; bit > 0u; bit -= 1u) {
        let further = id | (1u << (bit - 1u));
        id = select(id, further, mass_ahead(thread, base, top, way, key, further, false) <= bound);
    }
    return End(key, id);
}
