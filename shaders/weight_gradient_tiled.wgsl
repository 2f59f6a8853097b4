// gradient[n, k] += Σ_m dy[m, n] · x[m, k]: a linear layer's weight gradient through workgroup memory, for GPUs.
// Letters: M rows, N columns, K inner; N and K multiples of 4. One workgroup: 8 × 8 × 4 threads, 32 × 32 elements, M in steps
// of 64; a thread owns 4 × 4 elements over every fourth run of 16 rows, and the four slices z are added at the end.
// Grid: ⌈K / 32⌉ × ⌈N / 32⌉.
// Few outputs and a long M are the rule here (N = K = 384 has 36 tiles of 64 × 64, fewer than a GPU has cores). Float32 sums
// of several workgroups would need atomics or a second pass; so tiles are small, 144 of them, and M is split inside one.
// Mirrors the backward of a product in engine::cpu. Launcher: engine::gpu::calls, where `weight_gradient.wgsl` is the slower one.

struct Params {
    rows: u32,          // M
    columns: u32,       // N
    inner: u32,         // K
    weight_offset: u32, // of w in the flat gradient, elements; a multiple of 4
}

@group(0) @binding(0) var<storage, read>       dy: array<vec4<f32>>;       // in     (M, N / 4)
@group(0) @binding(1) var<storage, read>       x: array<vec4<f32>>;        // in     (M, K / 4)
@group(0) @binding(2) var<storage, read_write> gradient: array<vec4<f32>>; // in/out flat gradient; that of w is (N, K / 4)
@group(0) @binding(3) var<uniform>             params: Params;

// First the tiles: dy (64, 8), x (64, 8). Then the sums of the slices: (4, 4, 64).
var<workgroup> tile: array<vec4<f32>, 1024>;

fn store(row: u32, quad: u32, sum: vec4<f32>) {
    let quads = params.inner / 4u;
    if row >= params.columns || quad >= quads {
        return;
    }
    let at = params.weight_offset / 4u + row * quads + quad;
    gradient[at] += sum;
}

@compute @workgroup_size(8, 8, 4)
fn main(
    @builtin(workgroup_id) group: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) index: u32,
) {
    let dy_stride = params.columns / 4u;
    let x_stride = params.inner / 4u;
    // What this thread carries into the tiles: two vectors of each, eight threads a row.
    let load_row = index / 8u;
    let from_dy = min(group.y * 8u + local.x, dy_stride - 1u);
    let from_x = min(group.x * 8u + local.x, x_stride - 1u);
    var sums = mat4x4<f32>(); // [n][k]
    for (var first = 0u; first < params.rows; first += 64u) {
        workgroupBarrier();
        for (var half = 0u; half < 2u; half += 1u) {
            let m = first + half * 32u + load_row;
            let row = min(m, params.rows - 1u);
            let slot = half * 256u + index;
            // Zeros in one tile are not enough: the other could hold what is not a number.
            tile[slot] = select(vec4<f32>(), dy[from_dy + row * dy_stride], m < params.rows);
            tile[512u + slot] = select(vec4<f32>(), x[from_x + row * x_stride], m < params.rows);
        }
        workgroupBarrier();
        for (var m = local.z * 16u; m < local.z * 16u + 16u; m += 1u) {
            let d = tile[m * 8u + local.y];
            let v = tile[512u + m * 8u + local.x];
            sums += mat4x4<f32>(d.x * v, d.y * v, d.z * v, d.w * v);
        }
    }
    workgroupBarrier();
    let own = local.y * 8u + local.x;
    for (var n = 0u; n < 4u; n += 1u) {
        tile[(local.z * 4u + n) * 64u + own] = sums[n];
    }
    workgroupBarrier();
    // Slice z adds up and stores row z of each thread's four.
    let at = local.z * 64u + own;
    let sum = tile[at] + tile[at + 256u] + tile[at + 512u] + tile[at + 768u];
    store(group.y * 32u + local.y * 4u + local.z, group.x * 8u + local.x, sum);
}
