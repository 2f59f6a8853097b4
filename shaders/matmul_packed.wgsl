// y[m, n] = Σ_b d[n, b] Σ_i a[m, 32 b + i] · q[n, b, i] (+ bias[n]) (+ y[m, n]): a linear layer whose weights stay in ggml's blocks.
// Letters: M rows, N columns, K inner, a multiple of 32. One workgroup: 8 × 8 threads, 32 × 32 elements, 4 × 4 a thread, no barrier.
// Rows and columns beyond the edge are computed from the last one and not stored. In front: shared/blocks.wgsl.
// Mirrors a product of engine::cpu's Transformer over weights::quant::dequantise. Launcher: engine::gpu::calls.

struct Params {
    rows: u32,         // M
    columns: u32,      // N
    inner: u32,        // K
    first_block: u32,  // of the matrix (N, K / 32)
    bits: u32,         // 8 or 4
    bias_offset: u32,  // of the bias in the vectors
    has_bias: u32,     // 1: add the bias
    add: u32,          // 1: add to what y holds (the residual stream)
}

@group(0) @binding(0) var<storage, read>       a: array<vec4<f32>>;  // in     (M, K / 4)
@group(0) @binding(1) var<storage, read>       scales: array<f32>;   // in     (blocks): d
@group(0) @binding(2) var<storage, read>       quants: array<u32>;   // in     (blocks, bits)
@group(0) @binding(3) var<storage, read>       vectors: array<f32>;  // in     norms and biases
@group(0) @binding(4) var<storage, read_write> y: array<f32>;        // in/out (M, N)
@group(0) @binding(5) var<uniform>             params: Params;

fn store(row: u32, column: u32, sum: f32) {
    if row >= params.rows || column >= params.columns {
        return;
    }
    var value = sum;
    if params.has_bias == 1u {
        value += vectors[params.bias_offset + column];
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
    let blocks = params.inner / 32u;
    let neighbours = vec4<u32>(0u, 1u, 2u, 3u);
    let rows = min(vec4<u32>(row) + neighbours, vec4<u32>(params.rows - 1u)) * (8u * blocks);
    let columns = params.first_block + min(vec4<u32>(column) + neighbours, vec4<u32>(params.columns - 1u)) * blocks;
    var sum0 = vec4<f32>();
    var sum1 = vec4<f32>();
    var sum2 = vec4<f32>();
    var sum3 = vec4<f32>();
    for (var b = 0u; b < blocks; b += 1u) {
        let d = vec4<f32>(scales[columns.x + b], scales[columns.y + b], scales[columns.z + b], scales[columns.w + b]);
        var part0 = vec4<f32>();
        var part1 = vec4<f32>();
        var part2 = vec4<f32>();
        var part3 = vec4<f32>();
        for (var j = 0u; j < 8u; j += 1u) {
            let w = transpose(mat4x4<f32>(
                quad(columns.x + b, j, params.bits), quad(columns.y + b, j, params.bits),
                quad(columns.z + b, j, params.bits), quad(columns.w + b, j, params.bits)));
            let k = 8u * b + j;
            part0 += w * a[rows.x + k];
            part1 += w * a[rows.y + k];
            part2 += w * a[rows.z + k];
            part3 += w * a[rows.w + k];
        }
        sum0 = fma(d, part0, sum0);
        sum1 = fma(d, part1, sum1);
        sum2 = fma(d, part2, sum2);
        sum3 = fma(d, part3, sum3);
    }
    store_row(row, column, sum0);
    store_row(row + 1u, column, sum1);
    store_row(row + 2u, column, sum2);
    store_row(row + 3u, column, sum3);
}
