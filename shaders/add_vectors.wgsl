// x[m, d] += vectors[m, d]: what inputs have beside their blends of tokens.
// Letters: M rows, D width. One workgroup: 64 elements of one row. Mirrors the sum in engine::cpu's batch and decoding.
// Launcher: engine::gpu::calls. Source: "Soft Tokens, Hard Truths", arXiv 2509.19170, §3.

struct Params {
    width: u32, // D
    rows: u32,  // M
}

@group(0) @binding(0) var<storage, read>       vectors: array<f32>; // in     (M, D)
@group(0) @binding(1) var<storage, read_write> x: array<f32>;       // in/out (M, D)
@group(0) @binding(2) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x < params.width && id.y < params.rows {
        x[id.y * params.width + id.x] += vectors[id.y * params.width + id.x];
    }
}
