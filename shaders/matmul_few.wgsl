// y[m, n] = Σ_k a[m, k] · w[n, k] (+ bias[n]) (+ y[m, n]) of few rows, w in blocks: as fast as the weights can be read.
// One workgroup: 64 threads, 8 columns × 8 rows. Half of it shares the inner dimension of four columns: lane l takes the
// weights 4·l to 4·l + 3 of every 128, so that neighbours read neighbours. Rows that are not there cost nothing.
// In front: shared/block_product.wgsl and shared/blocks.wgsl.
// Mirrors a product of engine::cpu's Transformer over weights::blocks. Launcher: engine::gpu::calls.

const LANES: u32 = 32u;

var<workgroup> partial: array<vec4<f32>, 512>; // (8 rows, 64 threads): sums over a lane's share of k, of four columns

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
    let lane = thread % LANES;
    let row = group.y * 8u;
    let column = group.x * 8u + thread / LANES * 4u;
    let blocks = params.inner / 32u;
    let steps = params.inner / 4u;
    let columns = min(column + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.columns - 1u)) * blocks;
    let several = row + 1u < params.rows;
    let many = row + 4u < params.rows;
    let low = min(row + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.rows - 1u)) * steps;
    let high = min(row + vec4<u32>(4u, 5u, 6u, 7u), vec4<u32>(params.rows - 1u)) * steps;
    var sums: array<vec4<f32>, 8>;
    for (var k = lane; k < steps; k += LANES) {
        let block = columns + k / 8u;
        let j = k % 8u;
        let w = mat4x4<f32>(quad(block.x, j), quad(block.y, j), quad(block.z, j), quad(block.w, j));
        sums[0] += a[low.x + k] * w;
        if several {
            sums[1] += a[low.y + k] * w;
            sums[2] += a[low.z + k] * w;
            sums[3] += a[low.w + k] * w;
        }
        if many {
            sums[4] += a[high.x + k] * w;
            sums[5] += a[high.y + k] * w;
            sums[6] += a[high.z + k] * w;
            sums[7] += a[high.w + k] * w;
        }
    }
    partial[thread] = sums[0];
    partial[64u + thread] = sums[1];
    partial[128u + thread] = sums[2];
    partial[192u + thread] = sums[3];
    partial[256u + thread] = sums[4];
    partial[320u + thread] = sums[5];
    partial[384u + thread] = sums[6];
    partial[448u + thread] = sums[7];
    workgroupBarrier();
    // A thread for each row and four columns.
    let first = thread / 2u % 8u * 64u + thread % 2u * LANES;
    var sum = vec4<f32>();
    for (var l = 0u; l < LANES; l += 1u) {
        sum += partial[first + l];
    }
    if thread < 16u {
        store_four(row + thread / 2u, group.x * 8u + thread % 2u * 4u, sum);
    }
}
