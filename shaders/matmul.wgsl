// y[m, n] = Σ_k a[m, k] · w[n, k] (+ bias[n]) (+ y[m, n]): a linear layer, 4 × 4 elements a thread, no barrier.
// Letters: M rows, N columns, K inner, a multiple of 4. One workgroup: 8 × 8 threads, 32 × 32 elements.
// Rows and columns beyond the edge are computed from the last one and not stored.
// Mirrors a product of engine::cpu's Transformer. Launcher: engine::gpu::forward.

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

fn store(row: u32, column: u32, sum: f32) {
    if row >= params.rows || column >= params.columns {
        return;
    }
    var value = sum;
    if params.has_bias == 1u {
        let bias = params.bias_offset + column;
        value += weights[bias / 4u][bias % 4u];
    }
    let at = row * params.columns + column;
    if params.add == 1u {
        value += y[at];
    }
    y[at] = value;
}

fn store_row(row: u32, column: u32, sums: vec4<f32>) {
    store(row, column, sums.x);
    store(row, column + 1u, sums.y);
    store(row, column + 2u, sums.z);
    store(row, column + 3u, sums.w);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.y * 4u;
    let column = id.x * 4u;
    if row >= params.rows || column >= params.columns {
        return;
    }
    let steps = params.inner / 4u;
    let rows = min(vec4<u32>(row) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.rows - 1u)) * steps;
    let columns = min(vec4<u32>(column) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.columns - 1u)) * steps
        + params.weight_offset / 4u;
    var sum0 = vec4<f32>();
    var sum1 = vec4<f32>();
    var sum2 = vec4<f32>();
    var sum3 = vec4<f32>();
    for (var k = 0u; k < steps; k += 1u) {
        let w = transpose(mat4x4<f32>(
            weights[columns.x + k], weights[columns.y + k], weights[columns.z + k], weights[columns.w + k]));
        let a0 = a[rows.x + k];
        let a1 = a[rows.y + k];
        let a2 = a[rows.z + k];
        let a3 = a[rows.w + k];
        sum0 = fma(a0.xxxx, w[0], fma(a0.yyyy, w[1], fma(a0.zzzz, w[2], fma(a0.wwww, w[3], sum0))));
        sum1 = fma(a1.xxxx, w[0], fma(a1.yyyy, w[1], fma(a1.zzzz, w[2], fma(a1.wwww, w[3], sum1))));
        sum2 = fma(a2.xxxx, w[0], fma(a2.yyyy, w[1], fma(a2.zzzz, w[2], fma(a2.wwww, w[3], sum2))));
        sum3 = fma(a3.xxxx, w[0], fma(a3.yyyy, w[1], fma(a3.zzzz, w[2], fma(a3.wwww, w[3], sum3))));
    }
    store_row(row, column, sum0);
    store_row(row + 1u, column, sum1);
    store_row(row + 2u, column, sum2);
    store_row(row + 3u, column, sum3);
}
