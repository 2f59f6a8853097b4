// x[m, d] = Σ_k w[m, k] · E[id[m, k], d], the embedding E in blocks: the next input of every row.
// Letters: M rows, K candidates, D width, a multiple of 32. One workgroup: 64 × 4 elements of one row, a thread each four.
// The embedding may lie in several pieces, tokens that follow each other, each with a dispatch of its own; entries of other pieces and
// of weight 0 are not read. In front: shared/blocks.wgsl.
// Mirrors engine::cpu's Transformer::blend over weights::blocks. Launcher: engine::gpu::calls. Source: SofT-GRPO §3.

struct Params {
    width: u32,      // D
    candidates: u32, // K
    rows: u32,       // M
    bits: u32,       // of a level: 4 or 8; of a float: 16 or 32
    brain: u32,      // 1: floats of 16 bits are the upper halves of those of 32
    first_word: u32, // of the piece (tokens, D / 32 blocks of as many words as bits)
    first_pair: u32, // of the piece (tokens, D / 32 · pairs)
    pairs: u32,      // a block: 1 or 2; floats have none
    first_id: u32,   // of the piece
    tokens: u32,     // in the piece
    add: u32,        // 1: add to what x holds
}

@group(0) @binding(0) var<storage, read>       ids: array<u32>;         // in     (M, K)
@group(0) @binding(1) var<storage, read>       shares: array<f32>;      // in     (M, K), a row sums to 1
@group(0) @binding(2) var<storage, read>       pairs: array<vec2<f32>>; // in     scale and low
@group(0) @binding(3) var<storage, read>       quants: array<u32>;      // in     levels or floats
@group(0) @binding(4) var<storage, read_write> x: array<vec4<f32>>;     // in/out (M, D / 4)
@group(0) @binding(5) var<uniform>             params: Params;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
    let parts = params.width / 4u;
    if id.x >= parts || id.y >= params.rows {
        return;
    }
    var sum = vec4<f32>();
    if params.add == 1u {
        sum = x[id.y * parts + id.x];
    }
    for (var k = 0u; k < params.candidates; k += 1u) {
        let entry = id.y * params.candidates + k;
        let token = ids[entry] - params.first_id; // far above where it comes before the piece
        if shares[entry] != 0.0 && token < params.tokens {
            let weights = quad(token * (params.width / 32u) + id.x / 8u, id.x % 8u);
            sum = fma(vec4<f32>(shares[entry]), weights, sum);
        }
    }
    x[id.y * parts + id.x] = sum;
}
