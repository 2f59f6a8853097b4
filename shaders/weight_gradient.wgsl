// gradient[n, k] += Σ_m dy[m, n] · x[m, k]: a linear layer's weight gradient, 8 × 16 elements a thread, no barrier.
// Letters: M rows, N columns, K inner; N and K multiples of 4. One workgroup: 4 × 2 threads, 16 × 64 elements.
// Grid: ⌈K / 64⌉ × ⌈N / 16⌉. Made for software adapters, where a load costs five times a multiplication.
// Columns beyond the edge repeat the last ones: the same value, stored again by the same thread.
// Mirrors the backward of a product in engine::cpu. Launcher: engine::gpu::backward. Source: benches/products.

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

// Four rows n of the gradient, each a column of the matrix.
fn load(rows: vec4<u32>, quad: u32) -> mat4x4<f32> {
    return mat4x4<f32>(gradient[rows.x + quad], gradient[rows.y + quad], gradient[rows.z + quad], gradient[rows.w + quad]);
}

fn store(rows: vec4<u32>, quad: u32, sums: mat4x4<f32>) {
    gradient[rows.x + quad] = sums[0];
    gradient[rows.y + quad] = sums[1];
    gradient[rows.z + quad] = sums[2];
    gradient[rows.w + quad] = sums[3];
}

// Four n of dy over four rows m.
fn coefficients(rows: vec4<u32>, n4: u32) -> mat4x4<f32> {
    return transpose(mat4x4<f32>(dy[rows.x + n4], dy[rows.y + n4], dy[rows.z + n4], dy[rows.w + n4]));
}

// Four rows m of x over four k.
fn input(rows: vec4<u32>, quad: u32) -> mat4x4<f32> {
    return mat4x4<f32>(x[rows.x + quad], x[rows.y + quad], x[rows.z + quad], x[rows.w + quad]);
}

// One row m.
fn outer(d: vec4<f32>, v: vec4<f32>) -> mat4x4<f32> {
    return mat4x4<f32>(d.x * v, d.y * v, d.z * v, d.w * v);
}

@compute @workgroup_size(4, 2)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let dy_quads = params.columns / 4u;
    let quads = params.inner / 4u;
    if id.y * 2u >= dy_quads || id.x * 4u >= quads {
        return;
    }
    let n0 = id.y * 2u;
    let n1 = min(n0 + 1u, dy_quads - 1u);
    let quad = min(id.x * 4u + FOUR, vec4<u32>(quads - 1u));
    let to0 = params.weight_offset / 4u + (n0 * 4u + FOUR) * quads;
    let to1 = params.weight_offset / 4u + (n1 * 4u + FOUR) * quads;
    var sum00 = load(to0, quad.x);
    var sum01 = load(to0, quad.y);
    var sum02 = load(to0, quad.z);
    var sum03 = load(to0, quad.w);
    var sum10 = load(to1, quad.x);
    var sum11 = load(to1, quad.y);
    var sum12 = load(to1, quad.z);
    var sum13 = load(to1, quad.w);
    let whole = params.rows / 4u * 4u;
    for (var m = 0u; m < whole; m += 4u) {
        let d0 = coefficients((m + FOUR) * dy_quads, n0);
        let d1 = coefficients((m + FOUR) * dy_quads, n1);
        let rows = (m + FOUR) * quads;
        let x0 = input(rows, quad.x);
        let x1 = input(rows, quad.y);
        let x2 = input(rows, quad.z);
        let x3 = input(rows, quad.w);
        sum00 += x0 * d0;
        sum01 += x1 * d0;
        sum02 += x2 * d0;
        sum03 += x3 * d0;
        sum10 += x0 * d1;
        sum11 += x1 * d1;
        sum12 += x2 * d1;
        sum13 += x3 * d1;
    }
    for (var m = whole; m < params.rows; m += 1u) {
        let d0 = dy[m * dy_quads + n0];
        let d1 = dy[m * dy_quads + n1];
        sum00 += outer(d0, x[m * quads + quad.x]);
        sum01 += outer(d0, x[m * quads + quad.y]);
        sum02 += outer(d0, x[m * quads + quad.z]);
        sum03 += outer(d0, x[m * quads + quad.w]);
        sum10 += outer(d1, x[m * quads + quad.x]);
        sum11 += outer(d1, x[m * quads + quad.y]);
        sum12 += outer(d1, x[m * quads + quad.z]);
        sum13 += outer(d1, x[m * quads + quad.w]);
    }
    store(to0, quad.x, sum00);
    store(to0, quad.y, sum01);
    store(to0, quad.z, sum02);
    store(to0, quad.w, sum03);
    store(to1, quad.x, sum10);
    store(to1, quad.y, sum11);
    store(to1, quad.z, sum12);
    store(to1, quad.w, sum13);
}
