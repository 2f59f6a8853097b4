//! A plan of steps in the device's words: the parameters of the step shader.
//!
//! Not here: the plain data (`engine/chain.rs`), what comes back (`record.rs`), the steps themselves (`rollout.rs`,
//! `shaders/soft_step.wgsl`).

use super::calls::noise_number;
use super::capacity::{Capacity, MAX_CANDIDATES, MAX_TURNS, SHOWN, is_large, tiles};
use super::params::SoftStep;
pub use super::record::read;
pub use crate::engine::chain::{
    Averaging, Blending, ChainRequest, RowRecord, Sampling, StepRecord, StopRule, Thinking,
};
use crate::math::gumbel::{ABSENT, NOISE_MAX, NOISE_MIN};
use crate::math::noises::{GAMMA_SAMPLE_MIN, GAUSSIAN_DEVIATION};
use crate::math::truncation::Truncation;
use crate::model::config::ModelConfig;

/// What the kernels call thinking in draws; tokens are 0, blends 1, vectors 3.
pub const DRAWS: u32 = 2;
/// Bounds of noise that is not clamped.
const NO_BOUND: f32 = 1e30;

/// The room that these steps need beside their rows.
#[must_use]
pub fn need(sampling: &Sampling, chunk: usize) -> Capacity {
    let vectors = averaging_of(sampling).is_some();
    Capacity { candidates: sampling.width(), vectors, chunk, ..Capacity::default() }
}

/// Soft Tokens, if these steps are made of vectors.
#[must_use]
pub fn averaging_of(sampling: &Sampling) -> Option<&Averaging> {
    match &sampling.thinking {
        Thinking::Vector(averaging) => Some(averaging),
        _ => None,
    }
}

/// How the kernels draw: temperature 0 becomes the likeliest token without noise, as decode's draw.
struct Way {
    pool: u32,
    temperature: f32,
    top_p: f32,
    min_p: f32,
    noise: f32,
}

impl Way {
    fn of(truncation: &Truncation, vocabulary: usize) -> Self {
        let greedy = truncation.temperature == 0.0;
        let likeliest = Truncation { temperature: 1.0, top_k: 1, top_p: 1.0, min_p: 0.0 };
        let Truncation { temperature, top_k, top_p, min_p } = if greedy { likeliest } else { *truncation };
        Self {
            pool: if top_k == 0 { vocabulary } else { top_k.min(vocabulary) } as u32,
            temperature: temperature as f32,
            top_p: top_p as f32,
            min_p: min_p as f32,
            noise: if greedy { 0.0 } else { 1.0 },
        }
    }
}

/// What `shaders/soft_step.wgsl` is told about a batch of `rows`, `capacity.chunk` steps of which are recorded.
#[must_use]
pub fn params(sampling: &Sampling, config: &ModelConfig, capacity: &Capacity, rows: usize) -> SoftStep {
    let vocabulary = config.vocab_size;
    let (thinking, truncation, weighted) = match sampling.thinking {
        Thinking::Tokens | Thinking::Pause(_) => (0, sampling.truncation, false),
        Thinking::Blend(_) => (1, sampling.truncation, false),
        Thinking::Draws(drawing) => (DRAWS, sampling.truncation, drawing.weighted),
        // The average is over all; its temperature is not that of the entropies.
        Thinking::Vector(averaging) => {
            (3, Truncation { temperature: averaging.temperature, ..Truncation::NONE }, false)
        }
    };
    let blending = match sampling.thinking {
        Thinking::Blend(blending) => blending,
        _ => Blending::soft_grpo(1),
    };
    let (thought, answer) = (Way::of(&truncation, vocabulary), Way::of(&sampling.answer, vocabulary));
    let (least, most) = if blending.clamp { (NOISE_MIN as f32, NOISE_MAX as f32) } else { (-NO_BOUND, NO_BOUND) };
    let cold_temperature = if sampling.truncation.temperature > 0.0 { sampling.truncation.temperature } else { 1.0 };
    SoftStep {
        rows: rows as u32,
        vocabulary: vocabulary as u32,
        candidates: sampling.width() as u32,
        shown: SHOWN as u32,
        thinking,
        noise: noise_number(blending.noise),
        before_cut: u32::from(blending.before_cut),
        weighted: u32::from(weighted),
        pool: thought.pool,
        temperature: thought.temperature,
        top_p: thought.top_p,
        min_p: thought.min_p,
        discrete_noise: thought.noise,
        answer_pool: answer.pool,
        answer_temperature: answer.temperature,
        answer_top_p: answer.top_p,
        answer_min_p: answer.min_p,
        answer_noise: answer.noise,
        gumbel_temperature: blending.gumbel_temperature as f32,
        noise_scale: blending.noise_scale as f32,
        log_epsilon: blending.log_epsilon as f32,
        noise_min: least,
        noise_max: most,
        absent: ABSENT as f32,
        concentration: blending.concentration as f32,
        sample_min: GAMMA_SAMPLE_MIN as f32,
        deviation: GAUSSIAN_DEVIATION as f32,
        cold_temperature: cold_temperature as f32,
        cold_entropy: sampling.stop.cold_entropy as f32,
        cold_steps: sampling.stop.cold_steps as u32,
        max_thought: sampling.stop.max_thought as u32,
        end_think: sampling.end_think,
        end_answer: sampling.end_answer,
        max_steps: sampling.max_steps as u32,
        slots: capacity.chunk as u32,
        blend_width: sampling.width() as u32,
        record_width: need(sampling, 1).record_width(config) as u32,
        tiles: tiles(vocabulary) as u32,
        reach: reach(sampling, vocabulary) as u32,
        search: u32::from(searches(sampling, vocabulary)),
        fed: 0,
    }
}

/// Tokens that a way may draw from by its rank alone.
fn pool(truncation: &Truncation, vocabulary: usize) -> usize {
    Way::of(truncation, vocabulary).pool as usize
}

/// The likeliest tokens that a step over a large vocabulary looks for.
fn reach(sampling: &Sampling, vocabulary: usize) -> usize {
    let pools = [&sampling.truncation, &sampling.answer].map(|truncation| pool(truncation, vocabulary));
    let listed = pools.into_iter().filter(|pool| *pool <= MAX_CANDIDATES);
    listed.chain([sampling.width(), SHOWN]).max().unwrap_or(SHOWN).min(vocabulary)
}

/// Whether a nucleus may reach beyond those.
fn searches(sampling: &Sampling, vocabulary: usize) -> bool {
    let thought = !matches!(sampling.thinking, Thinking::Blend(_) | Thinking::Vector(_));
    let beyond = |truncation: &Truncation| truncation.top_p < 1.0 && pool(truncation, vocabulary) > MAX_CANDIDATES;
    thought && beyond(&sampling.truncation) || beyond(&sampling.answer)
}

/// Whether the kernels can run these steps. Over a large vocabulary they cannot make vectors, draw noise for every token of a blend, or
/// sort more than 64 tokens for a top-k.
#[must_use]
pub fn runs(sampling: &Sampling, config: &ModelConfig) -> bool {
    if !is_large(config) {
        return true;
    }
    let vocabulary = config.vocab_size;
    let listed = |truncation: &Truncation| {
        let pool = pool(truncation, vocabulary);
        pool <= MAX_CANDIDATES || pool == vocabulary
    };
    // Turns of a thread: a look at its share of the tokens for each draw, and fifty of a search.
    let looks = sampling.width() + if searches(sampling, vocabulary) { 51 } else { 0 };
    let blendable = match sampling.thinking {
        Thinking::Blend(blending) => !blending.before_cut,
        Thinking::Vector(_) => false,
        Thinking::Tokens | Thinking::Pause(_) | Thinking::Draws(_) => true,
    };
    blendable
        && listed(&sampling.truncation)
        && listed(&sampling.answer)
        && looks * vocabulary.div_ceil(256) <= MAX_TURNS
}
