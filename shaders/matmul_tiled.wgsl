// y[m, n] = Σ_k a[m, k] · w[n, k] (+ bias[n]) (+ y[m, n]): a linear layer through workgroup memory, for GPUs.
// Letters: M rows, N columns, K inner, a multiple of 4. One workgroup: 16 × 16 threads, 64 × 64 elements, K in steps of 16;
// a thread owns rows y + 16 i and columns x + 16 j. Grid: ⌈N / 64⌉ × ⌈M / 64⌉.
// Rows of a tile are 5 vectors apart, not 4, so that eight neighbours read from different banks.
// Mirrors a product of engine::cpu's Transformer. Launcher: engine::gpu::calls, where `matmul.wgsl` is the slower one.

struct Params {
    rows: u32,          // M
    columns: u32,       // N
    inner: u32,         // K
    weight_offset: u32, // of w in the flat parameters, elements; a multiple of 4
    bias_offset: u32,   // of the bias there
    has_bias: u32,      // 1: add the bias
    add: u32,           // 1: add to what y holds (the residual stream)
}

@group(0) @binding(0) var<storage, read>       a: array<vec4<f32>>;       // in     (M, K / 4)
@group(0) @binding(1) var<storage, read>       weights: array<vec4<f32>>; // in     flat parameters; w is (N, K / 4)
@group(0) @binding(2) var<storage, read_write> y: array<f32>;             // in/out (M, N)
@group(0) @binding(3) var<uniform>             params: Params;

var<workgroup> tile_a: array<vec4<f32>, 320>; // (64, 5), of which 4 are used
var<workgroup> tile_w: array<vec4<f32>, 320>; // (64, 5), of which 4 are used

fn store(row: u32, column: u32, sum: f32) {
    if row >= params.rows || column >= params.columns {
        return;
    }
    var value = sum;
    if params.has_bias == 1u {
        let bias = params.bias_offset + column;
        value += weights[bias / 4u][bias % 4u];
    }
    let at = row * params.columns + column;
    if params.add == 1u {
        value += y[at];
    }
    y[at] = value;
}

fn store_row(row: u32, column: u32, sums: vec4<f32>) {
    store(row, column, sums.x);
    store(row, column + 16u, sums.y);
    store(row, column + 32u, sums.z);
    store(row, column + 48u, sums.w);
}

@compute @workgroup_size(16, 16)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let quads = params.inner / 4u;
    // What this thread carries into the tiles: one vector of each, four threads a row.
    let load_row = index / 4u;
    let load_quad = index % 4u;
    let slot = load_row * 5u + load_quad;
    let from_a = min(group.y * 64u + load_row, params.rows - 1u) * quads;
    let from_w = min(group.x * 64u + load_row, params.columns - 1u) * quads + params.weight_offset / 4u;
    var sum0 = vec4<f32>();
    var sum1 = vec4<f32>();
    var sum2 = vec4<f32>();
    var sum3 = vec4<f32>();
    for (var first = 0u; first < quads; first += 4u) {
        let quad = min(first + load_quad, quads - 1u);
        let inside = first + load_quad < quads;
        workgroupBarrier();
        tile_a[slot] = select(vec4<f32>(), a[from_a + quad], inside);
        tile_w[slot] = select(vec4<f32>(), weights[from_w + quad], inside);
        workgroupBarrier();
        for (var k = 0u; k < 4u; k += 1u) {
            let row = local.y * 5u + k;
            let column = local.x * 5u + k;
            let w = transpose(mat4x4<f32>(
                tile_w[column], tile_w[column + 80u], tile_w[column + 160u], tile_w[column + 240u]));
            sum0 += w * tile_a[row];
            sum1 += w * tile_a[row + 80u];
            sum2 += w * tile_a[row + 160u];
            sum3 += w * tile_a[row + 240u];
        }
    }
    let row = group.y * 64u + local.y;
    let column = group.x * 64u + local.x;
    store_row(row, column, sum0);
    store_row(row + 16u, column, sum1);
    store_row(row + 32u, column, sum2);
    store_row(row + 48u, column, sum3);
}
