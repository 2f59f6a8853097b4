//! Attention of new positions against the keys and values of all earlier ones; without gradients.

use burn::tensor::Tensor;

use super::attention::Heads;
use super::slices::{add_four_scaled, exp_and_sum, four_dots, largest};
use super::{Input, finish_untracked};
use crate::engine::cpu::rope::Rope;

/// Keys (turned by their positions) and values of all columns so far, each (B, limit, Hkv·hd).
#[derive(Clone, Default)]
pub struct Cache {
    keys: Vec<f32>,
    values: Vec<f32>,
    /// Numbers per row of the batch: limit · Hkv · hd.
    row: usize,
}

impl Cache {
    /// Room for `limit` columns of `width` numbers in each of `rows` rows.
    #[must_use]
    pub fn new(rows: usize, limit: usize, width: usize) -> Self {
        let row = limit * width;
        Self { keys: vec![0.0; rows * row], values: vec![0.0; rows * row], row }
    }

    /// Keeps (or repeats) rows of the batch.
    pub fn select(&mut self, rows: &[usize]) {
        for side in [&mut self.keys, &mut self.values] {
            *side = rows.iter().flat_map(|row| &side[row * self.row..(row + 1) * self.row]).copied().collect();
        }
    }
}

/// Appends the keys and values of `heads.time` columns per row, from column `length` on, and lets their queries look at every
/// column from the row's `padding` up to their own. qkv: (B·T, (H + 2·Hkv)·hd) → (B·T, H·hd); rows of padding give 0.
///
/// # Panics
/// For a tensor that tracks gradients, or without room in the cache.
#[must_use]
pub fn cached_attention(
    qkv: Tensor<2>,
    rope: &Rope,
    heads: Heads,
    cache: &mut Cache,
    padding: &[usize],
    length: usize,
) -> Tensor<2> {
    let (shape, input) = ([heads.batch * heads.time, heads.query * heads.size], Input::new(qkv));
    let mut mixed = vec![0.0; shape[0] * shape[1]];
    attend(input.values.slice(), &mut mixed, rope, heads, cache, padding, length);
    finish_untracked(input, mixed, shape)
}

/// The same on slices: qkv (B·T, (H + 2·Hkv)·hd) → mixed (B·T, H·hd), which is 0 before.
pub fn attend(
    qkv: &[f32],
    mixed: &mut [f32],
    rope: &Rope,
    heads: Heads,
    cache: &mut Cache,
    padding: &[usize],
    length: usize,
) {
    let Heads { time, query, key_value, size, .. } = heads;
    let width = key_value * size;
    let (mut turned, mut shares) = (vec![0.0; size], vec![0.0; length + time]);
    let rows = qkv.chunks_exact(heads.width()).zip(mixed.chunks_exact_mut(query * size));
    for (index, (row, mixed)) in rows.enumerate() {
        let (b, column) = (index / time, length + index % time);
        let position = column.saturating_sub(padding[b]);
        let (queries, rest) = row.split_at(query * size);
        let (new_keys, new_values) = rest.split_at(width);
        let here = b * cache.row + column * width;
        for (key, to) in new_keys.chunks_exact(size).zip(cache.keys[here..here + width].chunks_exact_mut(size)) {
            rope.turn(key, to, position, 1.0);
        }
        cache.values[here..here + width].copy_from_slice(new_values);
        if column < padding[b] {
            continue;
        }
        let seen = b * cache.row + padding[b] * width..here + width;
        let (keys, values) = (&cache.keys[seen.clone()], &cache.values[seen]);
        let shares = &mut shares[..=position];
        for (head, (q, mixed)) in queries.chunks_exact(size).zip(mixed.chunks_exact_mut(size)).enumerate() {
            rope.turn(q, &mut turned, position, heads.scale());
            let place = head / (query / key_value) * size;
            look(&turned, mixed, shares, [keys, values].map(|rows| Head { rows, width, place }));
        }
    }
}

/// The keys or the values of one head, a row of all heads (`width`) per column.
#[derive(Clone, Copy)]
struct Head<'a> {
    rows: &'a [f32],
    width: usize,
    place: usize,
}

impl<'a> Head<'a> {
    /// Columns 4·`index` to 4·`index` + 3; past the last one, that one again.
    fn four(&self, index: usize, size: usize) -> [&'a [f32]; 4] {
        let last = self.rows.len() / self.width - 1;
        [0, 1, 2, 3].map(|c| &self.rows[(index * 4 + c).min(last) * self.width + self.place..][..size])
    }
}

/// Attention of one query to as many columns as there are `shares`, which hold the softmax of the scores afterwards.
fn look(query: &[f32], mixed: &mut [f32], shares: &mut [f32], [keys, values]: [Head<'_>; 2]) {
    for (index, shares) in shares.chunks_mut(4).enumerate() {
        let found = four_dots(query, keys.four(index, query.len()));
        shares.copy_from_slice(&found[..shares.len()]);
    }
    let scale = exp_and_sum(shares, largest(shares)).recip();
    for (index, shares) in shares.chunks_mut(4).enumerate() {
        let mut four = [0.0; 4];
        shares.iter_mut().for_each(|share| *share *= scale);
        four[..shares.len()].copy_from_slice(shares);
        add_four_scaled(mixed, values.four(index, query.len()), four);
    }
}
