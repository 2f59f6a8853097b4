// y[m, n] = Σ_k a[m, k] · w[n, k] (+ bias[n]) (+ y[m, n]), w in blocks of 4-bit levels: 16 columns × 8 rows a thread, no barrier.
// One workgroup: 8 threads, 128 columns × 8 rows. For software adapters, where a load costs six times a multiplication, and for
// passes over prompts. In front: shared/block_product.wgsl, shared/blocks.wgsl and shared/block_tile.wgsl.
// Mirrors a product of engine::cpu's Transformer over weights::blocks. Launcher: engine::gpu::calls.

// Four columns over the four k of one byte of each word, `half` 0 or 4: a column of the matrix a k.
fn weights(words: vec4<u32>, half: u32, scales_lows: mat2x4<f32>) -> mat4x4<f32> {
    let scales = scales_lows[0];
    let lows = scales_lows[1];
    return mat4x4<f32>(
        nibbles(words, half, scales, lows), nibbles(words, half + 8u, scales, lows),
        nibbles(words, half + 16u, scales, lows), nibbles(words, half + 24u, scales, lows));
}

var<private> sums: array<mat4x4<f32>, 8>; // see store_tile

// One word of each of sixteen columns: weights at k and at k + 4, in fours.
fn add_words(k: u32, row0: vec4<u32>, row1: vec4<u32>, at: array<vec4<u32>, 4>, pairs: array<mat2x4<f32>, 4>) {
    let a0 = input(row0 + k);
    let a1 = input(row1 + k);
    let b0 = input(row0 + k + 4u);
    let b1 = input(row1 + k + 4u);
    let words0 = words(at[0]);
    sums[0] += weights(words0, 0u, pairs[0]) * a0 + weights(words0, 4u, pairs[0]) * b0;
    sums[1] += weights(words0, 0u, pairs[0]) * a1 + weights(words0, 4u, pairs[0]) * b1;
    let words1 = words(at[1]);
    sums[2] += weights(words1, 0u, pairs[1]) * a0 + weights(words1, 4u, pairs[1]) * b0;
    sums[3] += weights(words1, 0u, pairs[1]) * a1 + weights(words1, 4u, pairs[1]) * b1;
    let words2 = words(at[2]);
    sums[4] += weights(words2, 0u, pairs[2]) * a0 + weights(words2, 4u, pairs[2]) * b0;
    sums[5] += weights(words2, 0u, pairs[2]) * a1 + weights(words2, 4u, pairs[2]) * b1;
    let words3 = words(at[3]);
    sums[6] += weights(words3, 0u, pairs[3]) * a0 + weights(words3, 4u, pairs[3]) * b0;
    sums[7] += weights(words3, 0u, pairs[3]) * a1 + weights(words3, 4u, pairs[3]) * b1;
}

fn further(at: array<vec4<u32>, 4>, words: u32) -> array<vec4<u32>, 4> {
    return array<vec4<u32>, 4>(at[0] + words, at[1] + words, at[2] + words, at[3] + words);
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
    for (var b = 0u; b < blocks; b += 1u) {
        let pairs0 = scales_lows(params.first_pair + column0 + b);
        let pairs1 = scales_lows(params.first_pair + column1 + b);
        let pairs2 = scales_lows(params.first_pair + column2 + b);
        let pairs3 = scales_lows(params.first_pair + column3 + b);
        let pairs = array<mat2x4<f32>, 4>(pairs0, pairs1, pairs2, pairs3);
        let first = params.first_word + 4u * b;
        let at = array<vec4<u32>, 4>(first + 4u * column0, first + 4u * column1, first + 4u * column2, first + 4u * column3);
        let k = 8u * b;
        // Not a loop: it would keep the sums in memory.
        add_words(k, row0, row1, at, pairs);
        add_words(k + 1u, row0, row1, further(at, 1u), pairs);
        add_words(k + 2u, row0, row1, further(at, 2u), pairs);
        add_words(k + 3u, row0, row1, further(at, 3u), pairs);
    }
    store_tile(row, column, sums);
}
