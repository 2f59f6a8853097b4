// y[m, n] = Σ_k a[m, k] · w[n, k] (+ bias[n]) (+ y[m, n]): a linear layer of any size, one element a thread.
// Letters: M rows, N columns, K inner. One workgroup: 8 × 8 elements.
// Mirrors a product of engine::cpu's Transformer. Launcher: engine::gpu::calls, where `matmul.wgsl` does not fit.

struct Params {
    rows: u32,          // M
    columns: u32,       // N
    inner: u32,         // K
    weight_offset: u32, // of w in the flat parameters, elements
    bias_offset: u32,   // of the bias there
    has_bias: u32,      // 1: add the bias
    add: u32,           // 1: add to what y holds (the residual stream)
}

@group(0) @binding(0) var<storage, read>       a: array<f32>;       // in     (M, K)
@group(0) @binding(1) var<storage, read>       weights: array<f32>; // in     flat parameters; w is (N, K)
@group(0) @binding(2) var<storage, read_write> y: array<f32>;       // in/out (M, N)
@group(0) @binding(3) var<uniform>             params: Params;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.columns || id.y >= params.rows {
        return;
    }
    let row = id.y * params.inner;
    let column = params.weight_offset + id.x * params.inner;
    var sum = 0.0;
    for (var k = 0u; k < params.inner; k += 1u) {
        sum = fma(a[row + k], weights[column + k], sum);
    }
    if params.has_bias == 1u {
        sum += weights[params.bias_offset + id.x];
    }
    let at = id.y * params.columns + id.x;
    if params.add == 1u {
        sum += y[at];
    }
    y[at] = sum;
}
