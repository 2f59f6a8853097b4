// ids[e] = the token of an entry of an input: a fixed one, or the code that an item took at a level, which only the device knows.
// Letters: E entries, N items, K codes. A source below 2^31 is a token; else 2^31 + level · N + item. Tokens of a level follow each
// other: level · K + code. One workgroup: 64 entries, a thread each, no barrier.
// Mirrors semantic_id::tokens::Tokens::of. Launcher: engine::gpu::codes.

struct Params {
    entries: u32, // E
    stride: u32,  // threads along x
    items: u32,   // N
    codes: u32,   // K
}

@group(0) @binding(0) var<storage, read>       sources: array<u32>; // in  (E)
@group(0) @binding(1) var<storage, read>       record: array<u32>;  // in  (L, N, 5), as code_choose.wgsl leaves it
@group(0) @binding(2) var<storage, read_write> ids: array<u32>;     // out (E)
@group(0) @binding(3) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let e = id.y * params.stride + id.x;
    if e >= params.entries {
        return;
    }
    let source = sources[e];
    if source < 0x80000000u {
        ids[e] = source;
        return;
    }
    let place = source - 0x80000000u;
    ids[e] = place / params.items * params.codes + record[place * 5u];
}
