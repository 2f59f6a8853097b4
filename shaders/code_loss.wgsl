// loss[m] = −ln p(label) over the tokens that may stand at row m's place, and its gradient by the logits: share · (p − 1[label]) there, 0
// elsewhere. Of the places of codes also surprise[k] = −ln p(k), which is the gradient by a label that is a mixture of codes.
// Letters: M rows, question by question, L + 1 places each: L levels of K codes, then a suffix; N items; V vocabulary.
// One workgroup: 32 rows, a thread each, no barrier. Mirrors semantic_id::joint's L_gen, math::softmax::log_softmax and its backward.
// Launcher: engine::gpu::codes. Source: DIGER, branch `gradient-fix`, route (c).

struct Params {
    rows: u32,       // M
    vocabulary: u32, // V
    stride: u32,     // of a row of d_logits, V or more; what lies beyond V is filled with 0
    width: u32,      // of a row of surprise, K or more; likewise
    levels: u32,     // L
    codes: u32,      // K
    suffixes: u32,
    items: u32,      // N
    share: f32,      // of a row in the loss
}

@group(0) @binding(0) var<storage, read>       logits: array<f32>;   // in  (M, V)
@group(0) @binding(1) var<storage, read>       targets: array<u32>;  // in  (M): an item at the places of codes, else a suffix
@group(0) @binding(2) var<storage, read>       record: array<u32>;   // in  (L, N, 5), as code_choose.wgsl leaves it
@group(0) @binding(3) var<storage, read_write> d_logits: array<f32>; // out (M, stride)
@group(0) @binding(4) var<storage, read_write> surprise: array<f32>; // out (M / (L + 1) · L, width)
@group(0) @binding(5) var<storage, read_write> losses: array<f32>;   // out (M)
@group(0) @binding(6) var<uniform>             params: Params;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.x;
    if row >= params.rows {
        return;
    }
    let place = row % (params.levels + 1u);
    let is_code = place < params.levels;
    let first = place * params.codes;
    let count = select(params.suffixes, params.codes, is_code);
    var label = targets[row];
    if is_code {
        label = record[(place * params.items + label) * 5u];
    }
    let base = row * params.vocabulary + first;
    var top = logits[base];
    for (var k = 1u; k < count; k += 1u) {
        top = max(top, logits[base + k]);
    }
    var mass = 0.0;
    for (var k = 0u; k < count; k += 1u) {
        mass += exp(logits[base + k] - top);
    }
    let total = top + log(mass);
    losses[row] = total - logits[base + label];
    let to = row * params.stride;
    for (var j = 0u; j < params.stride; j += 1u) {
        d_logits[to + j] = 0.0;
    }
    for (var k = 0u; k < count; k += 1u) {
        let hit = select(0.0, 1.0, k == label);
        d_logits[to + first + k] = params.share * (exp(logits[base + k] - total) - hit);
    }
    if is_code {
        let own = (row / (params.levels + 1u) * params.levels + place) * params.width;
        for (var k = 0u; k < params.width; k += 1u) {
            surprise[own + k] = 0.0;
        }
        for (var k = 0u; k < count; k += 1u) {
            surprise[own + k] = total - logits[base + k];
        }
    }
}
