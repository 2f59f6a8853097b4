// inner[m, f] = silu(gate[m, f]) · up[m, f], from products that are kept for the backward.
// Letters: M rows, F inner width of the block, a multiple of 4. One workgroup: 64 × 4 elements, a thread each four.
// Mirrors engine::cpu's Transformer::swiglu without its products. Launcher: engine::gpu::calls. Source: Shazeer 2020.

struct Params {
    rows: u32,    // M
    columns: u32, // F
}

@group(0) @binding(0) var<storage, read>       gate_up: array<vec4<f32>>; // in  (M, 2·F / 4): gates, then ups
@group(0) @binding(1) var<storage, read_write> inner: array<vec4<f32>>;   // out (M, F / 4)
@group(0) @binding(2) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let parts = params.columns / 4u;
    if id.x >= parts || id.y >= params.rows {
        return;
    }
    let gate = gate_up[id.y * 2u * parts + id.x];
    let up = gate_up[(id.y * 2u + 1u) * parts + id.x];
    inner[id.y * parts + id.x] = gate / (1.0 + exp(-gate)) * up;
}
