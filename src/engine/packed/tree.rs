//! Sequences side by side in one matrix, a common beginning once: rollouts of a question share its prompt, and so all work on it.
//!
//! Not here: what is computed on the rows (`passes.rs`), how they look at each other (`tree_attention.rs`).

use std::ops::Range;

use crate::engine::{Blends, Sequence};

/// Positions of a sequence that no other shares, or the beginning that several do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// The sequence whose inputs it takes.
    pub sequence: usize,
    /// Which of them.
    pub positions: Range<usize>,
    /// Its first row in the matrix.
    pub row: usize,
    /// The segment that it goes on from, if it does not begin at position 0.
    pub trunk: Option<usize>,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// A trunk stands before its branches.
    pub segments: Vec<Segment>,
    /// The last segment of each sequence.
    leaves: Vec<usize>,
    pub rows: usize,
}

impl Tree {
    pub fn plant(sequences: &[Sequence]) -> Self {
        let mut tree = Self::default();
        for group in groups(sequences) {
            let shared = if group.len() > 1 { sequences[group.start].first } else { 0 };
            let trunk = (shared > 0).then(|| tree.grow(group.start, 0..shared, None));
            for sequence in group {
                let leaf = tree.grow(sequence, shared..sequences[sequence].inputs.rows(), trunk);
                tree.leaves.push(leaf);
            }
        }
        tree
    }

    fn grow(&mut self, sequence: usize, positions: Range<usize>, trunk: Option<usize>) -> usize {
        let row = self.rows;
        self.rows += positions.len();
        self.segments.push(Segment { sequence, positions, row, trunk });
        self.segments.len() - 1
    }

    /// The row of a position of a sequence, at or after the beginning that it shares.
    pub fn row(&self, sequence: usize, position: usize) -> usize {
        let leaf = &self.segments[self.leaves[sequence]];
        leaf.row + position - leaf.positions.start
    }

    /// The positions of all rows.
    pub fn positions(&self) -> impl Iterator<Item = usize> {
        self.segments.iter().flat_map(|segment| segment.positions.clone())
    }
}

/// Runs of neighbours that have all inputs before their first action in common.
fn groups(sequences: &[Sequence]) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for (index, sequence) in sequences.iter().enumerate() {
        match groups.last_mut() {
            Some(group) if begin_alike(&sequences[group.start], sequence) => group.end += 1,
            _ => groups.push(index..index + 1),
        }
    }
    groups
}

fn begin_alike(a: &Sequence, b: &Sequence) -> bool {
    let alike = |a: &Blends, b: &Blends, n: usize| {
        (a.width, a.dim) == (b.width, b.dim)
            && a.ids[..n * a.width] == b.ids[..n * b.width]
            && a.weights[..n * a.width] == b.weights[..n * b.width]
            && a.vectors[..n * a.dim] == b.vectors[..n * b.dim]
    };
    a.first == b.first && alike(&a.inputs, &b.inputs, a.first)
}

/// Splits a batch so that each part has at most `rows` rows, or is one sequence.
pub fn parts(batch: &[Sequence], rows: usize) -> Vec<Range<usize>> {
    let (mut parts, mut start, mut taken) = (Vec::new(), 0, 0);
    for (index, sequence) in batch.iter().enumerate() {
        let whole = sequence.inputs.rows();
        let joins = index > start && begin_alike(&batch[index - 1], sequence);
        let cost = if joins { whole - sequence.first } else { whole };
        if index > start && taken + cost > rows {
            parts.push(start..index);
            (start, taken) = (index, whole);
        } else {
            taken += cost;
        }
    }
    if start < batch.len() {
        parts.push(start..batch.len());
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Action;

    fn sequence(ids: &[u32], first: usize) -> Sequence {
        let mut inputs = Blends::new(1);
        ids.iter().for_each(|id| inputs.push_token(*id));
        Sequence { inputs, first, actions: vec![Action::Token(0); ids.len() - first] }
    }

    #[test]
    fn a_common_beginning_stands_once() {
        let batch = [
            sequence(&[1, 2, 3, 4, 5], 2),
            sequence(&[1, 2, 3, 9], 2),
            sequence(&[1, 2, 8], 2),
            sequence(&[1, 7, 8], 2),
            sequence(&[1, 7, 8], 1),
        ];
        let tree = Tree::plant(&batch);
        assert_eq!(tree.rows, 2 + 3 + 2 + 1 + 3 + 3);
        assert_eq!([0, 1, 2, 3, 4].map(|i| tree.row(i, batch[i].first)), [2, 5, 7, 10, 12]);
        assert!(tree.positions().eq([0, 1, 2, 3, 4, 2, 3, 2, 0, 1, 2, 0, 1, 2]));
        assert_eq!(tree.segments[1].trunk, Some(0));
        assert_eq!(tree.segments[4], Segment { sequence: 3, positions: 0..3, row: 8, trunk: None });
        assert_eq!(parts(&batch, 100), std::slice::from_ref(&(0..5)));
        assert_eq!(parts(&batch, 8), [0..3, 3..5]);
        assert_eq!(parts(&batch, 1), [0..1, 1..2, 2..3, 3..4, 4..5]);
    }
}
