// mixed[m, h] = Σ_t softmax_t(q[m, h] · k[b·T + t] / sqrt(head_dim)) · v[b·T + t], over t up to the row's own position.
// Letters: M = B·T rows, row m = b·T + position; H query heads, G of them share each of the Hkv key heads.
// One workgroup of 64 threads: the G queries of one row and key head. In front: shared/attend.wgsl.
// Mirrors engine::cpu's Transformer::attention without a cache. Launcher: engine::gpu::calls.

struct Params {
    rows: u32,     // M
    time: u32,     // T
    groups: u32,   // G
    kv_heads: u32, // Hkv
    head_dim: u32,
    scale: f32,    // 1 / sqrt(head_dim)
}

@group(0) @binding(0) var<storage, read>       qkv: array<f32>; // in  (M, (H + 2·Hkv)·head_dim), q and k turned
@group(0) @binding(1) var<storage, read_write> out: array<f32>; // out (M, H·head_dim)
@group(0) @binding(2) var<uniform>             params: Params;

var<private> key_base: u32; // element of the first key of this sequence and head

fn stride() -> u32 {
    return (params.groups + 2u) * params.kv_heads * params.head_dim;
}

fn key_at(position: u32, d: u32) -> f32 {
    return qkv[key_base + position * stride() + d];
}

fn value_at(position: u32, d: u32) -> f32 {
    return qkv[key_base + params.kv_heads * params.head_dim + position * stride() + d];
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let row = group.y;
    let position = row % params.time;
    let width = params.groups * params.head_dim;
    key_base = (row - position) * stride() + (params.groups * params.kv_heads + group.x) * params.head_dim;
    for (var i = thread; i < width; i += 64u) {
        queries[i] = qkv[row * stride() + group.x * width + i];
    }
    workgroupBarrier();
    attend(thread, params.groups, params.head_dim, position + 1u, params.scale);
    for (var i = thread; i < width; i += 64u) {
        out[row * params.kv_heads * width + group.x * width + i] = mixed[i];
    }
}
