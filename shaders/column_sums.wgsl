// gradient[offset + d] += Σ_m dy[m, d] · factor[m, d], or Σ_m dy[m, d] alone: gradients of gains and of biases.
// Letters: M rows, D columns, a multiple of 4. One workgroup of 64 threads: four columns, every 64th row a thread.
// Mirrors the backward of a broadcast in Burn's autodiff. Launcher: engine::gpu::calls.

struct Params {
    rows: u32,    // M
    columns: u32, // D
    factor: u32,  // 1: multiply by `factor`
    offset: u32,  // of the sums in the flat gradient, elements; a multiple of 4
}

@group(0) @binding(0) var<storage, read>       dy: array<vec4<f32>>;       // in     (M, D / 4)
@group(0) @binding(1) var<storage, read>       factor: array<vec4<f32>>;   // in     (M, D / 4)
@group(0) @binding(2) var<storage, read_write> gradient: array<vec4<f32>>; // in/out flat, as the parameters
@group(0) @binding(3) var<uniform>             params: Params;

var<workgroup> partial: array<vec4<f32>, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let parts = params.columns / 4u;
    var sum = vec4<f32>();
    for (var row = thread; row < params.rows; row += 64u) {
        let at = row * parts + group.x;
        if params.factor == 1u {
            sum = fma(dy[at], factor[at], sum);
        } else {
            sum += dy[at];
        }
    }
    partial[thread] = sum;
    workgroupBarrier();
    if thread == 0u {
        for (var other = 1u; other < 64u; other += 1u) {
            sum += partial[other];
        }
        gradient[params.offset / 4u + group.x] += sum;
    }
}
