// d_v[m] = Σ p · d_out, d_k[m] = scale · Σ p (d_out · v[m] - delta) q, over all queries that see row m; d_k is turned back by RoPE.
// p = exp(score - log_total), with (log_total, delta) as attention_query_gradient.wgsl left them.
// Letters: M = B·T rows, row m = b·T + position; H query heads, G of them share each of the Hkv key heads.
// head_dim is a multiple of 8, at most 128. One workgroup: 32 pairs of row and key head, a thread each, no barrier.
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
@group(0) @binding(1) var<storage, read>       d_mixed: array<vec4<f32>>; // in  (M, H·head_dim / 4)
@group(0) @binding(2) var<storage, read>       table: array<vec4<f32>>;   // in  (positions, head_dim / 4): two cosines and sines
@group(0) @binding(3) var<storage, read>       stats: array<vec2<f32>>;   // in  (M, H)
@group(0) @binding(4) var<storage, read_write> d_qkv: array<vec4<f32>>;   // out (M, (H + 2·Hkv)·head_dim / 4), the parts of k and v
@group(0) @binding(5) var<uniform>             params: Params;

var<private> key: array<vec4<f32>, 32>;
var<private> value: array<vec4<f32>, 32>;
var<private> d_key: array<vec4<f32>, 32>;
var<private> d_value: array<vec4<f32>, 32>;

fn sum(parts: vec4<f32>) -> f32 {
    return parts.x + parts.y + parts.z + parts.w;
}

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.x / params.kv_heads;
    if row >= params.rows {
        return;
    }
    let heads = params.groups * params.kv_heads;
    let kv_head = id.x % params.kv_heads;
    let position = row % params.time;
    let parts = params.head_dim / 4u;
    let stride = (heads + 2u * params.kv_heads) * parts;
    let own_key = row * stride + (heads + kv_head) * parts;
    let own_value = own_key + params.kv_heads * parts;
    for (var i = 0u; i < parts; i += 1u) {
        key[i] = qkv[own_key + i] * params.scale;
        value[i] = qkv[own_value + i];
        d_key[i] = vec4<f32>();
        d_value[i] = vec4<f32>();
    }
    for (var later = row; later < row - position + params.time; later += 1u) {
        for (var head = kv_head * params.groups; head < (kv_head + 1u) * params.groups; head += 1u) {
            let query = later * stride + head * parts;
            let out = (later * heads + head) * parts;
            var scores = vec4<f32>();
            var wishes = vec4<f32>();
            for (var i = 0u; i < parts; i += 1u) {
                scores = fma(key[i], qkv[query + i], scores);
                wishes = fma(value[i], d_mixed[out + i], wishes);
            }
            let known = stats[later * heads + head];
            let share = exp(sum(scores) - known.x);
            let d_score = share * (sum(wishes) - known.y) * params.scale;
            for (var i = 0u; i < parts; i += 1u) {
                d_value[i] = fma(vec4<f32>(share), d_mixed[out + i], d_value[i]);
                d_key[i] = fma(vec4<f32>(d_score), qkv[query + i], d_key[i]);
            }
        }
    }
    let middle = parts / 2u;
    for (var i = 0u; i < middle; i += 1u) {
        let first = table[position * parts + 2u * i];
        let second = table[position * parts + 2u * i + 1u];
        let cosines = vec4<f32>(first.xz, second.xz);
        let sines = vec4<f32>(first.yw, second.yw);
        d_qkv[own_key + i] = d_key[i] * cosines + d_key[i + middle] * sines;
        d_qkv[own_key + i + middle] = d_key[i + middle] * cosines - d_key[i] * sines;
    }
    for (var i = 0u; i < parts; i += 1u) {
        d_qkv[own_value + i] = d_value[i];
    }
}
