// dx[m, k] = Σ_n dy[m, n] · w[n, k] (+ dx[m, k]): a linear layer's input gradient, 16 × 8 elements a thread, no barrier.
// Letters: M rows, N columns, K inner; N and K multiples of 4. One workgroup: 4 × 2 threads, 32 × 32 elements.
// Grid: ⌈K / 32⌉ × ⌈M / 32⌉. Made for software adapters, where a load costs five times a multiplication and a branch saves nothing.
// Rows and columns beyond the edge repeat the last one: the same value, stored again by the same thread.
// Mirrors the backward of a product in engine::cpu. Launcher: engine::gpu::backward. Source: benches/products.

struct Params {
    rows: u32,          // M
    columns: u32,       // N
    inner: u32,         // K
    weight_offset: u32, // of w in the flat parameters, elements; a multiple of 4
    add: u32,           // 1: add to what dx holds
}

@group(0) @binding(0) var<storage, read>       dy: array<vec4<f32>>;      // in     (M, N / 4)
@group(0) @binding(1) var<storage, read>       weights: array<vec4<f32>>; // in     flat parameters; w is (N, K / 4)
@group(0) @binding(2) var<storage, read_write> dx: array<vec4<f32>>;      // in/out (M, K / 4)
@group(0) @binding(3) var<uniform>             params: Params;

const FOUR = vec4<u32>(0u, 1u, 2u, 3u);

// Four rows of dx, each a column of the matrix.
fn load(rows: vec4<u32>, quad: u32) -> mat4x4<f32> {
    return mat4x4<f32>(dx[rows.x + quad], dx[rows.y + quad], dx[rows.z + quad], dx[rows.w + quad]);
}

fn store(rows: vec4<u32>, quad: u32, sums: mat4x4<f32>) {
    dx[rows.x + quad] = sums[0];
    dx[rows.y + quad] = sums[1];
    dx[rows.z + quad] = sums[2];
    dx[rows.w + quad] = sums[3];
}

// Four rows of dy over four n.
fn coefficients(rows: vec4<u32>, n4: u32) -> mat4x4<f32> {
    return mat4x4<f32>(dy[rows.x + n4], dy[rows.y + n4], dy[rows.z + n4], dy[rows.w + n4]);
}

// Four rows n of w over four k.
fn weight(rows: vec4<u32>, quad: u32) -> mat4x4<f32> {
    return mat4x4<f32>(weights[rows.x + quad], weights[rows.y + quad], weights[rows.z + quad], weights[rows.w + quad]);
}

@compute @workgroup_size(4, 2)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quads = params.inner / 4u;
    let steps = params.columns / 4u;
    let row = id.y * 16u;
    if row >= params.rows || id.x * 2u >= quads {
        return;
    }
    let last = vec4<u32>(params.rows - 1u);
    let row0 = min(row + FOUR, last);
    let row1 = min(row + 4u + FOUR, last);
    let row2 = min(row + 8u + FOUR, last);
    let row3 = min(row + 12u + FOUR, last);
    let quad0 = id.x * 2u;
    let quad1 = min(quad0 + 1u, quads - 1u);
    var sum00 = mat4x4<f32>();
    var sum01 = mat4x4<f32>();
    var sum10 = mat4x4<f32>();
    var sum11 = mat4x4<f32>();
    var sum20 = mat4x4<f32>();
    var sum21 = mat4x4<f32>();
    var sum30 = mat4x4<f32>();
    var sum31 = mat4x4<f32>();
    // A loop and not an `if`: what no thread runs is then skipped on a software adapter too.
    for (var once = 0u; once < params.add; once += 1u) {
        sum00 = load(row0 * quads, quad0);
        sum01 = load(row0 * quads, quad1);
        sum10 = load(row1 * quads, quad0);
        sum11 = load(row1 * quads, quad1);
        sum20 = load(row2 * quads, quad0);
        sum21 = load(row2 * quads, quad1);
        sum30 = load(row3 * quads, quad0);
        sum31 = load(row3 * quads, quad1);
    }
    for (var n4 = 0u; n4 < steps; n4 += 1u) {
        let rows = params.weight_offset / 4u + (n4 * 4u + FOUR) * quads;
        let w0 = weight(rows, quad0);
        let w1 = weight(rows, quad1);
        let d0 = coefficients(row0 * steps, n4);
        let d1 = coefficients(row1 * steps, n4);
        let d2 = coefficients(row2 * steps, n4);
        let d3 = coefficients(row3 * steps, n4);
        sum00 += w0 * d0;
        sum01 += w1 * d0;
        sum10 += w0 * d1;
        sum11 += w1 * d1;
        sum20 += w0 * d2;
        sum21 += w1 * d2;
        sum30 += w0 * d3;
        sum31 += w1 * d3;
    }
    store(row0 * quads, quad0, sum00);
    store(row0 * quads, quad1, sum01);
    store(row1 * quads, quad0, sum10);
    store(row1 * quads, quad1, sum11);
    store(row2 * quads, quad0, sum20);
    store(row2 * quads, quad1, sum21);
    store(row3 * quads, quad0, sum30);
    store(row3 * quads, quad1, sum31);
}
