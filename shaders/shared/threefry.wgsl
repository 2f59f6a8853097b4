// Counter-based random numbers and Gumbel noise. Mirrors math::threefry and math::gumbel::gumbel.
// Source: Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"; Random123, threefry.h.

const PARITY: u32 = 0x1BD11BDAu;

fn stir(words: vec2<u32>, distance: u32) -> vec2<u32> {
    let sum = words.x + words.y;
    return vec2<u32>(sum, ((words.y << distance) | (words.y >> (32u - distance))) ^ sum);
}

fn four_rounds(words: vec2<u32>, distances: vec4<u32>) -> vec2<u32> {
    return stir(stir(stir(stir(words, distances.x), distances.y), distances.z), distances.w);
}

// One block of Threefry-2x32 with 20 rounds.
fn threefry2x32(key: vec2<u32>, counter: vec2<u32>) -> vec2<u32> {
    let third = PARITY ^ key.x ^ key.y;
    let even = vec4<u32>(13u, 15u, 26u, 6u);
    let odd = vec4<u32>(17u, 29u, 16u, 24u);
    var words = counter + key;
    words = four_rounds(words, even) + vec2<u32>(key.y, third + 1u);
    words = four_rounds(words, odd) + vec2<u32>(third, key.x + 2u);
    words = four_rounds(words, even) + vec2<u32>(key.x, key.y + 3u);
    words = four_rounds(words, odd) + vec2<u32>(key.y, third + 4u);
    return four_rounds(words, even) + vec2<u32>(third, key.x + 5u);
}

// -ln u of the uniform u = (cell + 1/2) / 2^23. Near u = 1 the built-in logarithm keeps no digits (2^-21 absolute is
// allowed), so there it is 2 atanh(d / (2 - d)) of d = 1 - u, which the cell gives exactly.
fn minus_log_uniform(cell: u32) -> f32 {
    let rest = (f32(0x7fffffu - cell) + 0.5) / 8388608.0;
    let z = rest / (2.0 - rest);
    let square = z * z;
    let series = 2.0 * z * (1.0 + square * (1.0 / 3.0 + square * (1.0 / 5.0 + square * (1.0 / 7.0 + square / 9.0))));
    return select(-log((f32(cell) + 0.5) / 8388608.0), series, rest < 0.25);
}

// Gumbel(0, 1) noise of the draw named (major, minor) under a key.
fn gumbel_noise(key: vec2<u32>, major: u32, minor: u32) -> f32 {
    return -log(minus_log_uniform(threefry2x32(key, vec2<u32>(major, minor)).x >> 9u));
}
