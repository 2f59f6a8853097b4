// d_gate = d_inner · up · s · (1 + gate · (1 - s)), d_up = d_inner · gate · s, s = 1 / (1 + exp(-gate)); in the place of gate and up.
// Letters: M rows, F inner width of the block, a multiple of 4. One workgroup: 64 × 4 elements, a thread each four.
// Mirrors the backward that Burn's autodiff gives Transformer::swiglu. Launcher: engine::gpu::calls.

struct Params {
    rows: u32,    // M
    columns: u32, // F
}

@group(0) @binding(0) var<storage, read>       d_inner: array<vec4<f32>>; // in     (M, F / 4)
@group(0) @binding(1) var<storage, read_write> gate_up: array<vec4<f32>>; // in/out (M, 2·F / 4): gates, then ups; then their gradients
@group(0) @binding(2) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let parts = params.columns / 4u;
    if id.x >= parts || id.y >= params.rows {
        return;
    }
    let at = id.y * 2u * parts + id.x;
    let gate = gate_up[at];
    let up = gate_up[at + parts];
    let d = d_inner[id.y * parts + id.x];
    let s = 1.0 / (1.0 + exp(-gate));
    gate_up[at] = d * up * s * (1.0 + gate * (1.0 - s));
    gate_up[at + parts] = d * gate * s;
}
