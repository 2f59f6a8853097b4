// y[m, n] = Σ_k a[m, k] · w[n, k] (+ y[m, n]): shaders/matmul.wgsl for a handful of rows, four columns a thread, one row.
// Letters: M rows, N columns, K inner, both multiples of 4. One workgroup: 16 threads, 64 columns of one row. Bias: not here.
// Grid: ⌈N / 64⌉ × M. No launcher: an experiment, see README.md.

struct Params {
    rows: u32,          // M
    columns: u32,       // N
    inner: u32,         // K
    weight_offset: u32, // of w in the flat parameters, elements; a multiple of 4
    bias_offset: u32,   // not used
    has_bias: u32,      // not used
    add: u32,           // 1: add to what y holds (the residual stream)
}

@group(0) @binding(0) var<storage, read>       a: array<vec4<f32>>;       // in     (M, K / 4)
@group(0) @binding(1) var<storage, read>       weights: array<vec4<f32>>; // in     flat parameters; w is (N, K / 4)
@group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;       // in/out (M, N / 4)
@group(0) @binding(3) var<uniform>             params: Params;

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let columns = params.columns / 4u;
    if id.x >= columns {
        return;
    }
    let width = params.inner / 4u;
    let at = params.weight_offset / 4u + 4u * id.x * width;
    var sums = vec4<f32>();
    for (var k = 0u; k < width; k += 1u) {
        let w = mat4x4<f32>(
            weights[at + k], weights[at + width + k], weights[at + 2u * width + k], weights[at + 3u * width + k]);
        sums += a[id.y * width + k] * w;
    }
    let to = id.y * columns + id.x;
    if params.add == 1u {
        sums += y[to];
    }
    y[to] = sums;
}
