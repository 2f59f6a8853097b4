// d_scores[r, j] = scale · shares[r, j] · (d_shares[r, j] - Σ_k shares[r, k] · d_shares[r, k]), 0 for j > i, in the place of d_shares.
// Letters: T rows of a sequence, W = T / 4 rounded up; row r belongs to position i = r mod T.
// One workgroup: 16 rows, a thread each, no barrier; for software adapters.
// Mirrors the backward that Burn's autodiff gives a softmax. Launcher: engine::gpu::calls.

struct Params {
    rows: u32,  // B·H·T
    time: u32,  // T
    width: u32, // W
    scale: f32, // 1 / sqrt(head_dim)
}

@group(0) @binding(0) var<storage, read>       shares: array<vec4<f32>>;   // in     (rows, W)
@group(0) @binding(1) var<storage, read_write> d_shares: array<vec4<f32>>; // in/out (rows, W)
@group(0) @binding(2) var<uniform>             params: Params;

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.rows {
        return;
    }
    let base = id.x * params.width;
    let i = id.x % params.time;
    let last = i / 4u;
    var sums = vec4<f32>();
    for (var j4 = 0u; j4 <= last; j4 += 1u) {
        // What lies beyond i in the last four was computed too; its share is 0.
        sums = fma(shares[base + j4], d_shares[base + j4], sums);
    }
    let mean = sums.x + sums.y + sums.z + sums.w;
    for (var j4 = 0u; j4 <= last; j4 += 1u) {
        d_shares[base + j4] = params.scale * shares[base + j4] * (d_shares[base + j4] - mean);
    }
    for (var j4 = last + 1u; j4 < params.width; j4 += 1u) {
        d_shares[base + j4] = vec4<f32>();
    }
}
