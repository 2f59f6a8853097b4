//! A language model against Hugging Face in float32: tokens of a text, log-probabilities of the likeliest, also after a blend, and greedy
//! continuations. Files of `{ "what", "cases": [{ text, ids, top_ids, top_log_probs, greedy, greedy_text, soft_candidates, soft_mixture,
//! after_soft_top_ids, after_soft_log_probs }] }`.
//!
//! Or of `{ "what", "question", "prompt", "cases": [{ splitting, text, ids }] }`: texts cut in the named way, and a question in the
//! model's chat template. Not here: small models with gradients (`models.rs`), formulas (`cases.rs`).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::GroupReport;
use super::cases::{cases_of, each, parsed};
use super::groups::Groups;
use crate::engine::{Blends, Engine};
use crate::error::{Error, Result};
use crate::math::softmax::log_softmax;
use crate::text::words::Vocabulary;
use crate::text::{SpeechOptions, Tokenizer};

/// Nats. f32 in another order, and vectors rounded to 16 bits, through 30 layers.
pub const LOG_PROB_TOLERANCE: f64 = 0.02;
/// Nats by which the likeliest token may be ahead of the published one: where Hugging Face's margin is larger, both are the same.
pub const GREEDY_TOLERANCE: f64 = 0.05;

#[derive(Deserialize)]
struct Case {
    text: String,
    ids: Vec<u32>,
    top_ids: Vec<u32>,
    top_log_probs: Vec<f64>,
    greedy: Vec<u32>,
    greedy_text: String,
    soft_candidates: Vec<u32>,
    soft_mixture: Vec<f32>,
    after_soft_top_ids: Vec<u32>,
    after_soft_log_probs: Vec<f64>,
}

/// Whether a golden file is of this schema.
#[must_use]
pub fn is_language(json: &str) -> bool {
    let known = |case: &Value| case.get("top_log_probs").is_some() || case.get("splitting").is_some();
    parsed("", json).is_ok_and(|file| cases_of(&file).first().is_some_and(known))
}

#[derive(Deserialize)]
struct TokensCase {
    splitting: String,
    text: String,
    ids: Vec<u32>,
}

/// Compares a model, its words and its template with a file of either schema.
///
/// # Errors
/// `bad-input` for a file that cannot be read; the engine's errors.
pub async fn verify_language<E: Engine>(
    name: &str,
    json: &str,
    engine: &mut E,
    vocabulary: &Vocabulary,
) -> Result<Vec<GroupReport>> {
    let file = parsed(name, json)?;
    let mut groups = Groups::new(name, LOG_PROB_TOLERANCE, 1.0);
    let plain = SpeechOptions { instruction: Some(String::new()), ..SpeechOptions::default() };
    let tokenizer = Tokenizer::of_words(vocabulary, &plain)?;
    if let (Some(question), Some(prompt)) = (file["question"].as_str(), file["prompt"].as_str()) {
        groups.exact("language/prompt", &tokenizer.prompt(question)?, &tokenizer.encode(prompt)?);
        return verify_tokens(name, cases_of(&file), vocabulary, groups);
    }
    for (place, case) in cases_of(&file).iter().enumerate() {
        let case = Case::deserialize(case).map_err(|e| Error::bad_input(format!("{name}: case {place}: {e}")))?;
        groups.exact("language/tokens", &tokenizer.encode(&case.text)?, &case.ids);
        let text_differs = u32::from(tokenizer.decode(&case.greedy) != case.greedy_text);
        groups.exact("language/text", &[text_differs], &[0]);
        let prompt = std::slice::from_ref(&case.ids);
        let first = log_probs(&engine.prefill(prompt, 1, case.greedy.len() + 1).await?);
        groups.within(
            "language/log_probs",
            largest_difference(&first, &case.top_ids, &case.top_log_probs),
            LOG_PROB_TOLERANCE,
        );
        let mut blend = Blends::new(case.soft_candidates.len());
        blend.push(&case.soft_candidates, &case.soft_mixture);
        let after = log_probs(&engine.decode(&blend).await?);
        let difference = largest_difference(&after, &case.after_soft_top_ids, &case.after_soft_log_probs);
        groups.within("language/after_soft", difference, LOG_PROB_TOLERANCE);
        let mut logits = engine.prefill(prompt, 1, case.greedy.len() + 1).await?;
        for id in &case.greedy {
            let own = log_probs(&logits);
            let best = own.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let published = own.get(*id as usize).copied().unwrap_or(f64::NEG_INFINITY);
            groups.within("language/greedy", best - published, GREEDY_TOLERANCE);
            let mut token = Blends::new(1);
            token.push_token(*id);
            logits = engine.decode(&token).await?;
        }
    }
    Ok(groups.reports)
}

fn verify_tokens(name: &str, cases: &[Value], vocabulary: &Vocabulary, mut groups: Groups) -> Result<Vec<GroupReport>> {
    let mut known: BTreeMap<String, Tokenizer> = BTreeMap::new();
    each(name, cases, |case: TokensCase| {
        if !known.contains_key(&case.splitting) {
            let own = Vocabulary { splitting: case.splitting.clone(), ..vocabulary.clone() };
            known.insert(case.splitting.clone(), Tokenizer::of_words(&own, &SpeechOptions::default())?);
        }
        let found = known.get(&case.splitting).map(|tokenizer| tokenizer.encode(&case.text)).transpose()?;
        groups.exact(&format!("language/tokens of {}", case.splitting), &found.unwrap_or_default(), &case.ids);
        Ok(())
    })?;
    Ok(groups.reports)
}

fn log_probs(logits: &[f32]) -> Vec<f64> {
    log_softmax(&logits.iter().map(|z| f64::from(*z)).collect::<Vec<_>>())
}

/// Infinite where an id is outside the vocabulary or the lists differ in length.
fn largest_difference(found: &[f64], ids: &[u32], expected: &[f64]) -> f64 {
    if ids.len() != expected.len() {
        return f64::INFINITY;
    }
    let own = |id: &u32| found.get(*id as usize).copied().unwrap_or(f64::INFINITY);
    let differences = ids.iter().zip(expected).map(|(id, expected)| (own(id) - expected).abs());
    differences.fold(0.0, |most, d| if d > most || d.is_nan() { d } else { most })
}
