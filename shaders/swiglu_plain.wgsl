// y[m, f] = silu(g) · u, with g = Σ_k a[m, k] · gate[f, k] and u = Σ_k a[m, k] · up[f, k]: any size, one element a thread.
// Letters: M rows, F inner width of the block, D width. One workgroup: 8 × 8 elements.
// Mirrors engine::cpu's Transformer::swiglu without its last product. Launcher: engine::gpu::calls. Source: Shazeer 2020.

struct Params {
    rows: u32,        // M
    columns: u32,     // F
    inner: u32,       // D
    gate_offset: u32, // of gate (F, D) in the flat parameters, elements
    up_offset: u32,   // of up (F, D) there
}

@group(0) @binding(0) var<storage, read>       a: array<f32>;       // in  (M, D)
@group(0) @binding(1) var<storage, read>       weights: array<f32>; // in  flat parameters
@group(0) @binding(2) var<storage, read_write> y: array<f32>;       // out (M, F)
@group(0) @binding(3) var<uniform>             params: Params;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.columns || id.y >= params.rows {
        return;
    }
    let row = id.y * params.inner;
    let column = id.x * params.inner;
    var gate = 0.0;
    var up = 0.0;
    for (var k = 0u; k < params.inner; k += 1u) {
        gate = fma(a[row + k], weights[params.gate_offset + column + k], gate);
        up = fma(a[row + k], weights[params.up_offset + column + k], up);
    }
    y[id.y * params.columns + id.x] = gate / (1.0 + exp(-gate)) * up;
}
