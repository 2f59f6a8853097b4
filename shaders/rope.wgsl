// (a, b) -> (a·cos - b·sin, b·cos + a·sin) for the halves a, b of every query and key head, in place: positions of whole sequences.
// Turned back, sin changes its sign: that is the backward.
// Letters: M = B·T rows, row m at position m mod T; H query and Hkv key heads. One workgroup: 64 pairs of one row.
// Mirrors engine::cpu's Rope::rotate; the table is its cosines and sines. Launcher: engine::gpu::calls.
// Source: Su et al. 2021, in the half-split form of Hugging Face.

struct Params {
    rows: u32,     // M
    time: u32,     // T
    heads: u32,    // H + Hkv
    head_dim: u32,
    stride: u32,   // elements of a row of qkv: (H + 2·Hkv)·head_dim
    back: u32,     // 1: turn back
}

@group(0) @binding(0) var<storage, read>       table: array<vec2<f32>>; // in     (positions, head_dim / 2): cosine, sine
@group(0) @binding(1) var<storage, read_write> qkv: array<f32>;         // in/out (M, stride)
@group(0) @binding(2) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let half = params.head_dim / 2u;
    if id.x >= params.heads * half || id.y >= params.rows {
        return;
    }
    let i = id.x % half;
    let at = id.y * params.stride + id.x / half * params.head_dim + i;
    var turn = table[id.y % params.time * half + i];
    turn.y = select(turn.y, -turn.y, params.back == 1u);
    let a = qkv[at];
    let b = qkv[at + half];
    qkv[at] = a * turn.x - b * turn.y;
    qkv[at + half] = b * turn.x + a * turn.y;
}
