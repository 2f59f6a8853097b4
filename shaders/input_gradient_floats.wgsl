// dx[m, k] = Σ_n dy[m, n] · w[n, k] (+ dx[m, k]), w in floats of 16 or 32 bits: 16 rows × 32 k a thread, no barrier.
// One workgroup: 8 threads, 16 rows × 256 k. Grid: ⌈K / 256⌉ × ⌈M / 16⌉. For software adapters, where a load costs six times a
// multiplication; the launcher sums over a few thousand columns at a time, so that the error stays that of short sums.
// In front: shared/back_product.wgsl, shared/blocks.wgsl and shared/back_tile.wgsl.
// Mirrors engine::packed's back over weights::blocks. Launcher: engine::gpu::calls.

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.y * 16u;
    let blocks = params.inner / 32u;
    if row >= params.rows || id.x >= blocks {
        return;
    }
    var row0 = four(row);
    var row1 = four(row + 4u);
    var row2 = four(row + 8u);
    var row3 = four(row + 12u);
    var word = params.first_word + params.bits * id.x;
    var sums = array<mat4x4<f32>, 32>(); // 4 q + h: quad q of the block, rows 4 h to 4 h + 3
    for (var n = 0u; n < params.columns; n += 1u) {
        let d0 = gradient(row0);
        let d1 = gradient(row1);
        let d2 = gradient(row2);
        let d3 = gradient(row3);
        // Not loops: they would keep the sums in memory.
        let w0 = floats(word, 0u);
        sums[0] += outer(w0, d0);
        sums[1] += outer(w0, d1);
        sums[2] += outer(w0, d2);
        sums[3] += outer(w0, d3);
        let w1 = floats(word, 1u);
        sums[4] += outer(w1, d0);
        sums[5] += outer(w1, d1);
        sums[6] += outer(w1, d2);
        sums[7] += outer(w1, d3);
        let w2 = floats(word, 2u);
        sums[8] += outer(w2, d0);
        sums[9] += outer(w2, d1);
        sums[10] += outer(w2, d2);
        sums[11] += outer(w2, d3);
        let w3 = floats(word, 3u);
        sums[12] += outer(w3, d0);
        sums[13] += outer(w3, d1);
        sums[14] += outer(w3, d2);
        sums[15] += outer(w3, d3);
        let w4 = floats(word, 4u);
        sums[16] += outer(w4, d0);
        sums[17] += outer(w4, d1);
        sums[18] += outer(w4, d2);
        sums[19] += outer(w4, d3);
        let w5 = floats(word, 5u);
        sums[20] += outer(w5, d0);
        sums[21] += outer(w5, d1);
        sums[22] += outer(w5, d2);
        sums[23] += outer(w5, d3);
        let w6 = floats(word, 6u);
        sums[24] += outer(w6, d0);
        sums[25] += outer(w6, d1);
        sums[26] += outer(w6, d2);
        sums[27] += outer(w6, d3);
        let w7 = floats(word, 7u);
        sums[28] += outer(w7, d0);
        sums[29] += outer(w7, d1);
        sums[30] += outer(w7, d2);
        sums[31] += outer(w7, d3);
        row0 += 1u;
        row1 += 1u;
        row2 += 1u;
        row3 += 1u;
        word += params.bits * blocks;
    }
    let quad = 8u * id.x;
    store_rows(row, quad, sums[0]);
    store_rows(row + 4u, quad, sums[1]);
    store_rows(row + 8u, quad, sums[2]);
    store_rows(row + 12u, quad, sums[3]);
    store_rows(row, quad + 1u, sums[4]);
    store_rows(row + 4u, quad + 1u, sums[5]);
    store_rows(row + 8u, quad + 1u, sums[6]);
    store_rows(row + 12u, quad + 1u, sums[7]);
    store_rows(row, quad + 2u, sums[8]);
    store_rows(row + 4u, quad + 2u, sums[9]);
    store_rows(row + 8u, quad + 2u, sums[10]);
    store_rows(row + 12u, quad + 2u, sums[11]);
    store_rows(row, quad + 3u, sums[12]);
    store_rows(row + 4u, quad + 3u, sums[13]);
    store_rows(row + 8u, quad + 3u, sums[14]);
    store_rows(row + 12u, quad + 3u, sums[15]);
    store_rows(row, quad + 4u, sums[16]);
    store_rows(row + 4u, quad + 4u, sums[17]);
    store_rows(row + 8u, quad + 4u, sums[18]);
    store_rows(row + 12u, quad + 4u, sums[19]);
    store_rows(row, quad + 5u, sums[20]);
    store_rows(row + 4u, quad + 5u, sums[21]);
    store_rows(row + 8u, quad + 5u, sums[22]);
    store_rows(row + 12u, quad + 5u, sums[23]);
    store_rows(row, quad + 6u, sums[24]);
    store_rows(row + 4u, quad + 6u, sums[25]);
    store_rows(row + 8u, quad + 6u, sums[26]);
    store_rows(row + 12u, quad + 6u, sums[27]);
    store_rows(row, quad + 7u, sums[28]);
    store_rows(row + 4u, quad + 7u, sums[29]);
    store_rows(row + 8u, quad + 7u, sums[30]);
    store_rows(row + 12u, quad + 7u, sums[31]);
}
