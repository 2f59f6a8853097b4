// dx[m, k] = Σ_n dy[m, n] · w[n, k] (+ dx[m, k]), w in blocks: 8 rows × 32 k a thread, no barrier: a block is unpacked once for 8 rows.
// One workgroup: 8 threads, 8 rows × 256 k. Grid: ⌈K / 256⌉ × ⌈M / 8⌉. For software adapters.
// Products are summed in runs of 64, and those sums in turn: a head sums over 150 000 tokens.
// Rows beyond the edge are computed from the last one and not stored. In front: shared/back_product.wgsl and shared/blocks.wgsl.
// Mirrors engine::packed's back over weights::blocks. Launcher: engine::gpu::calls.

const RUN: u32 = 64u;

var<private> sums: array<mat4x4<f32>, 16>; // quad q of the block: 2 q rows 0 to 3, each a column of the matrix, 2 q + 1 rows 4 to 7
var<private> total: array<mat4x4<f32>, 16>;

// Four neighbours; the last one instead of those beyond the edge.
fn four(first: u32, count: u32) -> vec4<u32> {
    return min(first + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(count - 1u));
}

fn gradient(at: vec4<u32>) -> vec4<f32> {
    return vec4<f32>(dy[at.x], dy[at.y], dy[at.z], dy[at.w]);
}

fn outer(weights: vec4<f32>, d: vec4<f32>) -> mat4x4<f32> {
    return mat4x4<f32>(weights * d.x, weights * d.y, weights * d.z, weights * d.w);
}

// Column n of the product: a row of the weights.
fn add_column(n: u32, block: u32, row0: vec4<u32>, row1: vec4<u32>) {
    let d0 = gradient(row0 + n);
    let d1 = gradient(row1 + n);
    let place = n * (params.inner / 32u) + block;
    let word = params.first_word + place * params.bits;
    let pair = params.first_pair + place * params.pairs;
    let left = pairs[pair];
    let right = pairs[pair + params.pairs - 1u];
    for (var q = 0u; q < 8u; q += 1u) {
        let own = select(left, right, q >= 4u);
        let weights = fma(levels(word, q, params.bits), vec4<f32>(own.x), vec4<f32>(own.y));
        sums[2u * q] += outer(weights, d0);
        sums[2u * q + 1u] += outer(weights, d1);
    }
}

fn store(row: u32, quad: u32, sum: vec4<f32>) {
    if row < params.rows {
        let at = row * (params.inner / 4u) + quad;
        var value = sum;
        if params.add == 1u {
            value += dx[at];
        }
        dx[at] = value;
    }
}

@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.y * 8u;
    if row >= params.rows || id.x * 32u >= params.inner {
        return;
    }
    let row0 = four(row, params.rows) * params.stride + params.first_column;
    let row1 = four(row + 4u, params.rows) * params.stride + params.first_column;
    for (var first = 0u; first < params.columns; first += RUN) {
        for (var block = 0u; block < 16u; block += 1u) {
            sums[block] = mat4x4<f32>();
        }
        for (var n = first; n < min(first + RUN, params.columns); n += 1u) {
            add_column(n, id.x, row0, row1);
        }
        for (var block = 0u; block < 16u; block += 1u) {
            total[block] += sums[block];
        }
    }
    for (var block = 0u; block < 16u; block += 1u) {
        let first = row + block % 2u * 4u;
        let quad = id.x * 8u + block / 2u;
        store(first, quad, total[block][0]);
        store(first + 1u, quad, total[block][1]);
        store(first + 2u, quad, total[block][2]);
        store(first + 3u, quad, total[block][3]);
    }
}
