// mixed[m, h] = Σ_t softmax_t(q[m, h] · k[b·T + t] / sqrt(head_dim)) · v[b·T + t], over t up to the row's own position.
// Letters: M = B·T rows, row m = b·T + position; H query heads, G of them share each of the Hkv key heads.
// head_dim is a multiple of 8, at most 128. One workgroup: 16 pairs of row and head, a thread each; for software adapters.
// In front: shared/attend_alone.wgsl. Mirrors engine::cpu's Transformer::attention without a cache. Launcher: engine::gpu::calls.

struct Params {
    rows: u32,     // M
    time: u32,     // T
    groups: u32,   // G
    kv_heads: u32, // Hkv
    head_dim: u32,
    scale: f32,    // 1 / sqrt(head_dim)
}

@group(0) @binding(0) var<storage, read>       qkv: array<vec4<f32>>; // in  (M, (H + 2·Hkv)·head_dim / 4), q and k turned
@group(0) @binding(1) var<storage, read_write> out: array<vec4<f32>>; // out (M, H·head_dim / 4)
@group(0) @binding(2) var<uniform>             params: Params;

var<private> key_base: u32;   // first key of this sequence and head, in fours
var<private> stride: u32;     // of a row of qkv, in fours
var<private> value_step: u32; // from a key to its value, in fours

fn key_at(position: u32, i: u32) -> vec4<f32> {
    return qkv[key_base + position * stride + i];
}

fn value_at(position: u32, i: u32) -> vec4<f32> {
    return qkv[key_base + value_step + position * stride + i];
}

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let heads = params.groups * params.kv_heads;
    let row = id.x / heads;
    if row >= params.rows {
        return;
    }
    let head = id.x % heads;
    let position = row % params.time;
    let parts = params.head_dim / 4u;
    stride = (heads + 2u * params.kv_heads) * parts;
    value_step = params.kv_heads * parts;
    key_base = (row - position) * stride + (heads + head / params.groups) * parts;
    for (var i = 0u; i < parts; i += 1u) {
        query[i] = qkv[row * stride + head * parts + i];
    }
    begin(parts);
    attend(parts, position + 1u, params.scale);
    for (var i = 0u; i < parts; i += 1u) {
        out[(row * heads + head) * parts + i] = mixed[i] / total;
    }
}
