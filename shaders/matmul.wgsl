// y[m, n] = Σ_k a[m, k] · w[n, k] (+ bias[n]) (+ y[m, n]): a linear layer, 16 × 16 elements a thread, no barrier.
// Letters: M rows, N columns, K inner, a multiple of 4. One workgroup: 4 × 2 threads, 64 columns × 32 rows.
// Grid: ⌈N / 64⌉ × ⌈M / 32⌉. Made for software adapters, where a load costs six times a multiplication and an `if` saves nothing.
// Rows and columns beyond the edge repeat the last one: the same value, stored again by the same thread.
// Mirrors a product of engine::cpu's Transformer. Launcher: engine::gpu::calls. Source: benches/products.

struct Params {
    rows: u32,          // M
    columns: u32,       // N
    inner: u32,         // K
    weight_offset: u32, // of w in the flat parameters, elements; a multiple of 4
    bias_offset: u32,   // of the bias there
    has_bias: u32,      // 1: add the bias
    add: u32,           // 1: add to what y holds (the residual stream)
}

@group(0) @binding(0) var<storage, read>       a: array<vec4<f32>>;       // in     (M, K / 4)
@group(0) @binding(1) var<storage, read>       weights: array<vec4<f32>>; // in     flat parameters; w is (N, K / 4)
@group(0) @binding(2) var<storage, read_write> y: array<f32>;             // in/out (M, N)
@group(0) @binding(3) var<uniform>             params: Params;

// Four neighbours; the last one instead of those beyond the edge.
fn four(first: u32, count: u32) -> vec4<u32> {
    return min(first + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(count - 1u));
}

fn held(at: vec4<u32>) -> vec4<f32> {
    return vec4<f32>(y[at.x], y[at.y], y[at.z], y[at.w]);
}

fn store(at: vec4<u32>, values: vec4<f32>) {
    y[at.x] = values.x;
    y[at.y] = values.y;
    y[at.z] = values.z;
    y[at.w] = values.w;
}

fn bias(column: u32) -> f32 {
    let at = params.bias_offset + column;
    return weights[at / 4u][at % 4u];
}

// Four rows of a, each a column of the matrix, over four k.
fn input(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(a[at.x], a[at.y], a[at.z], a[at.w]);
}

// Four rows of w over four k, turned.
fn weight(at: vec4<u32>) -> mat4x4<f32> {
    return transpose(mat4x4<f32>(weights[at.x], weights[at.y], weights[at.z], weights[at.w]));
}

@compute @workgroup_size(4, 2)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.y * 16u;
    let column = id.x * 16u;
    if row >= params.rows || column >= params.columns {
        return;
    }
    // Block 4 i + j: rows 4 i to 4 i + 3, each a column of the matrix, and columns 4 j to 4 j + 3.
    var sums: array<mat4x4<f32>, 16>;
    // Loops that run 0 or 16 times.
    for (var block = 0u; block < 16u * params.has_bias; block += 1u) {
        let to = four(column + block % 4u * 4u, params.columns);
        let values = vec4<f32>(bias(to.x), bias(to.y), bias(to.z), bias(to.w));
        sums[block] = mat4x4<f32>(values, values, values, values);
    }
    for (var block = 0u; block < 16u * params.add; block += 1u) {
        let to = four(column + block % 4u * 4u, params.columns);
        let at = four(row + block / 4u * 4u, params.rows) * params.columns;
        sums[block] += mat4x4<f32>(held(at.x + to), held(at.y + to), held(at.z + to), held(at.w + to));
    }
    let steps = params.inner / 4u;
    let offset = params.weight_offset / 4u;
    let row0 = four(row, params.rows) * steps;
    let row1 = four(row + 4u, params.rows) * steps;
    let row2 = four(row + 8u, params.rows) * steps;
    let row3 = four(row + 12u, params.rows) * steps;
    let column0 = four(column, params.columns) * steps + offset;
    let column1 = four(column + 4u, params.columns) * steps + offset;
    let column2 = four(column + 8u, params.columns) * steps + offset;
    let column3 = four(column + 12u, params.columns) * steps + offset;
    for (var k4 = 0u; k4 < steps; k4 += 1u) {
        let a0 = input(row0 + k4);
        let a1 = input(row1 + k4);
        let a2 = input(row2 + k4);
        let a3 = input(row3 + k4);
        let w0 = weight(column0 + k4);
        sums[0] += w0 * a0;
        sums[4] += w0 * a1;
        sums[8] += w0 * a2;
        sums[12] += w0 * a3;
        let w1 = weight(column1 + k4);
        sums[1] += w1 * a0;
        sums[5] += w1 * a1;
        sums[9] += w1 * a2;
        sums[13] += w1 * a3;
        let w2 = weight(column2 + k4);
        sums[2] += w2 * a0;
        sums[6] += w2 * a1;
        sums[10] += w2 * a2;
        sums[14] += w2 * a3;
        let w3 = weight(column3 + k4);
        sums[3] += w3 * a0;
        sums[7] += w3 * a1;
        sums[11] += w3 * a2;
        sums[15] += w3 * a3;
    }
    for (var block = 0u; block < 16u; block += 1u) {
        let to = four(column + block % 4u * 4u, params.columns);
        let at = four(row + block / 4u * 4u, params.rows) * params.columns;
        store(at.x + to, sums[block][0]);
        store(at.y + to, sums[block][1]);
        store(at.z + to, sums[block][2]);
        store(at.w + to, sums[block][3]);
    }
}
