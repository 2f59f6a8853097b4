// report = (norm, scale): the gradient's global L2 norm, and what it is multiplied by so that the norm is at most max_norm;
// scale is 0 where the norm is not finite, which tells adamw.wgsl to change nothing.
// Letters: P partial sums of squares. One workgroup of one thread. Mirrors CpuEngine::update. Launcher: engine::gpu::calls.

struct Params {
    partials: u32, // P
    max_norm: f32, // 0: no clipping
}

@group(0) @binding(0) var<storage, read>       partial: array<f32>; // in  (P)
@group(0) @binding(1) var<storage, read_write> report: array<f32>;  // out (2)
@group(0) @binding(2) var<uniform>             params: Params;

@compute @workgroup_size(1)
fn main() {
    var sum = 0.0;
    for (var p = 0u; p < params.partials; p += 1u) {
        sum += partial[p];
    }
    let norm = sqrt(sum);
    var scale = 1.0;
    if params.max_norm > 0.0 && norm > params.max_norm {
        scale = params.max_norm / norm;
    }
    // Looked up in the bits: compilers may assume that no number is infinite.
    let finite = (bitcast<u32>(sum) & 0x7f800000u) != 0x7f800000u;
    report[0] = norm;
    report[1] = select(0.0, scale, finite);
}
