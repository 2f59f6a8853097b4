// dx[m, k] = Σ_n dy[m, n] · w[n, k] (+ dx[m, k]): a linear layer's input gradient through workgroup memory, for GPUs.
// Letters: M rows, N columns, K inner; N and K multiples of 4. One workgroup: 16 × 16 threads, 64 × 64 elements, N in steps
// of 16; a thread owns rows y + 16 i and four columns. Grid: ⌈K / 64⌉ × ⌈M / 64⌉.
// Rows of the dy tile are 5 vectors apart, not 4, so that neighbours read from different banks.
// Mirrors the backward of a product in engine::cpu. Launcher: engine::gpu::calls, where `input_gradient.wgsl` is the slower one.

struct Params {
    rows: u32,          // M
    columns: u32,       // N
    inner: u32,         // K
    weight_offset: u32, // of w in the flat parameters, elements; a multiple of 4
    add: u32,           // 1: add to what dx holds
}

@group(0) @binding(0) var<storage, read>       dy: array<vec4<f32>>;      // in     (M, N / 4)
@group(0) @binding(1) var<storage, read>       weights: array<vec4<f32>>; // in     flat parameters; w is (N, K / 4)
@group(0) @binding(2) var<storage, read_write> dx: array<vec4<f32>>;      // in/out (M, K / 4)
@group(0) @binding(3) var<uniform>             params: Params;

var<workgroup> tile_dy: array<vec4<f32>, 320>; // (64, 5), of which 4 are used
var<workgroup> tile_w: array<vec4<f32>, 256>;  // (16, 16)

fn store(row: u32, quad: u32, sum: vec4<f32>) {
    let quads = params.inner / 4u;
    if row >= params.rows || quad >= quads {
        return;
    }
    let at = row * quads + quad;
    var value = sum;
    if params.add == 1u {
        value += dx[at];
    }
    dx[at] = value;
}

@compute @workgroup_size(16, 16)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let steps = params.columns / 4u;
    let quads = params.inner / 4u;
    // What this thread carries into the tiles: a vector of dy, four threads a row, and one of w, sixteen threads a row.
    let load_row = index / 4u;
    let load_step = index % 4u;
    let from_dy = min(group.y * 64u + load_row, params.rows - 1u) * steps;
    let from_w = min(group.x * 16u + local.x, quads - 1u) + params.weight_offset / 4u;
    var sum0 = vec4<f32>();
    var sum1 = vec4<f32>();
    var sum2 = vec4<f32>();
    var sum3 = vec4<f32>();
    for (var first = 0u; first < steps; first += 4u) {
        let step = min(first + load_step, steps - 1u);
        let n = min(first * 4u + local.y, params.columns - 1u);
        workgroupBarrier();
        // Zeros in one tile are not enough: the other could hold what is not a number.
        tile_dy[load_row * 5u + load_step] = select(vec4<f32>(), dy[from_dy + step], first + load_step < steps);
        tile_w[index] = select(vec4<f32>(), weights[from_w + n * quads], first * 4u + local.y < params.columns);
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
    let quad = group.x * 16u + local.x;
    store(row, quad, sum0);
    store(row + 16u, quad, sum1);
    store(row + 32u, quad, sum2);
    store(row + 48u, quad, sum3);
}
