// Copies the keys and values of the prompts into the caches of all rows that start from them.
// Letters: B rows; R rows of each prompt; T prompt positions (padded on the right); C columns of a cache; Hkv key heads.
// One workgroup: 64 elements of one row. Mirrors engine::cpu's Decoding::start. Launcher: engine::gpu::calls.

struct Params {
    first: u32,      // first row of the cache to fill
    repeats: u32,    // R
    time: u32,       // T
    columns: u32,    // C
    heads: u32,      // Hkv
    head_dim: u32,
    stride: u32,     // elements of a row of qkv
    key_offset: u32, // of the keys in a row of qkv: H·head_dim; the values follow them
}

@group(0) @binding(0) var<storage, read>       qkv: array<f32>;    // in  (prompts·T, stride)
@group(0) @binding(1) var<storage, read_write> keys: array<f32>;   // out (B, Hkv, C, head_dim)
@group(0) @binding(2) var<storage, read_write> values: array<f32>; // out (B, Hkv, C, head_dim)
@group(0) @binding(3) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let width = params.heads * params.head_dim;
    if id.x >= params.time * width {
        return;
    }
    let position = id.x / width;
    let element = id.x % width;
    let head = element / params.head_dim;
    let origin = (id.y / params.repeats * params.time + position) * params.stride + params.key_offset + element;
    let row = ((params.first + id.y) * params.heads + head) * params.columns + position;
    let to = row * params.head_dim + element % params.head_dim;
    keys[to] = qkv[origin];
    values[to] = qkv[origin + width];
}
