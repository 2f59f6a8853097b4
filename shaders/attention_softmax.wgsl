// shares[r, j] = softmax over j ≤ i of scores[r, j], 0 beyond, in place; row r belongs to position i = r mod T.
// Letters: T rows of a sequence, W = T / 4 rounded up. One workgroup: 16 rows, a thread each, no barrier; for software adapters.
// Mirrors the softmax in engine::cpu's Transformer::attention. Launcher: engine::gpu::calls.

struct Params {
    rows: u32,  // B·H·T
    time: u32,  // T
    width: u32, // W
    scale: f32, // of the backward; not used here
}

@group(0) @binding(0) var<storage, read_write> shares: array<vec4<f32>>; // in/out (rows, W): scores first
@group(0) @binding(1) var<uniform>             params: Params;

const HIDDEN: f32 = -1e30; // as engine::cpu
const FOUR: vec4<u32> = vec4<u32>(0u, 1u, 2u, 3u);

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.rows {
        return;
    }
    let base = id.x * params.width;
    let i = id.x % params.time;
    let last = i / 4u;
    let seen = last * 4u + FOUR <= vec4<u32>(i); // of the last four
    var tops = select(vec4<f32>(HIDDEN), shares[base + last], seen);
    for (var j4 = 0u; j4 < last; j4 += 1u) {
        tops = max(tops, shares[base + j4]);
    }
    let top = max(max(tops.x, tops.y), max(tops.z, tops.w));
    var sums = vec4<f32>();
    for (var j4 = 0u; j4 <= last; j4 += 1u) {
        let score = select(vec4<f32>(HIDDEN), shares[base + j4], vec4<bool>(j4 < last) | seen);
        let share = exp(score - top);
        shares[base + j4] = share;
        sums += share;
    }
    let total = sums.x + sums.y + sums.z + sums.w;
    for (var j4 = 0u; j4 <= last; j4 += 1u) {
        shares[base + j4] /= total;
    }
    for (var j4 = last + 1u; j4 < params.width; j4 += 1u) {
        shares[base + j4] = vec4<f32>();
    }
}
