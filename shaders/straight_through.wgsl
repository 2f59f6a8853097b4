// A hard choice with a soft gradient: soft[n, k] = softmax_k((scores[n, k] + noise[n, k]) / temperature), and the code of each row.
// The same formula as in soft_step.wgsl. There the perturbed values are an action that has a density; here they are an estimator:
// the soft choice only lends the hard one its gradient (straight_through_backward.wgsl).
// Letters: N rows (an item at a level each), K codes. One workgroup: 64 rows, a thread each, no barrier.
// Mirrors math::straight_through::straight_through. Launcher: engine::gpu::codes. Source: DIGER, arXiv 2601.19711, DRIL.

struct Params {
    rows: u32,        // N
    codes: u32,       // K
    temperature: f32, // τ, above 0
}

@group(0) @binding(0) var<storage, read>       scores: array<f32>; // in  (N, K)
@group(0) @binding(1) var<storage, read>       noise: array<f32>;  // in  (N, K), multiplied by its scale
@group(0) @binding(2) var<storage, read_write> soft: array<f32>;   // out (N, K)
@group(0) @binding(3) var<storage, read_write> code: array<u32>;   // out (N): of the largest score plus noise, the first of equals
@group(0) @binding(4) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.x;
    if row >= params.rows {
        return;
    }
    let base = row * params.codes;
    var best = 0u;
    var top = scores[base] + noise[base];
    for (var k = 1u; k < params.codes; k += 1u) {
        let value = scores[base + k] + noise[base + k];
        if value > top {
            top = value;
            best = k;
        }
    }
    var mass = 0.0;
    for (var k = 0u; k < params.codes; k += 1u) {
        let share = exp((scores[base + k] + noise[base + k] - top) / params.temperature);
        soft[base + k] = share;
        mass += share;
    }
    for (var k = 0u; k < params.codes; k += 1u) {
        soft[base + k] /= mass;
    }
    code[row] = best;
}
