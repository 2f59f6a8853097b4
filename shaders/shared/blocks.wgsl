// Matrices in blocks of 32 weights: weight = scale · level + low. Levels of 4 bits, 0 to 15, four words a block whose low nibbles hold
// the first sixteen; or of 8 bits, −128 to 127, eight words a block. A pair (scale, low) a block, or one for each half of it.
// Or the weights themselves, as floats of 16 or 32 bits, sixteen or thirty-two words a block, without pairs.
// Mirrors weights::blocks. Sources: ggml-quants.c, dequantize_row_q4_1 and dequantize_row_q8_0; other kinds are turned into these.

// Weights whose levels stand at one place of four words, with the scales and lows of their columns.
fn nibbles(words: vec4<u32>, shift: u32, scales: vec4<f32>, lows: vec4<f32>) -> vec4<f32> {
    return fma(vec4<f32>((words >> vec4<u32>(shift)) & vec4<u32>(15u)), scales, lows);
}

fn bytes(words: vec4<u32>, shift: u32, scales: vec4<f32>, lows: vec4<f32>) -> vec4<f32> {
    return fma(vec4<f32>((bitcast<vec4<i32>>(words) << vec4<u32>(24u - shift)) >> vec4<u32>(24u)), scales, lows);
}

// Levels 4·j to 4·j + 3 of a block whose words begin at `first`; j below 8.
fn levels(first: u32, j: u32, bits: u32) -> vec4<f32> {
    if bits == 8u {
        let word = bitcast<i32>(quants[first + j]);
        return vec4<f32>((vec4<i32>(word) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u));
    }
    let word = quants[first + j % 4u] >> (j / 4u * 4u);
    return vec4<f32>((vec4<u32>(word) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(15u));
}

// Floats 4·j to 4·j + 3 of those that begin at word `first`.
fn floats(first: u32, j: u32) -> vec4<f32> {
    if params.bits == 32u {
        let at = first + 4u * j;
        return bitcast<vec4<f32>>(vec4<u32>(quants[at], quants[at + 1u], quants[at + 2u], quants[at + 3u]));
    }
    let two = vec2<u32>(quants[first + 2u * j], quants[first + 2u * j + 1u]);
    if params.brain == 1u {
        return bitcast<vec4<f32>>(vec4<u32>(two.x << 16u, two.x & 0xffff0000u, two.y << 16u, two.y & 0xffff0000u));
    }
    return vec4<f32>(unpack2x16float(two.x), unpack2x16float(two.y));
}

// Weights 4·j to 4·j + 3 of a block of any kind; j below 8.
fn quad(block: u32, j: u32) -> vec4<f32> {
    let first = params.first_word + block * params.bits;
    if params.bits >= 16u {
        return floats(first, j);
    }
    let pair = pairs[params.first_pair + block * params.pairs + j / 4u * (params.pairs - 1u)];
    return fma(levels(first, j, params.bits), vec4<f32>(pair.x), vec4<f32>(pair.y));
}
