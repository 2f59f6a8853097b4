// Streams of draws, normal and Gamma samples: what the control noises and soft tokens are made of. In front: threefry.wgsl.
// Mirrors math::threefry::Key::derive, math::stream and math::noises::candidate_stream, draw for draw.
// Source: Box and Muller 1958; Marsaglia and Tsang 2000, "A simple method for generating gamma variables".

const DERIVE: u32 = 0xffffffffu;

// The child key number `index`.
fn derive(key: vec2<u32>, index: u32) -> vec2<u32> {
    return threefry2x32(key, vec2<u32>(index, DERIVE));
}

// A sequence of draws, of which so many are taken.
struct Stream {
    key: vec2<u32>,
    drawn: u32,
}

// The draws of one candidate, or of one element of a vector, at one step.
fn stream_of(key: vec2<u32>, step: u32, id: u32) -> Stream {
    return Stream(derive(derive(key, step), id), 0u);
}

// The cell of the next uniform, of 2^23.
fn next_cell(stream: ptr<function, Stream>) -> u32 {
    let words = threefry2x32((*stream).key, vec2<u32>((*stream).drawn, 0u));
    (*stream).drawn += 1u;
    return words.x >> 9u;
}

// cos(2π u) of the uniform u = (cell + 1/2) / 2^23. The built-in cosine may be off by 2^-11, so the angle is brought to an eighth of
// a turn in whole numbers, where Taylor's next terms are below 3e-8.
fn cosine(cell: u32) -> f32 {
    let turn = 0x1000000u; // in units of half a cell
    let place = 2u * cell + 1u;
    let half = min(place, turn - place); // cos is even
    let behind = half > turn / 4u;
    let quarter = select(half, turn / 2u - half, behind);
    let high = quarter > turn / 8u;
    let angle = f32(select(quarter, turn / 4u - quarter, high)) * (6.283185307 / 16777216.0);
    let square = angle * angle;
    let sine = angle * (1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0 * (1.0 - square / 72.0))));
    let cosine = 1.0 - square / 2.0 * (1.0 - square / 12.0 * (1.0 - square / 30.0 * (1.0 - square / 56.0)));
    let size = select(cosine, sine, high);
    return select(size, -size, behind);
}

// A draw of the standard normal distribution, of two uniforms.
fn normal(stream: ptr<function, Stream>) -> f32 {
    let radius = sqrt(2.0 * minus_log_uniform(next_cell(stream)));
    return radius * cosine(next_cell(stream));
}

// ln(1 + t) - t + t²/2 - t³/3 above t = -1: the acceptance test of a Gamma draw without its cancellation.
fn log_remainder(t: f32) -> f32 {
    let head = 1.0 / 4.0 - t * (1.0 / 5.0 - t * (1.0 / 6.0 - t * (1.0 / 7.0 - t * (1.0 / 8.0 - t * (1.0 / 9.0 - t / 10.0)))));
    let tail = 1.0 / 11.0 - t / 12.0;
    let seventh = t * t * t * t * t * t * t;
    let series = -t * t * t * t * (head - seventh * tail);
    let direct = log(max(1.0 + t, 1e-30)) - t + t * t * (0.5 - t / 3.0);
    return select(direct, series, abs(t) < 0.25);
}

// A draw of the Gamma distribution with this shape and rate 1, raised to `least`: shapes near 0 draw numbers that underflow.
fn gamma_sample(shape: f32, stream: Stream, least: f32) -> f32 {
    var draws = stream;
    var used = shape;
    var boost = 0.0;
    if shape < least {
        return least;
    }
    if shape < 1.0 {
        boost = -minus_log_uniform(next_cell(&draws)) / shape;
        used = shape + 1.0;
    }
    let d = used - 1.0 / 3.0;
    let c = 1.0 / sqrt(9.0 * d);
    var sample = d;
    // One try in twenty fails at worst.
    for (var attempt = 0u; attempt < 64u; attempt += 1u) {
        let t = c * normal(&draws);
        if t > -1.0 {
            // ln u < x²/2 + d - d v + d ln v of v = (1 + t)³
            if -minus_log_uniform(next_cell(&draws)) < 3.0 * d * log_remainder(t) {
                sample = d * (1.0 + t) * (1.0 + t) * (1.0 + t);
                break;
            }
        }
    }
    return max(sample * exp(boost), least);
}
