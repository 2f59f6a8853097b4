// dx[r] += scale[m] · (h - x̂[m] · mean_d(h · x̂[m])), h = dy[m] · gain, where r = m, or rows[m] when only some rows were normed.
// Letters: M rows, D width, a multiple of 4; x̂ and scale as rms_norm_train.wgsl kept them.
// One workgroup: 32 rows, a thread each, no barrier.
// Mirrors the backward that Burn's autodiff gives Transformer::rms_norm. Launcher: engine::gpu::calls.

struct Params {
    width: u32,       // D
    count: u32,       // M
    gather: u32,      // 1: dx is changed at rows[m]
    gain_offset: u32, // of the gain in the flat parameters, elements; a multiple of 4
}

@group(0) @binding(0) var<storage, read>       dy: array<vec4<f32>>;      // in     (M, D / 4)
@group(0) @binding(1) var<storage, read>       weights: array<vec4<f32>>; // in     flat parameters
@group(0) @binding(2) var<storage, read>       unit: array<vec4<f32>>;    // in     (M, D / 4): x̂
@group(0) @binding(3) var<storage, read>       scales: array<f32>;        // in     (M)
@group(0) @binding(4) var<storage, read>       rows: array<u32>;          // in     (M), row numbers, each once
@group(0) @binding(5) var<storage, read_write> dx: array<vec4<f32>>;      // in/out (any, D / 4)
@group(0) @binding(6) var<uniform>             params: Params;

@compute @workgroup_size(32)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    if id.x >= params.count {
        return;
    }
    let parts = params.width / 4u;
    let base = id.x * parts;
    let gain = params.gain_offset / 4u;
    var products = vec4<f32>();
    for (var d = 0u; d < parts; d += 1u) {
        products = fma(dy[base + d] * weights[gain + d], unit[base + d], products);
    }
    let mean = (products.x + products.y + products.z + products.w) / f32(params.width);
    let scale = scales[id.x];
    var row = id.x;
    if params.gather == 1u {
        row = rows[id.x];
    }
    let to = row * parts;
    for (var d = 0u; d < parts; d += 1u) {
        dx[to + d] += scale * (dy[base + d] * weights[gain + d] - unit[base + d] * mean);
    }
}
