// gradient[n, k] += Σ_m dy[m, n] · x[m, k]: a linear layer's weight gradient, 16 × 16 elements a thread, no barrier.
// Letters: M rows, N columns, K inner; N and K multiples of 4. One workgroup: 4 × 2 threads, 64 k × 32 n.
// Grid: ⌈K / 64⌉ × ⌈N / 32⌉. Made for software adapters, where a load costs six times a multiplication.
// What lies beyond the edge repeats the last four n or k: the same value, stored again by the same thread.
// Mirrors the backward of a product in engine::cpu. Launcher: engine::gpu::calls. Source: benches/products.

struct Params {
    rows: u32,          // M
    columns: u32,       // N
    inner: u32,         // K
    weight_offset: u32, // of w in the flat gradient, elements; a multiple of 4
}

@group(0) @binding(0) var<storage, read>       dy: array<vec4<f32>>;       // in     (M, N / 4)
@group(0) @binding(1) var<storage, read>       x: array<vec4<f32>>;        // in     (M, K / 4)
@group(0) @binding(2) var<storage, read_write> gradient: array<vec4<f32>>; // in/out flat gradient; that of w is (N, K / 4)
@group(0) @binding(3) var<uniform>             params: Params;

const FOUR = vec4<u32>(0u, 1u, 2u, 3u);

// Four rows m of dy over four n, turned.
fn output(at: vec4<u32>) -> mat4x4<f32> {
    return transpose(mat4x4<f32>(dy[at.x], dy[at.y], dy[at.z], dy[at.w]));
}

// Four rows m of x over four k.
fn input(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(x[at.x], x[at.y], x[at.z], x[at.w]);
}

// One row m.
fn outer(d: vec4<f32>, v: vec4<f32>) -> mat4x4<f32> {
    return mat4x4<f32>(d.x * v, d.y * v, d.z * v, d.w * v);
}

// Where the four rows n of a block lie in the gradient.
fn place(n4: u32, k4: u32) -> vec4<u32> {
    let quads = params.inner / 4u;
    let n = min(n4, params.columns / 4u - 1u) * 4u + FOUR;
    return params.weight_offset / 4u + n * quads + min(k4, quads - 1u);
}

@compute @workgroup_size(4, 2)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let dy_quads = params.columns / 4u;
    let x_quads = params.inner / 4u;
    let n4 = id.y * 4u;
    let k4 = id.x * 4u;
    if n4 >= dy_quads || k4 >= x_quads {
        return;
    }
    let n = min(n4 + FOUR, vec4<u32>(dy_quads - 1u));
    let k = min(k4 + FOUR, vec4<u32>(x_quads - 1u));
    // Block 4 i + j: the four n of quad i, each a column of the matrix, and the four k of quad j.
    var sums: array<mat4x4<f32>, 16>;
    for (var block = 0u; block < 16u; block += 1u) {
        let at = place(n4 + block / 4u, k4 + block % 4u);
        sums[block] = mat4x4<f32>(gradient[at.x], gradient[at.y], gradient[at.z], gradient[at.w]);
    }
    let whole = params.rows / 4u * 4u;
    for (var m = 0u; m < whole; m += 4u) {
        let dy_rows = (m + FOUR) * dy_quads;
        let x_rows = (m + FOUR) * x_quads;
        let d0 = output(dy_rows + n.x);
        let d1 = output(dy_rows + n.y);
        let d2 = output(dy_rows + n.z);
        let d3 = output(dy_rows + n.w);
        let x0 = input(x_rows + k.x);
        sums[0] += x0 * d0;
        sums[4] += x0 * d1;
        sums[8] += x0 * d2;
        sums[12] += x0 * d3;
        let x1 = input(x_rows + k.y);
        sums[1] += x1 * d0;
        sums[5] += x1 * d1;
        sums[9] += x1 * d2;
        sums[13] += x1 * d3;
        let x2 = input(x_rows + k.z);
        sums[2] += x2 * d0;
        sums[6] += x2 * d1;
        sums[10] += x2 * d2;
        sums[14] += x2 * d3;
        let x3 = input(x_rows + k.w);
        sums[3] += x3 * d0;
        sums[7] += x3 * d1;
        sums[11] += x3 * d2;
        sums[15] += x3 * d3;
    }
    for (var m = whole; m < params.rows; m += 1u) {
        for (var block = 0u; block < 16u; block += 1u) {
            let d = dy[m * dy_quads + min(n4 + block / 4u, dy_quads - 1u)];
            sums[block] += outer(d, x[m * x_quads + min(k4 + block % 4u, x_quads - 1u)]);
        }
    }
    for (var block = 0u; block < 16u; block += 1u) {
        let at = place(n4 + block / 4u, k4 + block % 4u);
        gradient[at.x] = sums[block][0];
        gradient[at.y] = sums[block][1];
        gradient[at.z] = sums[block][2];
        gradient[at.w] = sums[block][3];
    }
}
