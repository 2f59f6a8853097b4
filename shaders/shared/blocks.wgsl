// ggml's blocks of 32 weights, 8 bits (Q8_0: d · q) or 4 bits (Q4_0: d · (q - 8)), four weights at a time.
// The kernel in whose front this stands binds `scales` (one d a block, f32) and `quants` (8 or 4 words a block).
// Mirrors weights::quant::dequantise. Source: ggml-quants.c, dequantize_row_q8_0 and dequantize_row_q4_0.

// Weights 4·j to 4·j + 3 of a block, without its scale; j below 8.
fn quad(block: u32, j: u32, bits: u32) -> vec4<f32> {
    if bits == 8u {
        let word = quants[block * 8u + j];
        return vec4<f32>((vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u));
    }
    // Low nibbles hold the first sixteen weights, high ones the rest.
    let word = quants[block * 4u + j % 4u] >> (j / 4u * 4u);
    return vec4<f32>((vec4<u32>(word) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(15u)) - 8.0;
}
