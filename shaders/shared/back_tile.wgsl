// The 16 rows × 32 k of an input gradient that one thread computes: a block of w is unpacked once for 16 rows. In front:
// shared/back_product.wgsl. Rows beyond the edge are computed from the last one and not stored.

// Where four rows of dy begin; the last one instead of those beyond the edge.
fn four(first: u32) -> vec4<u32> {
    let rows = min(first + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.rows - 1u));
    return rows * params.stride + params.first_column;
}

fn gradient(at: vec4<u32>) -> vec4<f32> {
    return vec4<f32>(dy[at.x], dy[at.y], dy[at.z], dy[at.w]);
}

// Four k of four rows, each a column of the matrix.
fn outer(w: vec4<f32>, d: vec4<f32>) -> mat4x4<f32> {
    return mat4x4<f32>(w * d.x, w * d.y, w * d.z, w * d.w);
}

fn store(row: u32, quad: u32, sum: vec4<f32>) {
    if row < params.rows {
        let at = row * (params.inner / 4u) + quad;
        var value = sum;
        if params.add == 1u {
            value += dx[at];
        }
        dx[at] = value;
    }
}

fn store_rows(row: u32, quad: u32, sums: mat4x4<f32>) {
    store(row, quad, sums[0]);
    store(row + 1u, quad, sums[1]);
    store(row + 2u, quad, sums[2]);
    store(row + 3u, quad, sums[3]);
}
