// y[m, n] = Σ_k a[m, k] · w[n, k] (+ bias[n]) (+ y[m, n]), w in floats of 16 or 32 bits: 16 columns × 8 rows a thread, no barrier.
// One workgroup: 8 threads, 128 columns × 8 rows. For software adapters, where a load costs six times a multiplication, and for
// passes over prompts. In front: shared/block_product.wgsl, shared/blocks.wgsl and shared/block_tile.wgsl.
// Mirrors a product of engine::cpu's Transformer over weights::blocks. Launcher: engine::gpu::calls.

// Four columns that begin at these words over four k: a column of the matrix a k.
fn weights(first: vec4<u32>, k: u32) -> mat4x4<f32> {
    return transpose(mat4x4<f32>(floats(first.x, k), floats(first.y, k), floats(first.z, k), floats(first.w, k)));
}

var<private> sums: array<mat4x4<f32>, 8>; // see store_tile

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.y * 8u;
    let column = id.x * 16u;
    if row >= params.rows || column >= params.columns {
        return;
    }
    let quads = params.inner / 4u;
    let row0 = four(row, params.rows) * quads;
    let row1 = four(row + 4u, params.rows) * quads;
    let words = params.inner / 32u * params.bits;
    let column0 = params.first_word + four(column, params.columns) * words;
    let column1 = params.first_word + four(column + 4u, params.columns) * words;
    let column2 = params.first_word + four(column + 8u, params.columns) * words;
    let column3 = params.first_word + four(column + 12u, params.columns) * words;
    for (var k = 0u; k < quads; k += 1u) {
        let a0 = input(row0 + k);
        let a1 = input(row1 + k);
        // Not a loop: it would keep the sums in memory.
        let w0 = weights(column0, k);
        sums[0] += w0 * a0;
        sums[1] += w0 * a1;
        let w1 = weights(column1, k);
        sums[2] += w1 * a0;
        sums[3] += w1 * a1;
        let w2 = weights(column2, k);
        sums[4] += w2 * a0;
        sums[5] += w2 * a1;
        let w3 = weights(column3, k);
        sums[6] += w3 * a0;
        sums[7] += w3 * a1;
    }
    store_tile(row, column, sums);
}
