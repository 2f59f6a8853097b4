// dx[m, k] = Σ_n dy[m, n] · w[n, k] (+ dx[m, k]): what a linear layer hands back, 4 × 4 elements a thread, no barrier.
// Letters: M rows, N columns and K inner width of the layer, multiples of 4. One workgroup: 8 × 8 threads, 32 × 32 elements.
// Rows beyond the edge are computed from the last one and not stored.
// Mirrors the backward that Burn's autodiff gives a product. Launcher: engine::gpu::learn.

struct Params {
    rows: u32,          // M
    columns: u32,       // N
    inner: u32,         // K
    weight_offset: u32, // of w in the flat parameters, elements; a multiple of 4
    add: u32,           // 1: add to what dx holds
}

@group(0) @binding(0) var<storage, read>       dy: array<vec4<f32>>;      // in     (M, N / 4)
@group(0) @binding(1) var<storage, read>       weights: array<vec4<f32>>; // in     flat parameters; w is (N, K / 4)
@group(0) @binding(2) var<storage, read_write> dx: array<vec4<f32>>;      // in/out (M, K / 4)
@group(0) @binding(3) var<uniform>             params: Params;

fn store(row: u32, part: u32, sum: vec4<f32>) {
    if row >= params.rows {
        return;
    }
    let at = row * (params.inner / 4u) + part;
    dx[at] = select(sum, sum + dx[at], params.add == 1u);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let parts = params.inner / 4u;
    let row = id.y * 4u;
    if row >= params.rows || id.x >= parts {
        return;
    }
    let steps = params.columns / 4u;
    let rows = min(vec4<u32>(row) + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.rows - 1u)) * steps;
    var sum0 = vec4<f32>();
    var sum1 = vec4<f32>();
    var sum2 = vec4<f32>();
    var sum3 = vec4<f32>();
    var at = params.weight_offset / 4u + id.x;
    for (var n = 0u; n < steps; n += 1u) {
        let w0 = weights[at];
        let w1 = weights[at + parts];
        let w2 = weights[at + 2u * parts];
        let w3 = weights[at + 3u * parts];
        at += 4u * parts;
        let a0 = dy[rows.x + n];
        let a1 = dy[rows.y + n];
        let a2 = dy[rows.z + n];
        let a3 = dy[rows.w + n];
        sum0 = fma(a0.xxxx, w0, fma(a0.yyyy, w1, fma(a0.zzzz, w2, fma(a0.wwww, w3, sum0))));
        sum1 = fma(a1.xxxx, w0, fma(a1.yyyy, w1, fma(a1.zzzz, w2, fma(a1.wwww, w3, sum1))));
        sum2 = fma(a2.xxxx, w0, fma(a2.yyyy, w1, fma(a2.zzzz, w2, fma(a2.wwww, w3, sum2))));
        sum3 = fma(a3.xxxx, w0, fma(a3.yyyy, w1, fma(a3.zzzz, w2, fma(a3.wwww, w3, sum3))));
    }
    store(row, id.x, sum0);
    store(row + 1u, id.x, sum1);
    store(row + 2u, id.x, sum2);
    store(row + 3u, id.x, sum3);
}
