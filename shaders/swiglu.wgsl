// y[m, f] = silu(g) · u, with g = Σ_k a[m, k] · gate[f, k] and u = Σ_k a[m, k] · up[f, k]: 4 × 2 elements a thread, no barrier.
// Letters: M rows, F inner width of the block, D width, a multiple of 4. One workgroup: 8 × 8 threads, 32 × 16 elements.
// Mirrors engine::cpu's Transformer::swiglu without its last product. Launcher: engine::gpu::calls. Source: Shazeer 2020.

struct Params {
    rows: u32,        // M
    columns: u32,     // F
    inner: u32,       // D
    gate_offset: u32, // of gate (F, D) in the flat parameters, elements; a multiple of 4
    up_offset: u32,   // of up (F, D) there; a multiple of 4
}

@group(0) @binding(0) var<storage, read>       a: array<vec4<f32>>;       // in  (M, D / 4)
@group(0) @binding(1) var<storage, read>       weights: array<vec4<f32>>; // in  flat parameters
@group(0) @binding(2) var<storage, read_write> y: array<f32>;             // out (M, F)
@group(0) @binding(3) var<uniform>             params: Params;

// sums: gate and up of column, gate and up of column + 1.
fn store_row(row: u32, column: u32, sums: vec4<f32>) {
    if row >= params.rows {
        return;
    }
    let gates = sums.xz;
    let values = gates / (1.0 + exp(-gates)) * sums.yw;
    let at = row * params.columns + column;
    y[at] = values.x;
    if column + 1u < params.columns {
        y[at + 1u] = values.y;
    }
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.y * 4u;
    let column = id.x * 2u;
    if row >= params.rows || column >= params.columns {
        return;
    }
    let steps = params.inner / 4u;
    let rows = min(vec4<u32>(row) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.rows - 1u)) * steps;
    let next = min(column + 1u, params.columns - 1u);
    let columns = vec4<u32>(column, column, next, next) * steps
        + vec4<u32>(params.gate_offset, params.up_offset, params.gate_offset, params.up_offset) / 4u;
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
