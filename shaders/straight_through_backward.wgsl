// d_scores[n, k] = soft[n, k] · (d[n, k] − Σ_i soft[n, i] · d[n, i]) / temperature, with d the gradient by the straight-through
// indicator one-hot − sg(soft) + soft. An estimator of the gradient of a hard choice, not the gradient of a density.
// Letters: N rows (an item at a level each), K codes. One workgroup: 64 rows, a thread each, no barrier.
// Mirrors math::straight_through::straight_through_backward. Launcher: engine::gpu::codes. Source: DIGER, arXiv 2601.19711, DRIL.

struct Params {
    rows: u32,        // N
    codes: u32,       // K
    temperature: f32, // τ, above 0
}

@group(0) @binding(0) var<storage, read>       soft: array<f32>;        // in  (N, K)
@group(0) @binding(1) var<storage, read>       d_indicator: array<f32>; // in  (N, K)
@group(0) @binding(2) var<storage, read_write> d_scores: array<f32>;    // out (N, K)
@group(0) @binding(3) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.x;
    if row >= params.rows {
        return;
    }
    let base = row * params.codes;
    var mean = 0.0;
    for (var k = 0u; k < params.codes; k += 1u) {
        mean += soft[base + k] * d_indicator[base + k];
    }
    for (var k = 0u; k < params.codes; k += 1u) {
        d_scores[base + k] = soft[base + k] * (d_indicator[base + k] - mean) / params.temperature;
    }
}
