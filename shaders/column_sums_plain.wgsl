// gradient[offset + d] += Σ_m dy[m, d] · factor[m, d], or Σ_m dy[m, d] alone: gradients of gains and of biases.
// Letters: M rows, D columns, a multiple of 4. One workgroup: 16 threads, four columns each; for software adapters.
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

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let parts = params.columns / 4u;
    if id.x >= parts {
        return;
    }
    var sum = vec4<f32>();
    if params.factor == 1u {
        for (var row = 0u; row < params.rows; row += 1u) {
            sum = fma(dy[row * parts + id.x], factor[row * parts + id.x], sum);
        }
    } else {
        for (var row = 0u; row < params.rows; row += 1u) {
            sum += dy[row * parts + id.x];
        }
    }
    gradient[params.offset / 4u + id.x] += sum;
}
