//! How large each of the engine's buffers must be. Letters: `model/config.rs`.
//!
//! Not here: what lies in them (`slots.rs`), the buffers (`workspace.rs`).

use super::capacity::{Capacity, PARTIALS, is_large, tiles};
use super::slots::{Kept, Slot};
use crate::model::config::ModelConfig;
use crate::model::params;
use crate::text::Ending;

/// What lies in each slot and how many 4-byte words it needs; the reference is made when one is frozen.
#[must_use]
pub fn sizes(config: &ModelConfig, capacity: &Capacity) -> Vec<(Slot, usize)> {
    let Capacity { rows, context, candidates, vectors, chunk, learn, span, tile, beside, .. } = *capacity;
    let m = capacity.most_rows();
    let (q, kv, d) = (config.query_width(), config.key_value_width(), config.hidden_size);
    let mut sizes = vec![
        (Slot::Weights, params::count(config)),
        (Slot::Rope, config.max_position_embeddings * config.head_dim),
        (Slot::Ids, m * candidates),
        (Slot::Shares, m * candidates),
        (Slot::X, m * d),
        (Slot::Hidden, m * d),
        (Slot::Qkv, m * (q + 2 * kv)),
        (Slot::Mixed, m * q),
        (Slot::Inner, m * config.intermediate_size),
        (Slot::GateUp, m * 2 * config.intermediate_size),
        (Slot::Last, rows * d),
        (Slot::Rows, m),
        (Slot::Logits, if is_large(config) { rows.max(tile) } else { m } * config.vocab_size),
        (Slot::State, rows * 4),
        (Slot::RowKeys, rows * 2 + Ending::MOST),
        (Slot::Record, chunk * rows * capacity.record_width(config)),
        (Slot::Actions, m * (2 + candidates)),
        (Slot::Perturbed, m * candidates),
        (Slot::Scores, m * (1 + candidates)),
    ];
    if tile > 0 {
        sizes.push((Slot::AllScores, m * (1 + candidates)));
    }
    if is_large(config) {
        sizes.push((Slot::Tiles, rows * 8 * tiles(config.vocab_size)));
    }
    let wide = config.vocab_size.next_multiple_of(4);
    if vectors {
        sizes.push((Slot::Added, m * d));
        // Over a large vocabulary there are no mean embeddings.
        if !is_large(config) {
            sizes.extend([(Slot::Fed, m * d), (Slot::VectorShares, m * wide), (Slot::Delta, m * d)]);
            sizes.push((Slot::Pull, learn * config.vocab_size));
        }
    }
    if span > 0 {
        sizes.push((Slot::DAttended, m * config.num_attention_heads * span));
    }
    for layer in 0..config.num_hidden_layers {
        sizes.push((Slot::Keys(layer), rows * context * kv));
        sizes.push((Slot::Values(layer), rows * context * kv));
        if learn > 0 {
            sizes.extend(Kept::ALL.map(|kept| (Slot::Kept(layer, kept), learn * kept.width(config))));
            sizes.push((Slot::Attended(layer), learn * config.num_attention_heads * span));
        }
    }
    if learn > 0 {
        sizes.extend([
            (Slot::UnitLast, learn * d),
            (Slot::ScaleLast, learn),
            (Slot::Slopes, learn * (1 + candidates)),
            (Slot::DLogits, learn * wide),
            (Slot::DX, learn * d),
            (Slot::DHidden, learn * d),
            (Slot::DQkv, learn * (q + 2 * kv)),
            (Slot::DMixed, learn * q),
            (Slot::DInner, learn * config.intermediate_size),
            (Slot::Stats, learn * 2 * config.num_attention_heads),
            (Slot::Starts, config.vocab_size + 1),
            (Slot::Entries, 2 * learn * candidates),
            (Slot::Gradient, params::count(config) + 4 * d),
            (Slot::Moment1, params::count(config)),
            (Slot::Moment2, params::count(config)),
            (Slot::Partial, PARTIALS),
            (Slot::Report, 2),
        ]);
    }
    if capacity.adapter > 0 {
        sizes.extend([(Slot::Adapter, capacity.adapter), (Slot::AdapterInner, m * capacity.ranks)]);
    }
    if beside > 0 {
        sizes.extend(beside_sizes(config, capacity));
    }
    sizes
}

/// What an adapter's learning takes besides.
fn beside_sizes(config: &ModelConfig, capacity: &Capacity) -> Vec<(Slot, usize)> {
    let Capacity { candidates, span, tile, beside, adapter, ranks, .. } = *capacity;
    let (q, kv, d) = (config.query_width(), config.key_value_width(), config.hidden_size);
    let shared = [Kept::NormedIn, Kept::UnitIn, Kept::ScaleIn, Kept::NormedMid, Kept::UnitMid, Kept::ScaleMid];
    let inputs = (0..config.num_hidden_layers).map(|layer| (Slot::Input(layer), beside * d));
    let inside = shared.map(|kept| (Slot::Kept(0, kept), beside * kept.width(config)));
    let rest = [
        (Slot::Attended(0), beside * config.num_attention_heads * span),
        (Slot::UnitLast, tile * d),
        (Slot::ScaleLast, tile),
        (Slot::Slopes, tile * (1 + candidates)),
        (Slot::DLogits, tile * config.vocab_size.next_multiple_of(4)),
        (Slot::DX, beside * d),
        (Slot::DHidden, beside.max(tile) * d),
        (Slot::DQkv, beside * (q + 2 * kv)),
        (Slot::DMixed, beside * q),
        (Slot::DInner, beside * config.intermediate_size),
        (Slot::Stats, beside * 2 * config.num_attention_heads),
        (Slot::AdapterPull, beside * ranks),
        (Slot::AdapterGradient, adapter),
        (Slot::Moment1, adapter),
        (Slot::Moment2, adapter),
        (Slot::Partial, PARTIALS),
        (Slot::Report, 2),
    ];
    inputs.chain(inside).chain(rest).collect()
}

/// Bytes of every buffer but the flat weights.
#[must_use]
pub fn bytes(config: &ModelConfig, capacity: &Capacity) -> Vec<u64> {
    let sizes = sizes(config, capacity).into_iter().filter(|(slot, _)| *slot != Slot::Weights);
    sizes.map(|(_, words)| 4 * words as u64).collect()
}

/// Bytes of the largest single buffer, what the device has to allow. Weights that stay in blocks come in parts that fit any device.
#[must_use]
pub fn largest_buffer(config: &ModelConfig, capacity: &Capacity, in_blocks: bool) -> u64 {
    let flat = if in_blocks { 0 } else { 4 * params::count(config) as u64 };
    bytes(config, capacity).into_iter().max().unwrap_or(0).max(flat)
}
