// x[m, d] = Σ_k w[m, k] · E[id[m, k], d], the embedding E in ggml's blocks: the next input of every row.
// Letters: M rows, K candidates, D width, a multiple of 32. One workgroup: 64 × 4 elements of one row, a thread each four.
// Entries of weight 0 are not read. In front: shared/blocks.wgsl.
// Mirrors engine::cpu's Transformer::blend over weights::quant::dequantise. Launcher: engine::gpu::calls. Source: SofT-GRPO §3.

struct Params {
    width: u32,       // D
    candidates: u32,  // K
    rows: u32,        // M
    first_block: u32, // of the embedding (V, D / 32)
    bits: u32,        // 8 or 4
}

@group(0) @binding(0) var<storage, read>       ids: array<u32>;    // in  (M, K)
@group(0) @binding(1) var<storage, read>       shares: array<f32>; // in  (M, K), a row sums to 1
@group(0) @binding(2) var<storage, read>       scales: array<f32>; // in  (blocks): d
@group(0) @binding(3) var<storage, read>       quants: array<u32>; // in  (blocks, bits)
@group(0) @binding(4) var<storage, read_write> x: array<vec4<f32>>; // out (M, D / 4)
@group(0) @binding(5) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let parts = params.width / 4u;
    if id.x >= parts || id.y >= params.rows {
        return;
    }
    var sum = vec4<f32>();
    for (var k = 0u; k < params.candidates; k += 1u) {
        let entry = id.y * params.candidates + k;
        if shares[entry] != 0.0 {
            let block = params.first_block + ids[entry] * (params.width / 32u) + id.x / 8u;
            sum = fma(vec4<f32>(shares[entry] * scales[block]), quad(block, id.x % 8u, params.bits), sum);
        }
    }
    x[id.y * parts + id.x] = sum;
}
