// What the kernels of a step are told, and how a row may draw its next token. Letters: B rows, V vocabulary, S steps of a chunk.
// Mirrors engine::gpu::chain::params.

struct Params {
    rows: u32,               // B
    vocabulary: u32,         // V
    candidates: u32,         // K of a blend, or draws; else 1
    shown: u32,              // candidates recorded of a step that is drawn from all tokens
    thinking: u32,           // 0 tokens, 1 blends, 2 draws, 3 vectors
    noise: u32,              // of blends: 0 Gumbel, 1 Dirichlet, 2 Gaussian
    before_cut: u32,         // blends, 1: noise for every kept token, then the K largest
    weighted: u32,           // draws, 1: weighed by their probability
    pool: u32,               // top-k, V when it keeps all
    temperature: f32,
    top_p: f32,
    min_p: f32,
    discrete_noise: f32,     // 1, or 0 for the most likely token
    answer_pool: u32,        // the same of answers
    answer_temperature: f32,
    answer_top_p: f32,
    answer_min_p: f32,
    answer_noise: f32,
    gumbel_temperature: f32,
    noise_scale: f32,
    log_epsilon: f32,        // added to probabilities; 0 leaves candidates without mass out
    noise_min: f32,          // math::gumbel::NOISE_MIN, or far below
    noise_max: f32,          // math::gumbel::NOISE_MAX, or far above
    absent: f32,             // math::gumbel::ABSENT
    concentration: f32,      // Dirichlet: multiplies probabilities to shapes
    sample_min: f32,         // math::noises::GAMMA_SAMPLE_MIN
    deviation: f32,          // math::noises::GAUSSIAN_DEVIATION
    cold_temperature: f32,   // of the entropy that Cold Stop reads
    cold_entropy: f32,       // nats
    cold_steps: u32,         // 0 never stops
    max_thought: u32,        // 0 has no limit
    end_think: u32,          // token id
    end_answer: u32,         // token id
    max_steps: u32,
    slots: u32,              // S
    blend_width: u32,        // entries of a blend
    record_width: u32,       // words of a record
    tiles: u32,              // of a large vocabulary, whose tokens are dealt out to them in turn
    reach: u32,              // of a large vocabulary, the likeliest tokens that are looked for
    search: u32,             // of a large vocabulary, 1: a nucleus may be larger than that
    fed: u32,                // tokens that are fed where a rule ends a thought; 0: end_think alone
}

const ANSWERING: u32 = 1u;
const FINISHED: u32 = 2u;
const SOFT: u32 = 4u;
const WINNER_CHANGED: u32 = 8u;
const FORCED: u32 = 16u;
const ENDED: u32 = 8u; // above the flags of a row: how many tokens of an ending that a rule began are fed

const TOKENS: u32 = 0u;
const BLEND: u32 = 1u;
const DRAWS: u32 = 2u;
const VECTOR: u32 = 3u;

// How a row's next token may be drawn.
struct Way {
    thinking: u32,
    pool: u32,
    temperature: f32,
    top_p: f32,
    min_p: f32,
    noise: f32,
}

fn way_of(flags: u32) -> Way {
    if (flags & ANSWERING) != 0u {
        return Way(TOKENS, params.answer_pool, params.answer_temperature, params.answer_top_p, params.answer_min_p, params.answer_noise);
    }
    return Way(params.thinking, params.pool, params.temperature, params.top_p, params.min_p, params.discrete_noise);
}

// Parts of the sums that entropies are made of, for a logit so far below the largest: temperature 1, then Cold Stop's.
fn entropy_parts(below: f32) -> vec4<f32> {
    var cold = 0.0;
    if params.cold_steps > 0u {
        cold = below / params.cold_temperature;
    }
    return vec4<f32>(vec2<f32>(1.0, below) * exp(below), vec2<f32>(1.0, cold) * exp(cold));
}
