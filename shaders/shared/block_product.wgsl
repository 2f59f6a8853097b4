// What the products over blocks are told and bind. Letters: M rows, N columns, K inner, a multiple of 32. A matrix may lie in several
// pieces, columns that follow each other, each with a dispatch of its own.

struct Params {
    rows: u32,         // M
    columns: u32,      // N, of this piece
    inner: u32,        // K
    bits: u32,         // of a level: 4 or 8; of a float: 16 or 32
    brain: u32,        // 1: floats of 16 bits are the upper halves of those of 32
    first_word: u32,   // of the piece (N, K / 32 blocks of as many words as bits)
    first_pair: u32,   // of the piece (N, K / 32 · pairs)
    pairs: u32,        // a block: 1, or 2 (8 bits); floats have none
    stride: u32,       // elements of a row of y
    first_column: u32, // of the piece in y
    bias_offset: u32,  // of the piece's bias in the vectors
    has_bias: u32,     // 1: add the bias
    add: u32,          // 1: add to what y holds (the residual stream)
}

@group(0) @binding(0) var<storage, read>       a: array<vec4<f32>>;     // in     (M, K / 4)
@group(0) @binding(1) var<storage, read>       pairs: array<vec2<f32>>; // in     scale and low
@group(0) @binding(2) var<storage, read>       quants: array<u32>;      // in     levels or floats
@group(0) @binding(3) var<storage, read>       vectors: array<f32>;     // in     norms and biases
@group(0) @binding(4) var<storage, read_write> y: array<f32>;           // in/out (M, stride)
@group(0) @binding(5) var<uniform>             params: Params;

fn store(row: u32, column: u32, sum: f32) {
    if row < params.rows && column < params.columns {
        var value = sum;
        if params.has_bias == 1u {
            value += vectors[params.bias_offset + column];
        }
        let at = row * params.stride + params.first_column + column;
        if params.add == 1u {
            value += y[at];
        }
        y[at] = value;
    }
}

fn store_four(row: u32, column: u32, sums: vec4<f32>) {
    store(row, column, sums.x);
    store(row, column + 1u, sums.y);
    store(row, column + 2u, sums.z);
    store(row, column + 3u, sums.w);
}
