// What input gradients over blocks are told and bind. Letters: M rows, N columns, K inner, a multiple of 32. A matrix may lie in several
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
    stride: u32,       // elements of a row of dy
    first_column: u32, // of the piece in dy
    add: u32,          // 1: add to what dx holds
}

@group(0) @binding(0) var<storage, read>       dy: array<f32>;          // in     (M, stride)
@group(0) @binding(1) var<storage, read>       pairs: array<vec2<f32>>; // in     scale and low
@group(0) @binding(2) var<storage, read>       quants: array<u32>;      // in     levels or floats
@group(0) @binding(3) var<storage, read_write> dx: array<vec4<f32>>;    // in/out (M, K / 4)
@group(0) @binding(4) var<uniform>             params: Params;
