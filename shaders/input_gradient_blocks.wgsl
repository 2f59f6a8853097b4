// dx[m, k] = Σ_n dy[m, n] · w[n, k] (+ dx[m, k]), w in blocks of any kind, through workgroup memory, for GPUs.
// One workgroup: 16 × 16 threads, 64 × 64 elements, N in steps of 16; a thread owns rows y + 16 i and four k.
// Grid: ⌈K / 64⌉ × ⌈M / 64⌉. Rows of the dy tile are 5 vectors apart, not 4, so that neighbours read from different banks.
// The launcher sums over a few thousand columns at a time. In front: shared/back_product.wgsl and shared/blocks.wgsl.
// Mirrors engine::packed's back over weights::blocks. Launcher: engine::gpu::calls, where input_gradient_nibbles.wgsl,
// input_gradient_bytes.wgsl and input_gradient_floats.wgsl are those for software adapters.

var<workgroup> tile_dy: array<vec4<f32>, 320>; // (64, 5), of which 4 are used
var<workgroup> tile_w: array<vec4<f32>, 256>;  // (16, 16)

// Four n of a row of dy from its column `n` on; 0 beyond the edge.
fn gradient(row: u32, n: u32) -> vec4<f32> {
    let at = min(n + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.columns - 1u)) + row * params.stride + params.first_column;
    let inside = n + vec4<u32>(0u, 1u, 2u, 3u) < vec4<u32>(params.columns);
    return select(vec4<f32>(), vec4<f32>(dy[at.x], dy[at.y], dy[at.z], dy[at.w]), inside);
}

// Weights 4 · k4 to 4 · k4 + 3 of row n.
fn weight(n: u32, k4: u32) -> vec4<f32> {
    return quad(n * (params.inner / 32u) + k4 / 8u, k4 % 8u);
}

fn store(row: u32, k4: u32, sum: vec4<f32>) {
    let quads = params.inner / 4u;
    if row < params.rows && k4 < quads {
        let at = row * quads + k4;
        var value = sum;
        if params.add == 1u {
            value += dx[at];
        }
        dx[at] = value;
    }
}

@compute @workgroup_size(16, 16)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    // What this thread carries into the tiles: a vector of dy, four threads a row, and one of w, sixteen threads a row.
    let load_row = min(group.y * 64u + index / 4u, params.rows - 1u);
    let load_quad = min(group.x * 16u + local.x, params.inner / 4u - 1u);
    var sum0 = vec4<f32>();
    var sum1 = vec4<f32>();
    var sum2 = vec4<f32>();
    var sum3 = vec4<f32>();
    for (var first = 0u; first < params.columns; first += 16u) {
        workgroupBarrier();
        tile_dy[index / 4u * 5u + index % 4u] = gradient(load_row, first + index % 4u * 4u);
        tile_w[index] = weight(min(first + local.y, params.columns - 1u), load_quad); // beyond the edge dy is 0
        workgroupBarrier();
        for (var n4 = 0u; n4 < 4u; n4 += 1u) {
            let row = local.y * 5u + n4;
            let at = n4 * 64u + local.x;
            let w = mat4x4<f32>(tile_w[at], tile_w[at + 16u], tile_w[at + 32u], tile_w[at + 48u]);
            sum0 += w * tile_dy[row];
            sum1 += w * tile_dy[row + 80u];
            sum2 += w * tile_dy[row + 160u];
            sum3 += w * tile_dy[row + 240u];
        }
    }
    let row = group.y * 64u + local.y;
    let k4 = group.x * 16u + local.x;
    store(row, k4, sum0);
    store(row + 16u, k4, sum1);
    store(row + 32u, k4, sum2);
    store(row + 48u, k4, sum3);
}
