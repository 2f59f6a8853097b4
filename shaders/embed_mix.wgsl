// x[m, d] = Σ_k w[m, k] · E[id[m, k], d]: the next input of every row, a token or a blend of K tokens.
// Letters: M rows, K candidates, D width. One workgroup: 64 elements of one row. Entries of weight 0 are not read.
// Mirrors engine::cpu's Transformer::blend. Launcher: engine::gpu::calls. Source: SofT-GRPO §3.

struct Params {
    width: u32,      // D
    candidates: u32, // K
    rows: u32,       // M
}

@group(0) @binding(0) var<storage, read>       ids: array<u32>;       // in  (M, K)
@group(0) @binding(1) var<storage, read>       shares: array<f32>;    // in  (M, K), a row sums to 1
@group(0) @binding(2) var<storage, read>       embedding: array<f32>; // in  (V, D), the head of the flat parameters
@group(0) @binding(3) var<storage, read_write> x: array<f32>;         // out (M, D)
@group(0) @binding(4) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.width || id.y >= params.rows {
        return;
    }
    var sum = 0.0;
    for (var k = 0u; k < params.candidates; k += 1u) {
        let entry = id.y * params.candidates + k;
        if shares[entry] != 0.0 {
            sum = fma(shares[entry], embedding[ids[entry] * params.width + id.x], sum);
        }
    }
    x[id.y * params.width + id.x] = sum;
}
