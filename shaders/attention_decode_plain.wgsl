// One position per row: turns q and k by RoPE, appends k and v to the row's cache, and attends over all of it.
// Letters: B rows; H query heads, G of them share each of the Hkv key heads; C columns of a cache.
// head_dim is a multiple of 8, at most 128. One workgroup: 16 pairs of row and head, a thread each; for software adapters.
// Every query of a group turns the new key for itself, the first one keeps it: no thread waits for another.
// In front: shared/attend_alone.wgsl. Mirrors engine::cpu's Transformer::attention with a cache. Launcher: engine::gpu::calls.

struct Params {
    rows: u32,     // B
    groups: u32,   // G
    kv_heads: u32, // Hkv
    head_dim: u32,
    columns: u32,  // C
    scale: f32,    // 1 / sqrt(head_dim)
}

@group(0) @binding(0) var<storage, read>       qkv: array<vec4<f32>>;    // in     (B, (H + 2·Hkv)·head_dim / 4)
@group(0) @binding(1) var<storage, read>       table: array<vec4<f32>>;  // in     (positions, head_dim / 4): two cosines and sines
@group(0) @binding(2) var<storage, read>       state: array<vec4<u32>>;  // in     (B): prompt length, steps done, flags, 0
@group(0) @binding(3) var<storage, read_write> keys: array<vec4<f32>>;   // in/out (B, Hkv, C, head_dim / 4)
@group(0) @binding(4) var<storage, read_write> values: array<vec4<f32>>; // in/out (B, Hkv, C, head_dim / 4)
@group(0) @binding(5) var<storage, read_write> out: array<vec4<f32>>;    // out    (B, H·head_dim / 4)
@group(0) @binding(6) var<uniform>             params: Params;

var<private> cache_base: u32; // this row and head's first column, in fours

fn key_at(position: u32, i: u32) -> vec4<f32> {
    return keys[cache_base + position * (params.head_dim / 4u) + i];
}

fn value_at(position: u32, i: u32) -> vec4<f32> {
    return values[cache_base + position * (params.head_dim / 4u) + i];
}

// Elements 4·i to 4·i + 3 of the head that starts at `base`, turned to `position`.
fn turned(base: u32, i: u32, position: u32) -> vec4<f32> {
    let parts = params.head_dim / 4u;
    let middle = parts / 2u;
    let first = table[position * parts + 2u * (i % middle)];
    let second = table[position * parts + 2u * (i % middle) + 1u];
    let own = qkv[base + i] * vec4<f32>(first.xz, second.xz);
    let other = qkv[base + (i + middle) % parts] * vec4<f32>(first.yw, second.yw);
    return own + select(-other, other, i >= middle);
}

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let heads = params.groups * params.kv_heads;
    let row = id.x / heads;
    if row >= params.rows {
        return;
    }
    let head = id.x % heads;
    let kv = head / params.groups;
    let parts = params.head_dim / 4u;
    let position = state[row].x + state[row].y - 1u;
    let start = row * (heads + 2u * params.kv_heads) * parts;
    let key = start + (heads + kv) * parts;
    let value = key + params.kv_heads * parts;
    cache_base = (row * params.kv_heads + kv) * params.columns * parts;
    var sums = vec4<f32>();
    for (var i = 0u; i < parts; i += 1u) {
        query[i] = turned(start + head * parts, i, position);
        let fresh = turned(key, i, position);
        sums = fma(query[i], fresh, sums);
        if head % params.groups == 0u {
            keys[cache_base + position * parts + i] = fresh;
            values[cache_base + position * parts + i] = qkv[value + i];
        }
    }
    begin(parts);
    attend(parts, position, params.scale);
    let shares = weigh((sums.x + sums.y + sums.z + sums.w) * params.scale);
    for (var i = 0u; i < parts; i += 1u) {
        let sum = fma(mixed[i], shares.xxxx, shares.y * qkv[value + i]);
        out[(row * heads + head) * parts + i] = sum / total;
    }
}
