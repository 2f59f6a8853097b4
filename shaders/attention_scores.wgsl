// scores[z, i, j] = scale · a[i] · b[j] over the rows of one sequence, for every pair z = (sequence, query head): q · k, and d_out · v.
// Letters: T rows of a sequence, W = T / 4 rounded up; H query heads, G of them share each key head. Blocks above the diagonal are
// left as they are. One workgroup: 4 × 4 threads, 32 × 32 elements, 8 × 8 a thread, no barrier; for software adapters.
// Mirrors the products in engine::cpu's Transformer::attention and their backward. Launcher: engine::gpu::calls.

struct Params {
    time: u32,         // T
    heads: u32,        // H
    groups: u32,       // G
    parts: u32,        // fours of a head
    width: u32,        // W
    own_stride: u32,   // of a row of a, fours
    own_offset: u32,   // of its first head, fours
    other_stride: u32, // of a row of b, fours
    other_offset: u32, // of its first key head, fours
    scale: f32,
}

@group(0) @binding(0) var<storage, read>       a: array<vec4<f32>>;      // in  (B·T, own_stride)
@group(0) @binding(1) var<storage, read>       b: array<vec4<f32>>;      // in  (B·T, other_stride)
@group(0) @binding(2) var<storage, read_write> scores: array<vec4<f32>>; // out (B·H, T, W)
@group(0) @binding(3) var<uniform>             params: Params;

// Four rows from `first` on; the last one instead of those beyond the edge.
fn four(first: u32) -> vec4<u32> {
    return min(first + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.time - 1u));
}

// Four rows of a, each a column of the matrix, over four elements.
fn own(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(a[at.x], a[at.y], a[at.z], a[at.w]);
}

// Four rows of b over four elements, turned.
fn other(at: vec4<u32>) -> mat4x4<f32> {
    return transpose(mat4x4<f32>(b[at.x], b[at.y], b[at.z], b[at.w]));
}

fn store(z: u32, first: u32, j4: u32, sums: mat4x4<f32>) {
    if j4 >= params.width {
        return;
    }
    let at = (z * params.time + four(first)) * params.width + j4;
    scores[at.x] = sums[0] * params.scale;
    scores[at.y] = sums[1] * params.scale;
    scores[at.z] = sums[2] * params.scale;
    scores[at.w] = sums[3] * params.scale;
}

@compute @workgroup_size(4, 4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let i = id.y * 8u;
    let j = id.x * 8u;
    if i >= params.time || j >= params.time || j > i + 7u {
        return;
    }
    let first = id.z / params.heads * params.time;
    let head = id.z % params.heads;
    let own_at = params.own_offset + head * params.parts;
    let other_at = params.other_offset + head / params.groups * params.parts;
    let i0 = own_at + (first + four(i)) * params.own_stride;
    let i1 = own_at + (first + four(i + 4u)) * params.own_stride;
    let j0 = other_at + (first + four(j)) * params.other_stride;
    let j1 = other_at + (first + four(j + 4u)) * params.other_stride;
    var sum00 = mat4x4<f32>();
    var sum01 = mat4x4<f32>();
    var sum10 = mat4x4<f32>();
    var sum11 = mat4x4<f32>();
    for (var d = 0u; d < params.parts; d += 1u) {
        let a0 = own(i0 + d);
        let a1 = own(i1 + d);
        let b0 = other(j0 + d);
        sum00 += b0 * a0;
        sum10 += b0 * a1;
        let b1 = other(j1 + d);
        sum01 += b1 * a0;
        sum11 += b1 * a1;
    }
    store(id.z, i, j / 4u, sum00);
    store(id.z, i, j / 4u + 1u, sum01);
    store(id.z, i + 4u, j / 4u, sum10);
    store(id.z, i + 4u, j / 4u + 1u, sum11);
}
