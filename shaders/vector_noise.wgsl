// x[row, d] += σ · n(row, step, d), n standard normal, in the rows whose newest input is a vector; and the record keeps the sum.
// Letters: B rows, D width, S steps of a chunk. One workgroup: 64 elements of one row, a thread each, no barrier.
// In front: shared/threefry.wgsl and shared/noises.wgsl. Mirrors math::soft_tokens::unit_normal as decode's vector_step calls it.
// Launcher: engine::gpu::calls. Source: "Soft Tokens, Hard Truths", arXiv 2509.19170, §3.

struct Params {
    rows: u32,         // B
    dim: u32,          // D
    deviation: f32,    // σ
    slots: u32,        // S
    record_width: u32, // words of a record
    record_offset: u32, // of the vector in it
}

@group(0) @binding(0) var<storage, read>       shares: array<f32>;         // in     (B), 0 where the input is a vector
@group(0) @binding(1) var<storage, read>       row_keys: array<vec2<u32>>; // in     (B), Threefry keys
@group(0) @binding(2) var<storage, read>       state: array<vec4<u32>>;    // in     (B), see shared/step.wgsl
@group(0) @binding(3) var<storage, read_write> x: array<f32>;              // in/out (B, D), mean embeddings first
@group(0) @binding(4) var<storage, read_write> record: array<u32>;         // out    (S, B, record_width)
@group(0) @binding(5) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let d = id.x;
    let row = id.y;
    if d >= params.dim || row >= params.rows {
        return;
    }
    if shares[row] != 0.0 {
        return;
    }
    let step = state[row].y - 1u; // of the step that made the vector
    var fed = x[row * params.dim + d];
    if params.deviation > 0.0 {
        var draws = stream_of(row_keys[row], step, d);
        fed += params.deviation * normal(&draws);
    }
    x[row * params.dim + d] = fed;
    record[(step % params.slots * params.rows + row) * params.record_width + params.record_offset + d] = bitcast<u32>(fed);
}
