// y[first + m, d] = gain[d] · x[r, d] / sqrt(mean_d x[r, d]² + epsilon), where r = m, or rows[m] when only some rows are wanted.
// Letters: M rows, D width. One workgroup of 64 threads: one row.
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

var<workgroup> partial: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    var source = group.x;
    if params.gather == 1u {
        source = rows[group.x];
    }
    let base = source * params.width;
    var sum = 0.0;
    for (var d = thread; d < params.width; d += 64u) {
        sum = fma(x[base + d], x[base + d], sum);
    }
    partial[thread] = sum;
    workgroupBarrier();
    var squares = 0.0;
    for (var t = 0u; t < min(64u, params.width); t += 1u) {
        squares += partial[t];
    }
    let scale = 1.0 / sqrt(squares / f32(params.width) + params.epsilon);
    let to = (params.first + group.x) * params.width;
    for (var d = thread; d < params.width; d += 64u) {
        y[to + d] = x[base + d] * scale * weights[params.gain_offset + d];
    }
}
