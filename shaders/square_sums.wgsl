// partial[p] = Σ gradient², over every P-th four elements from 4·p on: the first half of the global norm.
// Letters: P partial sums. One workgroup: 64 partial sums, a thread each, no barrier. Mirrors CpuEngine::update. Launcher: engine::gpu::calls.

struct Params {
    count: u32,    // fours of elements of the gradient
    partials: u32, // P
}

@group(0) @binding(0) var<storage, read>       gradient: array<vec4<f32>>; // in  flat
@group(0) @binding(1) var<storage, read_write> partial: array<f32>;        // out (P)
@group(0) @binding(2) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.partials {
        return;
    }
    var sum = vec4<f32>();
    for (var i = id.x; i < params.count; i += params.partials) {
        sum = fma(gradient[i], gradient[i], sum);
    }
    partial[id.x] = sum.x + sum.y + sum.z + sum.w;
}
