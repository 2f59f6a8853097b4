// y[m, n] = Σ_k a[m, k] · w[n, k] (+ bias[n]) (+ y[m, n]), w in blocks of 8-bit levels: 16 columns × 8 rows a thread, no barrier.
// One workgroup: 8 threads, 128 columns × 8 rows. For software adapters, where a load costs six times a multiplication, and for
// passes over prompts. In front: shared/block_product.wgsl, shared/blocks.wgsl and shared/block_tile.wgsl.
// Mirrors a product of engine::cpu's Transformer over weights::blocks. Launcher: engine::gpu::calls.

// Four columns over the four k of one word each: a column of the matrix a k.
fn weights(at: vec4<u32>, scales_lows: mat2x4<f32>) -> mat4x4<f32> {
    let found = words(at);
    let scales = scales_lows[0];
    let lows = scales_lows[1];
    return mat4x4<f32>(
        bytes(found, 0u, scales, lows), bytes(found, 8u, scales, lows),
        bytes(found, 16u, scales, lows), bytes(found, 24u, scales, lows));
}

var<private> sums: array<mat4x4<f32>, 8>; // see store_tile

// One word of each of sixteen columns: four k.
fn add_words(k: u32, row0: vec4<u32>, row1: vec4<u32>, at: array<vec4<u32>, 4>, pairs: array<mat2x4<f32>, 4>) {
    let a0 = input(row0 + k);
    let a1 = input(row1 + k);
    let w0 = weights(at[0] + k, pairs[0]);
    sums[0] += w0 * a0;
    sums[1] += w0 * a1;
    let w1 = weights(at[1] + k, pairs[1]);
    sums[2] += w1 * a0;
    sums[3] += w1 * a1;
    let w2 = weights(at[2] + k, pairs[2]);
    sums[4] += w2 * a0;
    sums[5] += w2 * a1;
    let w3 = weights(at[3] + k, pairs[3]);
    sums[6] += w3 * a0;
    sums[7] += w3 * a1;
}

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.y * 8u;
    let column = id.x * 16u;
    if row >= params.rows || column >= params.columns {
        return;
    }
    let blocks = params.inner / 32u;
    let row0 = four(row, params.rows) * (8u * blocks);
    let row1 = four(row + 4u, params.rows) * (8u * blocks);
    let column0 = four(column, params.columns) * blocks;
    let column1 = four(column + 4u, params.columns) * blocks;
    let column2 = four(column + 8u, params.columns) * blocks;
    let column3 = four(column + 12u, params.columns) * blocks;
    let first = params.first_word;
    let at = array<vec4<u32>, 4>(first + 8u * column0, first + 8u * column1, first + 8u * column2, first + 8u * column3);
    // Half a block at a time: its four words, and the pair that is its own or the block's.
    for (var part = 0u; part < 2u * blocks; part += 1u) {
        let pair = params.first_pair + part * params.pairs / 2u;
        let pairs0 = scales_lows(pair + column0 * params.pairs);
        let pairs1 = scales_lows(pair + column1 * params.pairs);
        let pairs2 = scales_lows(pair + column2 * params.pairs);
        let pairs3 = scales_lows(pair + column3 * params.pairs);
        let pairs = array<mat2x4<f32>, 4>(pairs0, pairs1, pairs2, pairs3);
        let k = 4u * part;
        // Not a loop: it would keep the sums in memory.
        add_words(k, row0, row1, at, pairs);
        add_words(k + 1u, row0, row1, at, pairs);
        add_words(k + 2u, row0, row1, at, pairs);
        add_words(k + 3u, row0, row1, at, pairs);
    }
    store_tile(row, column, sums);
}
