// gradient[v, d] += Σ share · dx[row, d] over the inputs in which token v has a share: the backward of embed_mix.wgsl.
// Letters: M rows, V vocabulary, D width, a multiple of 4; E entries, sorted by token: those of v are starts[v] to starts[v + 1].
// One workgroup: 16 × 4 tokens and fours of elements, a thread each; no atomics, so that the order of summation is fixed.
// Mirrors the backward that Burn's autodiff gives Transformer::blend. Launcher: engine::gpu::calls.

struct Params {
    vocabulary: u32, // V
    width: u32,      // D
}

@group(0) @binding(0) var<storage, read>       starts: array<u32>;         // in     (V + 1)
@group(0) @binding(1) var<storage, read>       entries: array<vec2<u32>>;  // in     (E): row and the share's bits
@group(0) @binding(2) var<storage, read>       dx: array<vec4<f32>>;       // in     (M, D / 4)
@group(0) @binding(3) var<storage, read_write> gradient: array<vec4<f32>>; // in/out flat, the embedding first
@group(0) @binding(4) var<uniform>             params: Params;

@compute @workgroup_size(16, 4)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let parts = params.width / 4u;
    if id.x >= parts || id.y >= params.vocabulary {
        return;
    }
    var sum = vec4<f32>();
    for (var e = starts[id.y]; e < starts[id.y + 1u]; e += 1u) {
        let entry = entries[e];
        sum = fma(vec4<f32>(bitcast<f32>(entry.y)), dx[entry.x * parts + id.x], sum);
    }
    gradient[id.y * parts + id.x] += sum;
}
