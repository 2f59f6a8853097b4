// The parts of a tile of 16 columns × 8 rows that one thread computes. In front: shared/block_product.wgsl and shared/blocks.wgsl.
// Rows and columns beyond the edge are computed from the last one and not stored.

// Four neighbours; the last one instead of those beyond the edge.
fn four(first: u32, count: u32) -> vec4<u32> {
    return min(first + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(count - 1u));
}

// Four rows of a, each a column of the matrix, over four k.
fn input(at: vec4<u32>) -> mat4x4<f32> {
    return mat4x4<f32>(a[at.x], a[at.y], a[at.z], a[at.w]);
}

// One word of each of four columns.
fn words(at: vec4<u32>) -> vec4<u32> {
    return vec4<u32>(quants[at.x], quants[at.y], quants[at.z], quants[at.w]);
}

// Scales, then lows of four columns.
fn scales_lows(at: vec4<u32>) -> mat2x4<f32> {
    return transpose(mat4x2<f32>(pairs[at.x], pairs[at.y], pairs[at.z], pairs[at.w]));
}

// Block 2 i + h: columns 4 i to 4 i + 3 of rows 4 h to 4 h + 3, each row a column of the matrix.
fn store_tile(row: u32, column: u32, sums: array<mat4x4<f32>, 8>) {
    var tile = sums;
    for (var block = 0u; block < 8u; block += 1u) {
        let first = row + block % 2u * 4u;
        let place = column + block / 2u * 4u;
        store_four(first, place, tile[block][0]);
        store_four(first + 1u, place, tile[block][1]);
        store_four(first + 2u, place, tile[block][2]);
        store_four(first + 3u, place, tile[block][3]);
    }
}
