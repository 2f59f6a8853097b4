// c[i, j] = scale · Σ_k a[i, k] · b[j, k] (+ c[i, j]), each element where an offset and steps say: the five products of a low-rank adapter,
// z = x·Aᵀ, y += z·Bᵀ, dz = dy·B, dB += dyᵀ·z, dA += dzᵀ·x, dx += dz·A. Any sizes.
// One workgroup: 8 threads, 8 × 8 elements each, no barrier; grid: ⌈⌈rows / 8⌉ · ⌈columns / 8⌉ / 8⌉ × 1, tiles of a row follow each other.
// Products are summed in runs of 64, and those sums in turn: the error grows with √64 + √(K / 64) roundings, not with √K.
// Mirrors engine::packed's Adapter::add and Adapter::backward. Launcher: engine::gpu::calls. Source: Hu et al. 2021, LoRA.

struct Params {
    rows: u32,     // of c
    columns: u32,  // of c
    inner: u32,    // K
    a_offset: u32, // a[i, k] is element a_offset + i · a_row + k · a_step
    a_row: u32,
    a_step: u32,
    b_offset: u32, // b[j, k] is element b_offset + j · b_row + k · b_step
    b_row: u32,
    b_step: u32,
    c_offset: u32, // c[i, j] is element c_offset + i · c_row + j
    c_row: u32,
    scale: f32,
    add: u32,      // 1: add to what c holds
}

@group(0) @binding(0) var<storage, read>       a: array<f32>; // in
@group(0) @binding(1) var<storage, read>       b: array<f32>; // in
@group(0) @binding(2) var<storage, read_write> c: array<f32>; // in/out
@group(0) @binding(3) var<uniform>             params: Params;

const RUN: u32 = 64u;

// Four neighbours; the last one instead of those beyond the edge.
fn four(first: u32, count: u32) -> vec4<u32> {
    return min(first + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(count - 1u));
}

fn from_a(at: vec4<u32>) -> vec4<f32> {
    return vec4<f32>(a[at.x], a[at.y], a[at.z], a[at.w]);
}

fn from_b(at: vec4<u32>) -> vec4<f32> {
    return vec4<f32>(b[at.x], b[at.y], b[at.z], b[at.w]);
}

// [j][i]
fn outer(left: vec4<f32>, right: vec4<f32>) -> mat4x4<f32> {
    return mat4x4<f32>(left * right.x, left * right.y, left * right.z, left * right.w);
}

fn store(row: u32, column: u32, sum: f32) {
    if row < params.rows && column < params.columns {
        let at = params.c_offset + row * params.c_row + column;
        var value = params.scale * sum;
        if params.add == 1u {
            value += c[at];
        }
        c[at] = value;
    }
}

fn store_block(row: u32, column: u32, sums: mat4x4<f32>) {
    for (var j = 0u; j < 4u; j += 1u) {
        store(row, column + j, sums[j].x);
        store(row + 1u, column + j, sums[j].y);
        store(row + 2u, column + j, sums[j].z);
        store(row + 3u, column + j, sums[j].w);
    }
}

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let across = (params.columns + 7u) / 8u;
    let row = id.x / across * 8u;
    let column = id.x % across * 8u;
    if row >= params.rows {
        return;
    }
    var a0 = params.a_offset + four(row, params.rows) * params.a_row;
    var a1 = params.a_offset + four(row + 4u, params.rows) * params.a_row;
    var b0 = params.b_offset + four(column, params.columns) * params.b_row;
    var b1 = params.b_offset + four(column + 4u, params.columns) * params.b_row;
    var total = array<mat4x4<f32>, 4>(); // rows 0 to 3 of columns 0 to 3, then of columns 4 to 7; rows 4 to 7 of both
    for (var first = 0u; first < params.inner; first += RUN) {
        var sums = array<mat4x4<f32>, 4>(); // said, as some compilers clear a variable of a loop once only
        for (var k = first; k < min(first + RUN, params.inner); k += 1u) {
            let left0 = from_a(a0);
            let left1 = from_a(a1);
            let right0 = from_b(b0);
            let right1 = from_b(b1);
            sums[0] += outer(left0, right0);
            sums[1] += outer(left0, right1);
            sums[2] += outer(left1, right0);
            sums[3] += outer(left1, right1);
            a0 += params.a_step;
            a1 += params.a_step;
            b0 += params.b_step;
            b1 += params.b_step;
        }
        total[0] += sums[0];
        total[1] += sums[1];
        total[2] += sums[2];
        total[3] += sums[3];
    }
    store_block(row, column, total[0]);
    store_block(row, column + 4u, total[1]);
    store_block(row + 4u, column, total[2]);
    store_block(row + 4u, column + 4u, total[3]);
}
