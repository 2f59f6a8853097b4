//! Causal attention over a tree of sequences: each segment looks at its trunk and at itself; with a backward.
//!
//! Not here: one new position against a cache (`cpu/fused/cached.rs`), a batch of whole sequences (`cpu/fused/attention.rs`), whose
//! arithmetic this is.

use super::tree::{Segment, Tree};
use crate::engine::cpu::Heads;
use crate::engine::cpu::product::{Matrix, product};
use crate::engine::cpu::rope::Rope;
use crate::engine::cpu::slices::{dot, exp_and_sum, largest};

/// What the forward leaves for the backward.
pub struct Attended {
    /// Scaled queries and keys after rotation, (N, (H + Hkv)·hd).
    turned: Vec<f32>,
    /// Softmax of the scores: segment by segment, head by head, (T, trunk + T).
    shares: Vec<f32>,
}

/// One head of some rows, in rows of `width` heads.
#[derive(Clone, Copy)]
struct Place {
    width: usize,
    size: usize,
}

impl Place {
    fn of<'a>(self, rows: &'a [f32], row: usize, head: usize) -> Matrix<'a> {
        Matrix::rows(&rows[(row * self.width + head) * self.size..], self.width * self.size)
    }

    fn of_mut(self, rows: &mut [f32], row: usize, head: usize) -> (&mut [f32], usize) {
        (&mut rows[(row * self.width + head) * self.size..], self.width * self.size)
    }
}

/// Rows that a segment looks at: (first row, how many) of its trunk and of itself, and where each begins among its shares.
fn seen(tree: &Tree, segment: &Segment) -> [(usize, usize, usize); 2] {
    let trunk = segment.trunk.map(|trunk| &tree.segments[trunk]);
    let (row, before) = trunk.map_or((segment.row, 0), |trunk| (trunk.row, trunk.positions.len()));
    [(row, before, 0), (segment.row, segment.positions.len(), before)]
}

/// qkv: (N, (H + 2·Hkv)·hd) → mixed (N, H·hd).
pub fn attend(qkv: &[f32], tree: &Tree, rope: &Rope, heads: Heads) -> (Vec<f32>, Attended) {
    let Heads { query: h, key_value: kv, size: hd, .. } = heads;
    let turned = turn(qkv, tree, rope, heads);
    let [all, both, one] = [h + 2 * kv, h + kv, h].map(|width| Place { width, size: hd });
    let (mut mixed, mut kept) = (vec![0.0; tree.rows * h * hd], Vec::new());
    for segment in &tree.segments {
        let (t, seen) = (segment.positions.len(), seen(tree, segment));
        let wide = seen[0].1 + t;
        for head in 0..h {
            let group = head / (h / kv);
            let from = kept.len();
            kept.resize(from + t * wide, 0.0);
            let shares = &mut kept[from..];
            let q = both.of(&turned, segment.row, head);
            for (row, n, at) in seen {
                let k = both.of(&turned, row, h + group).transposed();
                product(&mut shares[at..], wide, [t, n, hd], q, k, false);
            }
            causal_softmax(shares, wide);
            for (row, n, at) in seen {
                let v = all.of(qkv, row, h + kv + group);
                let (to, stride) = one.of_mut(&mut mixed, segment.row, head);
                product(to, stride, [t, hd, n], Matrix::rows(&shares[at..], wide), v, true);
            }
        }
    }
    (mixed, Attended { turned, shares: kept })
}

/// Queries, scaled, and keys, turned by their positions.
fn turn(qkv: &[f32], tree: &Tree, rope: &Rope, heads: Heads) -> Vec<f32> {
    let (wide, hd) = ((heads.query + heads.key_value) * heads.size, heads.size);
    let mut turned = vec![0.0; tree.rows * wide];
    let rows = qkv.chunks_exact(heads.width()).zip(turned.chunks_exact_mut(wide));
    for (position, (from, to)) in tree.positions().zip(rows) {
        for (head, (from, to)) in from.chunks_exact(hd).zip(to.chunks_exact_mut(hd)).enumerate() {
            rope.turn(from, to, position, if head < heads.query { heads.scale() } else { 1.0 });
        }
    }
    turned
}

/// Softmax of each row of T × `wide` scores over the columns up to its own, which is the last for the last row; 0 after it.
fn causal_softmax(scores: &mut [f32], wide: usize) {
    let hidden = scores.len() / wide;
    for (row, scores) in scores.chunks_exact_mut(wide).enumerate() {
        let (seen, after) = scores.split_at_mut(wide - hidden + row + 1);
        let scale = exp_and_sum(seen, largest(seen)).recip();
        seen.iter_mut().for_each(|share| *share *= scale);
        after.fill(0.0);
    }
}

/// d qkv from d mixed. With P the shares and dP = dO·Vᵀ: dV = Pᵀ·dO, dS = P ∘ (dP − Σ dP∘P), dQ = dS·K, dK = dSᵀ·Q, turned back.
/// A trunk's keys and values gather what all of its branches send.
pub fn attend_backward(
    qkv: &[f32],
    kept: &Attended,
    d_mixed: &[f32],
    tree: &Tree,
    rope: &Rope,
    heads: Heads,
) -> Vec<f32> {
    let Heads { query: h, key_value: kv, size: hd, .. } = heads;
    let [all, both, one] = [h + 2 * kv, h + kv, h].map(|width| Place { width, size: hd });
    let (mut out, mut ds, mut shares) = (vec![0.0; qkv.len()], Vec::new(), kept.shares.as_slice());
    for segment in &tree.segments {
        let (t, seen) = (segment.positions.len(), seen(tree, segment));
        let wide = seen[0].1 + t;
        ds.resize(t * wide, 0.0);
        for head in 0..h {
            let group = head / (h / kv);
            let (p, rest) = shares.split_at(t * wide);
            shares = rest;
            let d_out = one.of(d_mixed, segment.row, head);
            for (row, n, at) in seen {
                let (to, stride) = all.of_mut(&mut out, row, h + kv + group);
                product(to, stride, [n, hd, t], Matrix::rows(&p[at..], wide).transposed(), d_out, true);
                let v = all.of(qkv, row, h + kv + group).transposed();
                product(&mut ds[at..], wide, [t, n, hd], d_out, v, false);
            }
            for (ds, p) in ds.chunks_exact_mut(wide).zip(p.chunks_exact(wide)) {
                let mean = dot(ds, p); // shares of what is not seen are 0
                ds.iter_mut().zip(p).for_each(|(ds, p)| *ds = p * (*ds - mean));
            }
            let q = both.of(&kept.turned, segment.row, head);
            for (row, n, at) in seen {
                let (ds, k) = (Matrix::rows(&ds[at..], wide), both.of(&kept.turned, row, h + group));
                let (to, stride) = all.of_mut(&mut out, segment.row, head);
                product(to, stride, [t, hd, n], ds, k, true);
                let (to, stride) = all.of_mut(&mut out, row, h + group);
                product(to, stride, [n, hd, t], ds.transposed(), q, true);
            }
        }
    }
    turn_back(&mut out, tree, rope, heads);
    out
}

fn turn_back(gradient: &mut [f32], tree: &Tree, rope: &Rope, heads: Heads) {
    let hd = heads.size;
    let mut turned = vec![0.0; hd];
    for (position, row) in tree.positions().zip(gradient.chunks_exact_mut(heads.width())) {
        for (head, out) in row.chunks_exact_mut(hd).take(heads.query + heads.key_value).enumerate() {
            turned.copy_from_slice(out);
            rope.turn_back(&turned, out, position, if head < heads.query { heads.scale() } else { 1.0 });
        }
    }
}
