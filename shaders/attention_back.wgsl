// handed[j] = Σ over the query heads of a key head and over i ≥ j of shares[z, i, j] · b[i], rows of one sequence: sharesᵀ · d_out for
// the values, d_scoresᵀ · q for the keys. Letters: T rows of a sequence, W = T / 4 rounded up; H query heads, G share each key head.
// One workgroup: 2 × 8 threads, 16 elements of a head × 64 rows, 8 × 8 a thread, no barrier; for software adapters.
// Mirrors the backward that Burn's autodiff gives Transformer::attention. Launcher: engine::gpu::calls.

struct Params {
    time: u32,         // T
    heads: u32,        // H
    groups: u32,       // G
    parts: u32,        // fours of a head, even
    width: u32,        // W
    own_stride: u32,   // of a row of handed, fours
    own_offset: u32,   // of its first key head, fours
    other_stride: u32, // of a row of b, fours
    other_offset: u32, // of its first query head, fours
    scale: f32,        // not used here
}

@group(0) @binding(0) var<storage, read>       shares: array<vec4<f32>>; // in  (B·H, T, W), 0 for j > i
@group(0) @binding(1) var<storage, read>       b: array<vec4<f32>>;      // in  (B·T, other_stride)
@group(0) @binding(2) var<storage, read_write> handed: array<vec4<f32>>; // out (B·T, own_stride)
@group(0) @binding(3) var<uniform>             params: Params;

const FOUR: vec4<u32> = vec4<u32>(0u, 1u, 2u, 3u);

// Four rows from `first` on; the last one instead of those beyond the edge.
fn four(first: u32) -> vec4<u32> {
    return min(first + FOUR, vec4<u32>(params.time - 1u));
}

// Four rows i of shares over four j, turned; rows beyond the edge count 0.
fn share(at: vec4<u32>, counts: vec4<f32>) -> mat4x4<f32> {
    return transpose(mat4x4<f32>(
        shares[at.x] * counts.x, shares[at.y] * counts.y, shares[at.z] * counts.z, shares[at.w] * counts.w));
}

// Four rows i of b over four elements.
fn other(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(b[at.x], b[at.y], b[at.z], b[at.w]);
}

// Rows j to j + 3 of `first`'s sequence; what lies beyond the edge is no copy of the last row, and is not stored.
fn store(first: u32, j: u32, part: u32, sums: mat4x4<f32>) {
    for (var row = 0u; row < min(4u, params.time - min(j, params.time)); row += 1u) {
        handed[part + (first + j + row) * params.own_stride] = sums[row];
    }
}

@compute @workgroup_size(2, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let j = id.y * 8u;
    let part = id.x * 2u;
    if j >= params.time || part >= params.parts {
        return;
    }
    let kv_heads = params.heads / params.groups;
    let batch = id.z / kv_heads;
    let kv_head = id.z % kv_heads;
    let next = min(1u, params.width - 1u - j / 4u); // to the second four of j, or the first again
    var sum00 = mat4x4<f32>();
    var sum01 = mat4x4<f32>();
    var sum10 = mat4x4<f32>();
    var sum11 = mat4x4<f32>();
    for (var head = kv_head * params.groups; head < (kv_head + 1u) * params.groups; head += 1u) {
        let rows_at = (batch * params.heads + head) * params.time;
        let other_at = params.other_offset + head * params.parts + part;
        for (var i4 = j / 4u; i4 < params.width; i4 += 1u) {
            let i = four(4u * i4);
            let counts = select(vec4<f32>(), vec4<f32>(1.0), 4u * i4 + FOUR < vec4<u32>(params.time));
            let at = (rows_at + i) * params.width + j / 4u;
            let s0 = share(at, counts);
            let s1 = share(at + next, counts);
            let rows = other_at + (batch * params.time + i) * params.other_stride;
            let b0 = other(rows);
            sum00 += b0 * s0;
            sum10 += b0 * s1;
            let b1 = other(rows + 1u);
            sum01 += b1 * s0;
            sum11 += b1 * s1;
        }
    }
    let own_at = params.own_offset + kv_head * params.parts + part;
    let first = batch * params.time;
    store(first, j, own_at, sum00);
    store(first, j, own_at + 1u, sum01);
    store(first, j + 4u, own_at, sum10);
    store(first, j + 4u, own_at + 1u, sum11);
}
