// gradient[n, k] += Σ_m dy[m, n] · x[m, k]: what a linear layer learns from, 4 × 4 elements a thread, no barrier.
// Letters: M rows, N columns and K inner width of the layer, multiples of 4. One workgroup: 8 × 8 threads, 32 × 32 elements.
// Mirrors the backward that Burn's autodiff gives a product. Launcher: engine::gpu::learn.

struct Params {
    rows: u32,          // M
    columns: u32,       // N
    inner: u32,         // K
    weight_offset: u32, // of the layer in the flat gradient, elements; a multiple of 4
}

@group(0) @binding(0) var<storage, read>       dy: array<vec4<f32>>;       // in     (M, N / 4)
@group(0) @binding(1) var<storage, read>       x: array<vec4<f32>>;        // in     (M, K / 4)
@group(0) @binding(2) var<storage, read_write> gradient: array<vec4<f32>>; // in/out flat; the layer's is (N, K / 4)
@group(0) @binding(3) var<uniform>             params: Params;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let parts = params.inner / 4u;
    let column_parts = params.columns / 4u;
    if id.x >= parts || id.y >= column_parts {
        return;
    }
    var sum0 = vec4<f32>();
    var sum1 = vec4<f32>();
    var sum2 = vec4<f32>();
    var sum3 = vec4<f32>();
    for (var m = 0u; m < params.rows; m += 1u) {
        let d = dy[m * column_parts + id.y];
        let value = x[m * parts + id.x];
        sum0 = fma(d.xxxx, value, sum0);
        sum1 = fma(d.yyyy, value, sum1);
        sum2 = fma(d.zzzz, value, sum2);
        sum3 = fma(d.wwww, value, sum3);
    }
    let to = params.weight_offset / 4u + id.y * 4u * parts + id.x;
    gradient[to] += sum0;
    gradient[to + parts] += sum1;
    gradient[to + 2u * parts] += sum2;
    gradient[to + 3u * parts] += sum3;
}
