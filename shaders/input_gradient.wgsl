// dx[m, k] = Σ_n dy[m, n] · w[n, k] (+ dx[m, k]): a linear layer's input gradient, 16 × 16 elements a thread, no barrier.
// Letters: M rows, N columns, K inner; N and K multiples of 4. One workgroup: 4 × 2 threads, 64 columns × 32 rows.
// Grid: ⌈K / 64⌉ × ⌈M / 32⌉. Made for software adapters, where a load costs six times a multiplication and an `if` saves nothing.
// Rows and columns beyond the edge repeat the last ones: the same value, stored again by the same thread.
// Mirrors the backward of a product in engine::cpu. Launcher: engine::gpu::calls. Source: benches/products.

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

// Four neighbours; the last one instead of those beyond the edge.
fn four(first: u32, count: u32) -> vec4<u32> {
    return min(first + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(count - 1u));
}

// Four rows of dy, each a column of the matrix, over four n.
fn gradient(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(dy[at.x], dy[at.y], dy[at.z], dy[at.w]);
}

// Four rows n of w over four k.
fn weight(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(weights[at.x], weights[at.y], weights[at.z], weights[at.w]);
}

@compute @workgroup_size(4, 2)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let quads = params.inner / 4u;
    let row = id.y * 16u;
    let first = id.x * 4u;
    if row >= params.rows || first >= quads {
        return;
    }
    let quad = four(first, quads);
    // Block 4 i + j: rows 4 i to 4 i + 3, each a column of the matrix, and the four k of quad j.
    var sums: array<mat4x4<f32>, 16>;
    // A loop that runs 0 or 16 times.
    for (var block = 0u; block < 16u * params.add; block += 1u) {
        let at = four(row + block / 4u * 4u, params.rows) * quads + min(first + block % 4u, quads - 1u);
        sums[block] = mat4x4<f32>(dx[at.x], dx[at.y], dx[at.z], dx[at.w]);
    }
    let steps = params.columns / 4u;
    let row0 = four(row, params.rows) * steps;
    let row1 = four(row + 4u, params.rows) * steps;
    let row2 = four(row + 8u, params.rows) * steps;
    let row3 = four(row + 12u, params.rows) * steps;
    for (var n4 = 0u; n4 < steps; n4 += 1u) {
        let rows = params.weight_offset / 4u + (n4 * 4u + vec4<u32>(0u, 1u, 2u, 3u)) * quads;
        let d0 = gradient(row0 + n4);
        let d1 = gradient(row1 + n4);
        let d2 = gradient(row2 + n4);
        let d3 = gradient(row3 + n4);
        let w0 = weight(rows + quad.x);
        sums[0] += w0 * d0;
        sums[4] += w0 * d1;
        sums[8] += w0 * d2;
        sums[12] += w0 * d3;
        let w1 = weight(rows + quad.y);
        sums[1] += w1 * d0;
        sums[5] += w1 * d1;
        sums[9] += w1 * d2;
        sums[13] += w1 * d3;
        let w2 = weight(rows + quad.z);
        sums[2] += w2 * d0;
        sums[6] += w2 * d1;
        sums[10] += w2 * d2;
        sums[14] += w2 * d3;
        let w3 = weight(rows + quad.w);
        sums[3] += w3 * d0;
        sums[7] += w3 * d1;
        sums[11] += w3 * d2;
        sums[15] += w3 * d3;
    }
    for (var block = 0u; block < 16u; block += 1u) {
        let at = four(row + block / 4u * 4u, params.rows) * quads + min(first + block % 4u, quads - 1u);
        dx[at.x] = sums[block][0];
        dx[at.y] = sums[block][1];
        dx[at.z] = sums[block][2];
        dx[at.w] = sums[block][3];
    }
}
