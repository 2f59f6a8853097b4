// scores[i] = (middle − distance[i]) / half of the range, in place: distances of a level turned and brought to [−1, 1], so that noise of
// unit scale means the same everywhere. One workgroup: 64 elements, a thread each, no barrier.
// Mirrors semantic_id::sinkhorn::centred, turned. Launcher: engine::gpu::codes. Source: DIGER's code, as `assignment.rs`.

struct Params {
    count: u32,  // scores
    stride: u32, // threads along x
    level: u32,
}

@group(0) @binding(0) var<storage, read>       range: array<f32>;  // in     (L, 2), as code_range.wgsl leaves it
@group(0) @binding(1) var<storage, read_write> scores: array<f32>; // in/out (count): distances first
@group(0) @binding(2) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let i = id.y * params.stride + id.x;
    if i >= params.count {
        return;
    }
    scores[i] = (range[2u * params.level] - scores[i]) * range[2u * params.level + 1u];
}
