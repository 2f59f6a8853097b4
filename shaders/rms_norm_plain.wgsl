// y[first + m, d] = gain[d] · x[r, d] / sqrt(mean_d x[r, d]² + epsilon), where r = m, or rows[m] when only some rows are wanted.
// Letters: M rows, D width. One workgroup: 16 rows, a thread each; for software adapters, where a barrier costs more than a row.
// Mirrors engine::cpu's Transformer::rms_norm. Launcher: engine::gpu::calls. Source: Zhang and Sennrich 2019.

struct Params {
    width: u32,       // D
    count: u32,       // M
    gather: u32,      // 1: x is read at rows[m]
    first: u32,       // first row of y
    gain_offset: u32, // of the gain in the flat parameters, elements
    epsilon: f32,
}

@group(0) @binding(0) var<storage, read>       x: array<f32>;       // in  (any, D)
@group(0) @binding(1) var<storage, read>       weights: array<f32>; // in  flat parameters
@group(0) @binding(2) var<storage, read>       rows: array<u32>;    // in  (M), row numbers
@group(0) @binding(3) var<storage, read_write> y: array<f32>;       // out (first + M, D)
@group(0) @binding(4) var<uniform>             params: Params;

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.count {
        return;
    }
    var source = id.x;
    if params.gather == 1u {
        source = rows[id.x];
    }
    let base = source * params.width;
    var squares = 0.0;
    for (var d = 0u; d < params.width; d += 1u) {
        squares = fma(x[base + d], x[base + d], squares);
    }
    let scale = 1.0 / sqrt(squares / f32(params.width) + params.epsilon);
    let to = (params.first + id.x) * params.width;
    for (var d = 0u; d < params.width; d += 1u) {
        y[to + d] = x[base + d] * scale * weights[params.gain_offset + d];
    }
}
