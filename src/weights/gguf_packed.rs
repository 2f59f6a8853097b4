//! A GGUF file's parameters with their matrices left in blocks.
//!
//! Not here: what they look like then (`packed.rs`), unpacked reading (`gguf_model.rs`).

use super::check_shape;
use super::gguf;
use super::gguf_config::read_config;
use super::gguf_model::{gguf_name, interleaved, permuted_heads};
use super::packed::Packed;
use super::quant;
use crate::error::{Error, Result};
use crate::model::params::{self, ParamSpec};

/// The same parameters with their matrices left in blocks: nothing where they are not all of one kind that a kernel reads.
/// For bytes that [`super::read`] takes.
///
/// # Errors
/// `bad-weights`, as [`super::read`].
pub fn read(bytes: &[u8]) -> Result<Option<Packed>> {
    let file = gguf::read(bytes)?;
    let config = read_config(&file.metadata, |name| file.tensors.get(name).map(|tensor| tensor.shape.as_slice()))?;
    let specs = params::layout(&config);
    let view = |spec: &ParamSpec| {
        let name = gguf_name(&spec.name);
        let view = file.tensors.get(name.as_str());
        view.ok_or_else(|| Error::bad_weights(name, "the tensor is missing from the file"))
    };
    let Some(kind) = specs.first().map(|embedding| view(embedding).map(|view| view.kind)).transpose()? else {
        return Ok(None);
    };
    let Some(mut packed) = Packed::of_kind(kind) else { return Ok(None) };
    for spec in &specs {
        let view = view(spec)?;
        check_shape(&gguf_name(&spec.name), &spec.shape, &view.shape)?;
        let [rows, width] = spec.shape[..] else {
            let mut values = vec![0.0; spec.len];
            quant::dequantise(view.kind, view.data, &mut values)?;
            packed.push_vector(spec, &values);
            continue;
        };
        if view.kind != kind || !width.is_multiple_of(kind.block_len()) {
            return Ok(None);
        }
        let bytes = width / kind.block_len() * kind.block_bytes();
        let heads = permuted_heads(&config, spec);
        let source = |row: usize| heads.map_or(row, |heads| interleaved(row, rows / heads));
        packed.push_matrix(spec, (0..rows).map(|row| &view.data[source(row) * bytes..][..bytes]));
    }
    Ok(Some(packed))
}
