//! Matrices as a GPU reads them: blocks of 32 levels, each block with a scale and a low, or of 32 floats, dealt out to parts that each fit
//! one binding.
//!
//! Not here: how levels are packed (`block_rows.rs`), the blocks of files (`quant.rs`), the buffers (`engine/gpu/workspace.rs`), the
//! shaders (`shaders/shared/blocks.wgsl`).

pub use super::block_rows::{BlockKind, BlockRows};
use super::quant::BLOCK;
use crate::error::{Error, Result};
use crate::model::config::ModelConfig;
use crate::model::params::{ParamSpec, layout};

/// What every WebGPU device binds at least, bytes: no part is larger.
pub const BINDING: u64 = 128 << 20;

/// Consecutive rows of a matrix that lie in one part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    pub kind: BlockKind,
    pub part: usize,
    /// Where its levels and its pairs begin in the part.
    pub first_word: usize,
    pub first_pair: usize,
    /// Its first row in the matrix.
    pub first_row: usize,
    pub rows: usize,
}

impl Piece {
    /// At most `count` of its rows of `width` weights, from its row `first` on.
    #[must_use]
    pub fn stretch(&self, width: usize, first: usize, count: usize) -> Self {
        Self {
            first_word: self.first_word + first * self.kind.row_words(width),
            first_pair: self.first_pair + first * self.kind.row_pairs(width),
            first_row: self.first_row + first,
            rows: count.min(self.rows - first),
            ..*self
        }
    }
}

/// How much a part holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub words: usize,
    pub pairs: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Matrix {
    name: String,
    rows: usize,
    width: usize,
    pieces: Vec<Piece>,
}

/// Where every parameter of a model lies.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockPlan {
    parts: Vec<Part>,
    matrices: Vec<Matrix>,
    vectors: Vec<(ParamSpec, usize)>,
    vector_len: usize,
}

impl BlockPlan {
    /// Deals out the parameters of `config`, in the order of `model::params::layout`, to parts of at most `limit` bytes ([`BINDING`] or
    /// less); a matrix is split between rows where it does not fit.
    ///
    /// # Errors
    /// `bad-weights` naming a matrix whose rows are not whole blocks, or longer than a part.
    pub fn new(config: &ModelConfig, limit: u64, kind_of: impl Fn(&ParamSpec) -> BlockKind) -> Result<Self> {
        let mut plan = Self { parts: vec![Part::default()], matrices: Vec::new(), vectors: Vec::new(), vector_len: 0 };
        for spec in layout(config) {
            let [rows, width] = spec.shape[..] else {
                plan.vectors.push((spec.clone(), plan.vector_len));
                plan.vector_len += spec.len;
                continue;
            };
            if !width.is_multiple_of(BLOCK) {
                return Err(Error::bad_weights(
                    spec.name,
                    format!("expected rows of whole blocks of 32, found {width}"),
                ));
            }
            let pieces = plan.place(kind_of(&spec), rows, width, limit).ok_or_else(|| {
                Error::bad_weights(&spec.name, format!("one row of {width} weights takes more than {limit} bytes"))
            })?;
            plan.matrices.push(Matrix { name: spec.name, rows, width, pieces });
        }
        Ok(plan)
    }

    fn place(&mut self, kind: BlockKind, rows: usize, width: usize, limit: u64) -> Option<Vec<Piece>> {
        let (words, pairs) = (kind.row_words(width), kind.row_pairs(width));
        let room = |part: Part| {
            let left =
                |size: usize, used: usize, row: usize| (limit as usize / size).saturating_sub(used).checked_div(row);
            // Floats have no pairs: there is room for any number of their rows.
            left(4, part.words, words).unwrap_or(0).min(left(8, part.pairs, pairs).unwrap_or(usize::MAX))
        };
        let whole = room(Part::default());
        let (mut pieces, mut first_row) = (Vec::new(), 0);
        while first_row < rows {
            let last = *self.parts.last()?;
            let fits = room(last).min(rows - first_row);
            // A matrix that one part can hold is not split.
            if fits == 0 || (fits < rows - first_row && rows <= whole) {
                if last == Part::default() {
                    return None;
                }
                self.parts.push(Part::default());
                continue;
            }
            let (part, Part { words: first_word, pairs: first_pair }) = (self.parts.len() - 1, last);
            pieces.push(Piece { kind, part, first_word, first_pair, first_row, rows: fits });
            self.parts[part] = Part { words: first_word + fits * words, pairs: first_pair + fits * pairs };
            first_row += fits;
        }
        Some(pieces)
    }

    /// How much each part holds.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Elements of all norms and biases.
    #[must_use]
    pub fn vector_len(&self) -> usize {
        self.vector_len
    }

    /// Bytes of all buffers.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        let parts = self.parts.iter().map(|part| 4 * part.words + 8 * part.pairs);
        (parts.sum::<usize>() + 4 * self.vector_len) as u64
    }

    /// Bytes of the largest buffer.
    #[must_use]
    pub fn largest(&self) -> u64 {
        let largest = self.parts.iter().map(|part| (4 * part.words).max(8 * part.pairs)).max().unwrap_or(0);
        largest.max(4 * self.vector_len) as u64
    }

    /// The number of a matrix, or where a vector begins among the vectors.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<usize> {
        let vector = || self.vectors.iter().find(|(spec, _)| spec.name == name).map(|(_, at)| *at);
        self.matrices.iter().position(|matrix| matrix.name == name).or_else(vector)
    }

    /// Elements of a norm or a bias; nothing for other names.
    #[must_use]
    pub fn vector(&self, name: &str) -> Option<usize> {
        self.vectors.iter().find(|(spec, _)| spec.name == name).map(|(spec, _)| spec.len)
    }

    /// Width and pieces of a matrix.
    #[must_use]
    pub fn matrix(&self, name: &str) -> Option<(usize, &[Piece])> {
        self.matrices.iter().find(|matrix| matrix.name == name).map(|matrix| (matrix.width, matrix.pieces.as_slice()))
    }

    /// The pieces of `columns` columns from matrix number `first` on; what lies side by side is one piece.
    #[must_use]
    pub fn pieces(&self, first: usize, columns: usize) -> Vec<Piece> {
        let mut found: Vec<Piece> = Vec::new();
        let mut start = 0;
        for matrix in self.matrices.iter().skip(first) {
            if start >= columns {
                break;
            }
            for piece in &matrix.pieces {
                let follows = |last: &Piece| {
                    let end = last.first_word + last.rows * last.kind.row_words(matrix.width);
                    (last.part, last.kind, end) == (piece.part, piece.kind, piece.first_word)
                };
                match found.last_mut() {
                    Some(last) if follows(last) => last.rows += piece.rows,
                    _ => found.push(Piece { first_row: start + piece.first_row, ..*piece }),
                }
            }
            start += matrix.rows;
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_hold_everything_once_and_within_the_limit() {
        let config = ModelConfig::preset("micro", 1000).unwrap();
        let kinds = [BlockKind::NIBBLES, BlockKind::F16, BlockKind::BYTES, BlockKind::F32, BlockKind::HALVES];
        for limit in [3000_u64, 70_000, BINDING] {
            let kind_of = |spec: &ParamSpec| kinds[spec.len % 7 % 5];
            let plan = BlockPlan::new(&config, limit, kind_of).unwrap();
            assert!(plan.largest().max(4 * 1152) <= limit.max(4 * plan.vector_len() as u64));
            let mut used = vec![Part::default(); plan.parts().len()];
            for spec in layout(&config).iter().filter(|spec| spec.shape.len() == 2) {
                let (width, pieces) = plan.matrix(&spec.name).unwrap();
                assert_eq!(pieces.iter().map(|piece| piece.rows).sum::<usize>() * width, spec.len);
                for piece in pieces {
                    let part = &mut used[piece.part];
                    assert_eq!((piece.first_word, piece.first_pair), (part.words, part.pairs), "no gap, no overlap");
                    part.words += piece.rows * piece.kind.row_words(width);
                    part.pairs += piece.rows * piece.kind.row_pairs(width);
                }
            }
            assert_eq!(used, plan.parts());
            // Queries, keys and values are one product where they lie side by side.
            let columns = config.query_width() + 2 * config.key_value_width();
            let pieces = plan.pieces(plan.find("model.layers.1.self_attn.q_proj.weight").unwrap(), columns);
            assert_eq!(pieces.iter().map(|piece| piece.rows).sum::<usize>(), columns);
            assert_eq!(pieces.windows(2).filter(|two| two[0].first_row + two[0].rows != two[1].first_row).count(), 0);
        }
        assert!(BlockPlan::new(&config, 16, |_| BlockKind::BYTES).is_err());
    }
}
