// Of each tile of a row's logits: the likeliest token, and the sums that entropies and masses are made of, relative to it.
// Letters: B rows, V vocabulary (1025 to 262144), W tiles; tile t holds the tokens t, t + W, t + 2 W …, at most 256.
// One workgroup: 64 tiles of one row, a thread each, neighbours on neighbours; no barrier.
// In front: shared/step_params.wgsl. Mirrors math::softmax::entropy and the first half of math::truncation::truncate.
// Launcher: engine::gpu::calls. Source: Milakov and Gimelshein 2018, "Online normalizer calculation for softmax".

@group(0) @binding(0) var<storage, read>       logits: array<f32>;      // in  (B, V)
@group(0) @binding(1) var<storage, read>       state: array<vec4<u32>>; // in  (B): prompt length, steps, flags, certain steps
@group(0) @binding(2) var<storage, read_write> tiles: array<vec4<f32>>; // out (B, W, 2): logit, id, mass; four parts of entropies
@group(0) @binding(3) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.tiles || id.y >= params.rows {
        return;
    }
    let way = way_of(state[id.y].z);
    let base = id.y * params.vocabulary;
    var best = id.x;
    var top = logits[base + best];
    for (var j = id.x; j < params.vocabulary; j += params.tiles) {
        let z = logits[base + j];
        best = select(best, j, z > top);
        top = max(top, z);
    }
    var mass = 0.0;
    var parts = vec4<f32>();
    for (var j = id.x; j < params.vocabulary; j += params.tiles) {
        let below = logits[base + j] - top;
        mass += exp(below / way.temperature);
        parts += entropy_parts(below);
    }
    let at = 2u * (id.y * params.tiles + id.x);
    tiles[at] = vec4<f32>(top, bitcast<f32>(best), mass, 0.0);
    tiles[at + 1u] = parts;
}
