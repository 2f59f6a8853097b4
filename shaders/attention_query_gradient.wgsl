// d_q[m, h] = scale · Σ_t p_t (d_out · v_t - delta) k_t, turned back by RoPE; p = softmax of the scores, delta = d_out · mixed[m, h].
// Also stats[m, h] = (log Σ exp of the scores, delta), which attention_key_gradient.wgsl reads.
// Letters: M = B·T rows, row m = b·T + position; H query heads, G of them share each of the Hkv key heads.
// head_dim is a multiple of 8, at most 128. One workgroup: 32 pairs of row and head, a thread each, no barrier.
// Mirrors the backward that Burn's autodiff gives Transformer::attention. Launcher: engine::gpu::calls.
// Source: Dao 2023, "FlashAttention-2", algorithm 2.

struct Params {
    rows: u32,     // M
    time: u32,     // T
    groups: u32,   // G
    kv_heads: u32, // Hkv
    head_dim: u32,
    scale: f32,    // 1 / sqrt(head_dim)
}

@group(0) @binding(0) var<storage, read>       qkv: array<vec4<f32>>;     // in  (M, (H + 2·Hkv)·head_dim / 4), q and k turned
@group(0) @binding(1) var<storage, read>       mixed: array<vec4<f32>>;   // in  (M, H·head_dim / 4)
@group(0) @binding(2) var<storage, read>       d_mixed: array<vec4<f32>>; // in  (M, H·head_dim / 4)
@group(0) @binding(3) var<storage, read>       table: array<vec4<f32>>;   // in  (positions, head_dim / 4): two cosines and sines
@group(0) @binding(4) var<storage, read_write> stats: array<vec2<f32>>;   // out (M, H)
@group(0) @binding(5) var<storage, read_write> d_qkv: array<vec4<f32>>;   // out (M, (H + 2·Hkv)·head_dim / 4), the part of q
@group(0) @binding(6) var<uniform>             params: Params;

const HIDDEN: f32 = -1e30; // as engine::cpu

var<private> query: array<vec4<f32>, 32>;
var<private> d_out: array<vec4<f32>, 32>;
var<private> d_query: array<vec4<f32>, 32>;

fn sum(parts: vec4<f32>) -> f32 {
    return parts.x + parts.y + parts.z + parts.w;
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let heads = params.groups * params.kv_heads;
    let row = id.x / heads;
    if row >= params.rows {
        return;
    }
    let head = id.x % heads;
    let position = row % params.time;
    let parts = params.head_dim / 4u;
    let stride = (heads + 2u * params.kv_heads) * parts;
    let first_key = (row - position) * stride + (heads + head / params.groups) * parts;
    let value_step = params.kv_heads * parts;
    var products = vec4<f32>();
    for (var i = 0u; i < parts; i += 1u) {
        query[i] = qkv[row * stride + head * parts + i] * params.scale;
        d_out[i] = d_mixed[id.x * parts + i];
        d_query[i] = vec4<f32>();
        products = fma(d_out[i], mixed[id.x * parts + i], products);
    }
    let delta = sum(products);
    var largest = HIDDEN;
    var total = 0.0;
    for (var t = 0u; t <= position; t += 1u) {
        var scores = vec4<f32>();
        for (var i = 0u; i < parts; i += 1u) {
            scores = fma(query[i], qkv[first_key + t * stride + i], scores);
        }
        let score = sum(scores);
        let top = max(largest, score);
        total = total * exp(largest - top) + exp(score - top);
        largest = top;
    }
    let log_total = largest + log(total);
    stats[id.x] = vec2<f32>(log_total, delta);
    for (var t = 0u; t <= position; t += 1u) {
        let key = first_key + t * stride;
        var scores = vec4<f32>();
        var wishes = vec4<f32>();
        for (var i = 0u; i < parts; i += 1u) {
            scores = fma(query[i], qkv[key + i], scores);
            wishes = fma(d_out[i], qkv[key + value_step + i], wishes);
        }
        let d_score = exp(sum(scores) - log_total) * (sum(wishes) - delta) * params.scale;
        for (var i = 0u; i < parts; i += 1u) {
            d_query[i] = fma(vec4<f32>(d_score), qkv[key + i], d_query[i]);
        }
    }
    let middle = parts / 2u;
    let to = row * stride + head * parts;
    for (var i = 0u; i < middle; i += 1u) {
        let first = table[position * parts + 2u * i];
        let second = table[position * parts + 2u * i + 1u];
        let cosines = vec4<f32>(first.xz, second.xz);
        let sines = vec4<f32>(first.yw, second.yw);
        d_qkv[to + i] = d_query[i] * cosines + d_query[i + middle] * sines;
        d_qkv[to + i + middle] = d_query[i + middle] * cosines - d_query[i] * sines;
    }
}
