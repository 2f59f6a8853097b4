// One position per row: turns q and k by RoPE, appends k and v to the row's cache, and attends over all of it.
// Letters: B rows; H query heads, G of them share each of the Hkv key heads; C columns of a cache.
// One workgroup of 64 threads: the G queries of one row and key head; no other touches its part of the cache.
// In front: shared/attend.wgsl. Mirrors engine::cpu's Transformer::attention with a cache. Launcher: engine::gpu::calls.

struct Params {
    rows: u32,     // B
    groups: u32,   // G
    kv_heads: u32, // Hkv
    head_dim: u32,
    columns: u32,  // C
    scale: f32,    // 1 / sqrt(head_dim)
}

@group(0) @binding(0) var<storage, read>       qkv: array<f32>;         // in     (B, (H + 2·Hkv)·head_dim)
@group(0) @binding(1) var<storage, read>       table: array<vec2<f32>>; // in     (positions, head_dim / 2): cosine, sine
@group(0) @binding(2) var<storage, read>       state: array<vec4<u32>>; // in     (B): prompt length, steps done, flags, 0
@group(0) @binding(3) var<storage, read_write> keys: array<f32>;        // in/out (B, Hkv, C, head_dim)
@group(0) @binding(4) var<storage, read_write> values: array<f32>;      // in/out (B, Hkv, C, head_dim)
@group(0) @binding(5) var<storage, read_write> out: array<f32>;         // out    (B, H·head_dim)
@group(0) @binding(6) var<uniform>             params: Params;

var<private> cache_base: u32; // element of this row and head's first column
var<workgroup> column: u32;   // of the new position

fn key_at(position: u32, d: u32) -> f32 {
    return keys[cache_base + position * params.head_dim + d];
}

fn value_at(position: u32, d: u32) -> f32 {
    return values[cache_base + position * params.head_dim + d];
}

// Element i of the head that starts at `base`, turned to `position`.
fn turned(base: u32, i: u32, position: u32) -> f32 {
    let half = params.head_dim / 2u;
    let turn = table[position * half + i % half];
    let other = select(-qkv[base + (i + half) % params.head_dim], qkv[base + (i + half) % params.head_dim], i >= half);
    return qkv[base + i] * turn.x + other * turn.y;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let row = group.y;
    if thread == 0u {
        column = state[row].x + state[row].y - 1u;
    }
    let position = workgroupUniformLoad(&column);
    let hd = params.head_dim;
    let width = params.groups * hd;
    let start = row * (params.groups + 2u) * params.kv_heads * hd;
    cache_base = (row * params.kv_heads + group.x) * params.columns * hd;
    for (var i = thread; i < width; i += 64u) {
        queries[i] = turned(start + group.x * width + i / hd * hd, i % hd, position);
    }
    let key = start + params.kv_heads * width + group.x * hd;
    for (var i = thread; i < hd; i += 64u) {
        keys[cache_base + position * hd + i] = turned(key, i, position);
        values[cache_base + position * hd + i] = qkv[key + params.kv_heads * hd + i];
    }
    storageBarrier();
    workgroupBarrier();
    attend(thread, params.groups, hd, position + 1u, params.scale);
    for (var i = thread; i < width; i += 64u) {
        out[(row * params.kv_heads + group.x) * width + i] = mixed[i];
    }
}
