// Many steps of every row in one dispatch: soft step, blend, all layers, last norm, head, and again.
// Letters: B rows, V vocabulary (a multiple of 4, at most 256), K entries of a blend (at most 64), S slots of the record; D width,
// F inner width, L layers, H query heads, Hkv key heads, C columns of a cache (at most 256).
// One workgroup: one row; it stops at its end of answer. What passes between stages stays in workgroup memory; weights and caches
// are read from storage. A thread makes four neighbouring elements of a product: a vector of the input serves four rows of w.
// Most a row may hold here: D 128, (H + 2·Hkv)·head_dim 256, F 512, H 4 (nano and micro). No biases: Llama only.
// In front: shared/threefry.wgsl. Mirrors soft_step.wgsl, where its first part is explained, and engine::cpu's Transformer.
// No launcher: an experiment, see README.md. Source: SofT-GRPO §3 and its sampler.py.

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
    record_width: u32,       // entries of a record: 4 + 2·record candidates
    steps: u32,              // of this dispatch, at most S
    columns: u32,            // C
    scale: f32,              // 1 / sqrt(head_dim)
    epsilon: f32,            // of the norms
    norm_offset: u32,        // of the last norm in the flat parameters, fours
    head_offset: u32,        // of the head (V, D) there, fours
}

@group(0) @binding(0) var<storage, read>       weights: array<vec4<f32>>;    // in     flat parameters
@group(0) @binding(1) var<storage, read>       table: array<vec4<f32>>;      // in     (positions, head_dim / 4): two cosines and sines
@group(0) @binding(2) var<storage, read>       row_keys: array<vec2<u32>>;   // in     (B), Threefry keys
@group(0) @binding(3) var<storage, read_write> state: array<vec4<u32>>;      // in/out (B): prompt length, steps done, flags, 0
@group(0) @binding(4) var<storage, read_write> keys: array<vec4<f32>>;       // in/out (L, B, Hkv, C, head_dim / 4)
@group(0) @binding(5) var<storage, read_write> values: array<vec4<f32>>;     // in/out (L, B, Hkv, C, head_dim / 4)
@group(0) @binding(6) var<storage, read_write> logits: array<f32>;           // in/out (B, V)
@group(0) @binding(7) var<storage, read_write> record: array<u32>;           // out    (S, B, record_width), see engine::gpu::chain
@group(0) @binding(8) var<uniform>             params: Params;

override THREADS: u32 = 64u; // of a workgroup: at most 128, at least V / 16
override LAYERS: u32;        // L
override WIDTH: u32;         // D / 4
override INNER: u32;         // F / 4
override HEADS: u32;         // H
override KV_HEADS: u32;      // Hkv
override HEAD: u32;          // head_dim / 4, even
// In fours: columns of the stacked q, k and v; where the parts of a layer begin, the embedding being in front of the first.
override QUERY: u32 = HEADS * HEAD;
override KV: u32 = KV_HEADS * HEAD;
override QKV_AT: u32 = WIDTH;
override OUTPUT_AT: u32 = QKV_AT + 4u * (QUERY + 2u * KV) * WIDTH;
override MLP_NORM_AT: u32 = OUTPUT_AT + 4u * QUERY * WIDTH;
override GATE_AT: u32 = MLP_NORM_AT + WIDTH;
override UP_AT: u32 = GATE_AT + 4u * INNER * WIDTH;
override DOWN_AT: u32 = UP_AT + 4u * INNER * WIDTH;
override LAYER: u32 = DOWN_AT + 4u * INNER * WIDTH;

const ANSWERING: u32 = 1u;
const FINISHED: u32 = 2u;
const SOFT: u32 = 4u;
const WINNER_CHANGED: u32 = 8u;
const CUT: f32 = -1e30;      // below any score of a token that may be drawn
const HIDDEN: f32 = -1e30;   // as engine::cpu: exp gives 0, and it is not infinite
const FROM_INNER: u32 = 32u; // where the inside of the SwiGLU block lies in `operand`
const QUADS: u32 = 64u;      // fours of positions that a head of `shares` has room for

var<workgroup> now: vec4<u32>;                // this row's state
var<workgroup> x: array<vec4<f32>, 32>;       // (D / 4), the residual stream
var<workgroup> squares: array<f32, 32>;       // (D / 4), of x
var<workgroup> operand: array<vec4<f32>, 160>; // what a norm or attention gives (D / 4), then the inside of the block (F / 4)
var<workgroup> qkv: array<vec4<f32>, 64>;     // (H + 2·Hkv, head_dim / 4)
var<workgroup> shares: array<vec4<f32>, 256>; // (H, QUADS): scores, then exp
var<workgroup> total: array<f32, 4>;          // (H): their sum
var<workgroup> scores: array<f32, 256>; // logits, then ln q + noise of the tokens that may be drawn
var<workgroup> masses: array<f32, 256>; // exp((z - top) / temperature)
var<workgroup> ranks: array<u32, 256>;  // place by descending logit, ties by the lower id
var<workgroup> partial: array<vec2<f32>, 128>;
var<workgroup> chosen: array<u32, 64>;       // soft: candidate of each rank
var<workgroup> chosen_mass: array<f32, 64>;  // soft: its mass, 0 when cut
var<workgroup> perturbed: array<f32, 64>;    // soft: its perturbed log probability
var<workgroup> blend_ids: array<u32, 64>;
var<workgroup> blend_shares: array<f32, 64>;

// Token of the largest score, the last of equals as decode's draw.
fn best_token() -> u32 {
    var best = 0u;
    for (var j = 1u; j < params.vocabulary; j += 1u) {
        if scores[j] >= scores[best] {
            best = j;
        }
    }
    return best;
}

// Truncates, draws and records one step of an unfinished row; the next blend and the new state go to workgroup
// memory. soft_step.wgsl, line by line.
fn soft_step(row: u32, thread: u32, earlier: vec4<u32>) {
    let step = earlier.y;
    let v = params.vocabulary;
    let soft = params.soft == 1u && (earlier.z & ANSWERING) == 0u;
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

    let k = params.candidates;
    for (var i = thread; i < k; i += THREADS) {
        var mass = 0.0;
        for (var j = 0u; j < k; j += 1u) {
            mass += chosen_mass[j];
        }
        let noise = clamp(gumbel_noise(row_keys[row], step, chosen[i]), params.noise_min, params.noise_max);
        perturbed[i] = log(chosen_mass[i] / mass + params.log_epsilon) + params.noise_scale * noise;
    }
    workgroupBarrier();
    var first = 0u;
    for (var j = 1u; j < k; j += 1u) {
        first = select(first, j, perturbed[j] > perturbed[first]);
    }
    var token = chosen[first];
    var changed = first != 0u;
    let at = ((step % params.slots) * params.rows + row) * params.record_width;
    var shown = k; // candidates recorded
    if soft {
        for (var i = thread; i < k; i += THREADS) {
            var place = 0u;
            var mass = 0.0;
            for (var j = 0u; j < k; j += 1u) {
                let ahead = perturbed[j] > perturbed[i] || (perturbed[j] == perturbed[i] && j < i);
                place += select(0u, 1u, ahead);
                mass += exp((perturbed[j] - perturbed[first]) / params.gumbel_temperature);
            }
            record[at + 4u + 2u * place] = chosen[i];
            record[at + 5u + 2u * place] = bitcast<u32>(perturbed[i]);
            let share = exp((perturbed[i] - perturbed[first]) / params.gumbel_temperature) / mass;
            let alone = select(0.0, 1.0, place == 0u);
            blend_ids[place] = chosen[i];
            blend_shares[place] = select(share, alone, token == params.end_think);
        }
    } else {
        token = best_token();
        changed = ranks[token] != 0u;
        kept_mass = 0.0;
        for (var t = 0u; t < THREADS; t += 1u) {
            kept_mass += partial[t].x;
        }
        shown = 0u;
        for (var j = 0u; j < v; j += 1u) {
            shown += select(0u, 1u, scores[j] > CUT);
        }
        shown = min(shown, params.shown);
        for (var i = thread; i < v; i += THREADS) {
            let ahead = ranks[i] < ranks[token];
            let place = select(select(ranks[i], ranks[i] + 1u, ahead), 0u, i == token);
            if scores[i] > CUT && place < shown {
                record[at + 4u + 2u * place] = i;
                record[at + 5u + 2u * place] = bitcast<u32>(scores[i] - log(kept_mass));
            }
        }
        for (var i = thread; i < k; i += THREADS) {
            blend_ids[i] = token;
            blend_shares[i] = select(0.0, 1.0, i == 0u);
        }
    }
    if thread == 0u {
        var after = earlier.z & ANSWERING;
        let flags = after | select(0u, SOFT, soft && token != params.end_think) | select(0u, WINNER_CHANGED, changed);
        after |= select(0u, ANSWERING, token == params.end_think);
        let finished = select(0u, FINISHED, token == params.end_answer);
        record[at] = step + 1u;
        record[at + 1u] = token;
        record[at + 2u] = flags | finished | (shown << 8u);
        record[at + 3u] = bitcast<u32>(entropy);
        now = vec4<u32>(earlier.x, step + 1u, after | finished, 0u);
    }
}

fn set_x(i: u32, value: vec4<f32>) {
    x[i] = value;
    squares[i] = dot(value, value);
}

// operand = gain · x / sqrt(mean x² + epsilon); ends with a barrier.
fn norm(thread: u32, gain: u32) {
    var sum = 0.0;
    for (var i = 0u; i < WIDTH; i += 1u) {
        sum += squares[i];
    }
    let scale = 1.0 / sqrt(sum / f32(4u * WIDTH) + params.epsilon);
    for (var i = thread; i < WIDTH; i += THREADS) {
        operand[i] = x[i] * scale * weights[gain + i];
    }
    workgroupBarrier();
}

// Σ_k w[n, k] · operand[first + k] of four rows n of a matrix, the first at `at`, `width` vectors each.
fn product(at: u32, width: u32, first: u32) -> vec4<f32> {
    var sums = vec4<f32>();
    for (var k = 0u; k < width; k += 1u) {
        let w = mat4x4<f32>(
            weights[at + k], weights[at + width + k], weights[at + 2u * width + k], weights[at + 3u * width + k]);
        sums += operand[first + k] * w;
    }
    return sums;
}

// Turns queries and keys in place by RoPE and appends the new key and value to the caches; ends with a barrier.
fn place(thread: u32, cache: u32, position: u32) {
    let middle = HEAD / 2u;
    for (var i = thread; i < (HEADS + KV_HEADS) * middle; i += THREADS) {
        let head = i / middle;
        let at = head * HEAD + i % middle;
        let first = table[position * HEAD + 2u * (i % middle)];
        let second = table[position * HEAD + 2u * (i % middle) + 1u];
        let cosines = vec4<f32>(first.xz, second.xz);
        let sines = vec4<f32>(first.yw, second.yw);
        let low = qkv[at] * cosines - qkv[at + middle] * sines;
        let high = qkv[at + middle] * cosines + qkv[at] * sines;
        qkv[at] = low;
        qkv[at + middle] = high;
        if head >= HEADS {
            let to = cache + ((head - HEADS) * params.columns + position) * HEAD + i % middle;
            keys[to] = low;
            keys[to + middle] = high;
        }
    }
    for (var i = thread; i < KV; i += THREADS) {
        values[cache + (i / HEAD * params.columns + position) * HEAD + i % HEAD] = qkv[QUERY + KV + i];
    }
    storageBarrier();
    workgroupBarrier();
}

// Four neighbouring positions; the new one instead of those after it.
fn four(quad: u32, position: u32) -> vec4<u32> {
    return min(4u * quad + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(position)) * HEAD;
}

// operand = what the queries find in the cache up to `position`; ends with a barrier.
fn attend(thread: u32, cache: u32, position: u32) {
    let quads = position / 4u + 1u;
    let shared_by = HEADS / KV_HEADS;
    for (var i = thread; i < HEADS * quads; i += THREADS) {
        let head = i / quads;
        let quad = i % quads;
        let at = cache + head / shared_by * params.columns * HEAD + four(quad, position);
        var score = vec4<f32>();
        for (var d = 0u; d < HEAD; d += 1u) {
            score += qkv[head * HEAD + d] * mat4x4<f32>(keys[at.x + d], keys[at.y + d], keys[at.z + d], keys[at.w + d]);
        }
        let visible = 4u * quad + vec4<u32>(0u, 1u, 2u, 3u) <= vec4<u32>(position);
        shares[head * QUADS + quad] = select(vec4<f32>(HIDDEN), score * params.scale, visible);
    }
    workgroupBarrier();
    for (var head = thread; head < HEADS; head += THREADS) {
        var tops = shares[head * QUADS];
        for (var quad = 1u; quad < quads; quad += 1u) {
            tops = max(tops, shares[head * QUADS + quad]);
        }
        let top = max(max(tops.x, tops.y), max(tops.z, tops.w));
        var sums = vec4<f32>();
        for (var quad = 0u; quad < quads; quad += 1u) {
            let share = exp(shares[head * QUADS + quad] - top);
            shares[head * QUADS + quad] = share;
            sums += share;
        }
        total[head] = sums.x + sums.y + sums.z + sums.w;
    }
    workgroupBarrier();
    for (var i = thread; i < QUERY; i += THREADS) {
        let head = i / HEAD;
        let start = cache + head / shared_by * params.columns * HEAD + i % HEAD;
        var sum = vec4<f32>();
        for (var quad = 0u; quad < quads; quad += 1u) {
            let at = start + four(quad, position);
            sum += mat4x4<f32>(values[at.x], values[at.y], values[at.z], values[at.w]) * shares[head * QUADS + quad];
        }
        operand[i] = sum / total[head];
    }
    workgroupBarrier();
}

// x through one layer; ends with a barrier.
fn block(thread: u32, layer: u32, row: u32, position: u32) {
    let base = params.vocabulary * WIDTH + layer * LAYER;
    let cache = (layer * params.rows + row) * KV * params.columns;
    norm(thread, base);
    for (var i = thread; i < QUERY + 2u * KV; i += THREADS) {
        qkv[i] = product(base + QKV_AT + 4u * i * WIDTH, WIDTH, 0u);
    }
    workgroupBarrier();
    place(thread, cache, position);
    attend(thread, cache, position);
    for (var i = thread; i < WIDTH; i += THREADS) {
        set_x(i, x[i] + product(base + OUTPUT_AT + 4u * i * QUERY, QUERY, 0u));
    }
    workgroupBarrier();
    norm(thread, base + MLP_NORM_AT);
    for (var i = thread; i < INNER; i += THREADS) {
        let gates = product(base + GATE_AT + 4u * i * WIDTH, WIDTH, 0u);
        let ups = product(base + UP_AT + 4u * i * WIDTH, WIDTH, 0u);
        operand[FROM_INNER + i] = gates / (1.0 + exp(-gates)) * ups;
    }
    workgroupBarrier();
    for (var i = thread; i < WIDTH; i += THREADS) {
        set_x(i, x[i] + product(base + DOWN_AT + 4u * i * INNER, INNER, FROM_INNER));
    }
    workgroupBarrier();
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let row = group.x;
    let v = params.vocabulary;
    if thread == 0u {
        now = state[row];
    }
    for (var i = thread; i < v; i += THREADS) {
        scores[i] = logits[row * v + i];
    }
    for (var s = 0u; s < params.steps; s += 1u) {
        let earlier = workgroupUniformLoad(&now); // a barrier
        if (earlier.z & FINISHED) != 0u || earlier.y >= params.max_steps {
            break;
        }
        soft_step(row, thread, earlier);
        workgroupBarrier();
        for (var i = thread; i < WIDTH; i += THREADS) {
            var sum = vec4<f32>();
            for (var k = 0u; k < params.candidates; k += 1u) {
                if blend_shares[k] != 0.0 {
                    sum += blend_shares[k] * weights[blend_ids[k] * WIDTH + i];
                }
            }
            set_x(i, sum);
        }
        workgroupBarrier();
        for (var layer = 0u; layer < LAYERS; layer += 1u) {
            block(thread, layer, row, earlier.x + earlier.y);
        }
        norm(thread, params.norm_offset);
        for (var i = thread; i < v / 4u; i += THREADS) {
            let z = product(params.head_offset + 4u * i * WIDTH, WIDTH, 0u);
            scores[4u * i] = z.x;
            scores[4u * i + 1u] = z.y;
            scores[4u * i + 2u] = z.z;
            scores[4u * i + 3u] = z.w;
        }
    }
    workgroupBarrier();
    for (var i = thread; i < v; i += THREADS) {
        logits[row * v + i] = scores[i];
    }
    if thread == 0u {
        state[row] = now;
    }
}
