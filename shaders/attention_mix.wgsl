// mixed[i] = Σ_{j ≤ i} shares[z, i, j] · b[j] over the rows of one sequence, for every pair z = (sequence, query head): shares · v, and
// d_scores · k. Letters: T rows of a sequence, W = T / 4 rounded up; H query heads, G of them share each key head.
// One workgroup: 2 × 8 threads, 16 elements of a head × 64 rows, 8 × 8 a thread, no barrier; for software adapters.
// Mirrors a product in engine::cpu's Transformer::attention and its backward. Launcher: engine::gpu::calls.

struct Params {
    time: u32,         // T
    heads: u32,        // H
    groups: u32,       // G
    parts: u32,        // fours of a head, even
    width: u32,        // W
    own_stride: u32,   // of a row of mixed, fours
    own_offset: u32,   // of its first head, fours
    other_stride: u32, // of a row of b, fours
    other_offset: u32, // of its first key head, fours
    scale: f32,        // not used here
}

@group(0) @binding(0) var<storage, read>       shares: array<vec4<f32>>; // in  (B·H, T, W), 0 for j > i
@group(0) @binding(1) var<storage, read>       b: array<vec4<f32>>;      // in  (B·T, other_stride)
@group(0) @binding(2) var<storage, read_write> mixed: array<vec4<f32>>;  // out (B·T, own_stride)
@group(0) @binding(3) var<uniform>             params: Params;

// Four rows from `first` on; the last one instead of those beyond the edge.
fn four(first: u32) -> vec4<u32> {
    return min(first + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.time - 1u));
}

// Four rows of shares, each a column of the matrix, over four j.
fn share(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(shares[at.x], shares[at.y], shares[at.z], shares[at.w]);
}

// Four rows j of b over four elements.
fn other(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(b[at.x], b[at.y], b[at.z], b[at.w]);
}

fn store(at: vec4<u32>, sums: mat4x4<f32>) {
    mixed[at.x] = sums[0];
    mixed[at.y] = sums[1];
    mixed[at.z] = sums[2];
    mixed[at.w] = sums[3];
}

@compute @workgroup_size(2, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let i = id.y * 8u;
    let part = id.x * 2u;
    if i >= params.time || part >= params.parts {
        return;
    }
    let first = id.z / params.heads * params.time;
    let head = id.z % params.heads;
    let i0 = (id.z * params.time + four(i)) * params.width;
    let i1 = (id.z * params.time + four(i + 4u)) * params.width;
    let other_at = params.other_offset + head / params.groups * params.parts + part;
    var sum00 = mat4x4<f32>();
    var sum01 = mat4x4<f32>();
    var sum10 = mat4x4<f32>();
    var sum11 = mat4x4<f32>();
    for (var j4 = 0u; j4 < min(params.width, i / 4u + 2u); j4 += 1u) {
        let s0 = share(i0 + j4);
        let s1 = share(i1 + j4);
        let rows = other_at + (first + four(4u * j4)) * params.other_stride;
        let b0 = other(rows);
        sum00 += b0 * s0;
        sum10 += b0 * s1;
        let b1 = other(rows + 1u);
        sum01 += b1 * s0;
        sum11 += b1 * s1;
    }
    let own_at = params.own_offset + head * params.parts + part;
    let to0 = own_at + (first + four(i)) * params.own_stride;
    let to1 = own_at + (first + four(i + 4u)) * params.own_stride;
    store(to0, sum00);
    store(to0 + 1u, sum01);
    store(to1, sum10);
    store(to1 + 1u, sum11);
}
