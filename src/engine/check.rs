//! What a caller may have got wrong in a batch, told before any engine computes.

use super::{Action, Scoring, Sequence};
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::params;

/// # Errors
/// `bad-input` naming the sequence and what is out of range.
pub fn check(config: &ModelConfig, batch: &[Sequence]) -> Result<()> {
    for (index, sequence) in batch.iter().enumerate() {
        let (rows, last) = (sequence.inputs.rows(), sequence.first + sequence.actions.len());
        if rows == 0 || rows > config.max_position_embeddings {
            let limit = config.max_position_embeddings;
            return Err(Error::bad_input(format!(
                "sequence {index} has {rows} positions; 1 to {limit} fit this model"
            )));
        }
        if sequence.actions.is_empty() || last > rows {
            let n = sequence.actions.len();
            return Err(Error::bad_input(format!(
                "sequence {index} has {n} actions from position {} on, but {rows} inputs",
                sequence.first
            )));
        }
        check_ids(config, sequence.inputs.ids.iter())?;
        if sequence.inputs.dim > 0 {
            check_vector(config, index, sequence.inputs.dim)?;
        }
        for action in &sequence.actions {
            match action {
                Action::Token(id) => check_ids(config, std::iter::once(id))?,
                Action::Draws(ids) => check_ids(config, ids.iter())?,
                Action::Forced => {}
                Action::Vector(vector) => check_vector(config, index, vector.len())?,
                Action::Soft { candidates, perturbed } if candidates.len() == perturbed.len() => {
                    check_ids(config, candidates.iter())?;
                }
                Action::Soft { candidates, perturbed } => {
                    let (c, p) = (candidates.len(), perturbed.len());
                    return Err(Error::bad_input(format!(
                        "sequence {index} has {c} candidates but {p} perturbed values"
                    )));
                }
            }
        }
    }
    Ok(())
}

fn check_vector(config: &ModelConfig, index: usize, len: usize) -> Result<()> {
    let width = config.hidden_size;
    if len == width {
        return Ok(());
    }
    Err(Error::bad_input(format!("sequence {index} has a vector of {len} elements; embeddings have {width}")))
}

/// # Errors
/// `bad-input` when `len` numbers are not the parameters of the model.
pub fn check_length(config: &ModelConfig, len: usize) -> Result<()> {
    let expected = params::count(config);
    if len == expected {
        return Ok(());
    }
    Err(Error::bad_input(format!("the model has {expected} parameters, but {len} numbers came")))
}

/// # Errors
/// `bad-input` naming the first id outside the vocabulary.
pub fn check_ids<'a>(config: &ModelConfig, mut ids: impl Iterator<Item = &'a u32>) -> Result<()> {
    match ids.find(|id| **id as usize >= config.vocab_size) {
        None => Ok(()),
        Some(id) => Err(Error::bad_input(format!("token id {id} is outside the vocabulary of {}", config.vocab_size))),
    }
}

/// # Errors
/// `bad-input` when `found` numbers are not the parameters of an adapter of `expected`.
pub fn check_adapter(expected: usize, found: usize) -> Result<()> {
    if expected == found {
        return Ok(());
    }
    Err(Error::bad_input(format!("the adapter has {expected} parameters, but {found} numbers came")))
}

/// What beside frozen weights cannot learn.
///
/// # Errors
/// `bad-input` saying which setting to change.
pub fn check_frozen(scoring: &Scoring) -> Result<()> {
    if scoring.input_gradient {
        let text = "`input_gradient` reaches the embedding table, which is frozen beside an adapter; switch it off";
        return Err(Error::bad_input(text));
    }
    Ok(())
}

/// What is said of frozen weights beside which nothing learns.
pub fn no_adapter() -> Error {
    Error::bad_input(
        "the weights of this model stay packed, and it has no adapter that could learn beside them; start training with \
         `lora_r`, or load an adapter",
    )
}

/// What is said where a reference policy is asked before there is one.
pub fn no_reference() -> Error {
    Error::NotReady("no reference policy was frozen; call set_reference before training starts".into())
}

/// What is said of vectors as actions, scored over packed weights.
pub fn no_vectors() -> Error {
    Error::bad_input(
        "`objective` \"soft_tokens\" trains small models only: a mean embedding over packed weights has no gradient here; \
         use \"soft_grpo\", \"grpo\" or \"multiplex\"",
    )
}

/// Splits a batch into runs of sequences whose padded size stays within `tokens` (at least one sequence each).
#[must_use]
pub fn runs(batch: &[Sequence], tokens: usize) -> Vec<std::ops::Range<usize>> {
    let (mut runs, mut start, mut longest) = (Vec::new(), 0, 0);
    for (index, sequence) in batch.iter().enumerate() {
        longest = longest.max(sequence.inputs.rows());
        if index > start && longest * (index + 1 - start) > tokens {
            runs.push(start..index);
            start = index;
            longest = sequence.inputs.rows();
        }
    }
    if start < batch.len() {
        runs.push(start..batch.len());
    }
    runs
}
