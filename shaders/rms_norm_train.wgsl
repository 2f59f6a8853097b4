// y[m] = gain · x̂[m], x̂[m] = x[r] · scale[m], scale[m] = 1 / sqrt(mean_d x[r]² + epsilon), where r = m, or rows[m] when only some
// rows are wanted; x̂ and scale are kept for the backward.
// Letters: M rows, D width, a multiple of 4. One workgroup: 32 rows, a thread each, no barrier.
// Mirrors engine::cpu's Transformer::rms_norm. Launcher: engine::gpu::calls. Source: Zhang and Sennrich 2019.

struct Params {
    width: u32,       // D
    count: u32,       // M
    gather: u32,      // 1: x is read at rows[m]
    gain_offset: u32, // of the gain in the flat parameters, elements; a multiple of 4
    epsilon: f32,
}

@group(0) @binding(0) var<storage, read>       x: array<vec4<f32>>;       // in  (any, D / 4)
@group(0) @binding(1) var<storage, read>       weights: array<vec4<f32>>; // in  flat parameters
@group(0) @binding(2) var<storage, read>       rows: array<u32>;          // in  (M), row numbers
@group(0) @binding(3) var<storage, read_write> y: array<vec4<f32>>;       // out (M, D / 4)
@group(0) @binding(4) var<storage, read_write> unit: array<vec4<f32>>;    // out (M, D / 4): x̂
@group(0) @binding(5) var<storage, read_write> scales: array<f32>;        // out (M)
@group(0) @binding(6) var<uniform>             params: Params;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.count {
        return;
    }
    let parts = params.width / 4u;
    var source = id.x;
    if params.gather == 1u {
        source = rows[id.x];
    }
    let base = source * parts;
    var squares = vec4<f32>();
    for (var d = 0u; d < parts; d += 1u) {
        let value = x[base + d];
        squares = fma(value, value, squares);
    }
    let mean = (squares.x + squares.y + squares.z + squares.w) / f32(params.width);
    let scale = 1.0 / sqrt(mean + params.epsilon);
    scales[id.x] = scale;
    let to = id.x * parts;
    let gain = params.gain_offset / 4u;
    for (var d = 0u; d < parts; d += 1u) {
        let value = x[base + d] * scale;
        unit[to + d] = value;
        y[to + d] = value * weights[gain + d];
    }
}
