//! A batch of questions on its way to the device: where each input's tokens come from, what is asked, and which places an item has.
//!
//! Not here: what is computed from it (`calls.rs`). The layout is that of `semantic_id/joint.rs`: the beginning, the history's items, the
//! target's codes; padded on the right.

use super::CodeShape;
use super::slots::{CodeSlot, RECORD};
use crate::engine::gpu::calls::BatchPass;
use crate::engine::gpu::device::{Buffer, Gpu};
use crate::engine::gpu::slots::Slot;
use crate::engine::gpu::workspace::Workspace;
use crate::error::{Error, Result};

/// Marks a source that is an item's code and no token, see `shaders/code_tokens.wgsl`.
const OF_ITEM: u32 = 1 << 31;

/// Questions of one update: what a user met, and the item met next.
#[derive(Clone, Copy, Debug)]
pub struct CodeBatch<'a> {
    /// Places among the items: the history and, last, the target (B).
    pub rows: &'a [Vec<usize>],
    /// Vectors of the different items (n, D).
    pub content: &'a [f32],
    /// Their kept codes (n, L).
    pub kept: &'a [u32],
    /// Their suffixes (n), each below the number of suffixes.
    pub suffix: &'a [u32],
    /// Noise times its scale (n, L, K).
    pub noise: &'a [f32],
}

/// Rows that belong to groups, sorted by group, as `shaders/embedding_gradient.wgsl` reads them; every share is 1.
struct Grouped {
    starts: Vec<u32>,
    entries: Vec<[u32; 2]>,
}

impl Grouped {
    /// Of (group, row) pairs.
    fn new(groups: usize, pairs: &[(usize, usize)]) -> Self {
        let mut starts = vec![0_u32; groups + 1];
        pairs.iter().for_each(|(group, _)| starts[group + 1] += 1);
        for group in 0..groups {
            starts[group + 1] += starts[group];
        }
        let (mut next, mut entries) = (starts.clone(), vec![[0; 2]; pairs.len()]);
        for (group, row) in pairs {
            entries[next[*group] as usize] = [*row as u32, 1.0_f32.to_bits()];
            next[*group] += 1;
        }
        Self { starts, entries }
    }

    fn upload(&self, gpu: &Gpu, starts: &Buffer, entries: &Buffer) {
        gpu.write(starts, 0, bytemuck::cast_slice(&self.starts));
        gpu.write(entries, 0, bytemuck::cast_slice(&self.entries));
    }
}

/// A batch as the kernels read it.
pub struct Packed {
    pub pass: BatchPass,
    /// n.
    pub items: usize,
    sources: Vec<u32>,
    shares: Vec<f32>,
    wanted: Vec<u32>,
    targets: Vec<u32>,
    /// Which positions are an item's: those of histories, then, level by level, those of targets.
    sums: Grouped,
    /// Which questions ask for an item, level by level.
    labels: Grouped,
    /// Which positions hold a token that is no code: suffixes and the beginning.
    fixed: Grouped,
}

impl Packed {
    /// # Errors
    /// `bad-input` where the batch is larger than there is room for, or its parts do not fit each other.
    pub fn new(batch: &CodeBatch<'_>, shape: &CodeShape) -> Result<Self> {
        let CodeShape { levels, codes, suffixes, .. } = *shape;
        let (items, questions, each) = (batch.suffix.len(), batch.rows.len(), levels + 1);
        let time = batch.rows.iter().map(|row| row.len() + levels).max().unwrap_or(each);
        check(batch, shape, time)?;
        let (suffix_token, begin) = (levels * codes, levels * codes + suffixes);
        let mut packed = Blanks::new(questions * time, each);
        let (mut wanted, mut targets) = (Vec::new(), Vec::new());
        let (mut sums, mut labels) = (Vec::new(), Vec::new());
        let code = |level: usize, item: usize| OF_ITEM + (level * items + item) as u32;
        for (question, row) in batch.rows.iter().enumerate() {
            let Some((&target, history)) = row.split_last() else { continue };
            let first = question * time;
            packed.fix(first, 0, begin);
            for (back, &item) in history.iter().enumerate() {
                let position = first + 1 + back;
                (0..levels).for_each(|level| packed.put(position, level, code(level, item)));
                packed.fix(position, levels, suffix_token + batch.suffix[item] as usize);
                sums.push((item, position));
            }
            for level in 0..levels {
                let position = first + 1 + history.len() + level;
                packed.put(position, 0, code(level, target));
                sums.push((items + level * items + target, position));
                labels.push((level * items + target, question * levels + level));
            }
            wanted.extend((0..each).map(|place| (first + history.len() + place) as u32));
            targets.extend(std::iter::repeat_n(target as u32, levels).chain([batch.suffix[target]]));
        }
        let pass = BatchPass { sequences: questions, time, width: each, wanted: wanted.len(), vectors: false };
        Ok(Self {
            pass,
            items,
            sources: packed.sources,
            shares: packed.shares,
            wanted,
            targets,
            sums: Grouped::new(each * items, &sums),
            labels: Grouped::new(levels * items, &labels),
            fixed: Grouped::new(begin + 1, &packed.fixed),
        })
    }

    /// Writes everything to the device.
    ///
    /// # Errors
    /// `not-ready` where a buffer is missing.
    pub fn upload(&self, batch: &CodeBatch<'_>, shape: &CodeShape, gpu: &Gpu, workspace: &Workspace) -> Result<()> {
        let CodeShape { levels, codes, .. } = *shape;
        let at = |slot| workspace.buffer(Slot::Code(slot));
        gpu.write(at(CodeSlot::Residual(0))?, 0, bytemuck::cast_slice(batch.content));
        let mut record = vec![0_u32; levels * self.items * RECORD];
        for level in 0..levels {
            let place = |item: usize| item * levels + level;
            let noise = (0..self.items).flat_map(|item| &batch.noise[place(item) * codes..][..codes]);
            let noise: Vec<f32> = noise.copied().collect();
            gpu.write(at(CodeSlot::Noise(level))?, 0, bytemuck::cast_slice(&noise));
            for item in 0..self.items {
                record[(level * self.items + item) * RECORD] = batch.kept[place(item)];
            }
        }
        gpu.write(at(CodeSlot::Record)?, 0, bytemuck::cast_slice(&record));
        gpu.write(at(CodeSlot::Sources)?, 0, bytemuck::cast_slice(&self.sources));
        gpu.write(workspace.buffer(Slot::Shares)?, 0, bytemuck::cast_slice(&self.shares));
        gpu.write(workspace.buffer(Slot::Rows)?, 0, bytemuck::cast_slice(&self.wanted));
        gpu.write(at(CodeSlot::Targets)?, 0, bytemuck::cast_slice(&self.targets));
        self.sums.upload(gpu, at(CodeSlot::SumStarts)?, at(CodeSlot::SumEntries)?);
        self.labels.upload(gpu, at(CodeSlot::LabelStarts)?, at(CodeSlot::LabelEntries)?);
        self.fixed.upload(gpu, workspace.buffer(Slot::Starts)?, workspace.buffer(Slot::Entries)?);
        Ok(())
    }
}

/// Entries of inputs that weigh nothing until something is put there.
struct Blanks {
    width: usize,
    sources: Vec<u32>,
    shares: Vec<f32>,
    fixed: Vec<(usize, usize)>,
}

impl Blanks {
    fn new(positions: usize, width: usize) -> Self {
        let entries = positions * width;
        Self { width, sources: vec![0; entries], shares: vec![0.0; entries], fixed: Vec::new() }
    }

    fn put(&mut self, position: usize, place: usize, source: u32) {
        let at = position * self.width + place;
        (self.sources[at], self.shares[at]) = (source, 1.0);
    }

    /// A token that is no code.
    fn fix(&mut self, position: usize, place: usize, token: usize) {
        self.put(position, place, token as u32);
        self.fixed.push((token, position));
    }
}

fn check(batch: &CodeBatch<'_>, shape: &CodeShape, time: usize) -> Result<()> {
    let (items, questions) = (batch.suffix.len(), batch.rows.len());
    for (name, found, most) in [
        ("items", items, shape.most_items),
        ("questions", questions, shape.most_questions),
        ("positions of a question", time, shape.most_time),
    ] {
        if found == 0 || found > most {
            return Err(Error::bad_input(format!(
                "a batch has {found} {name}; the GPU engine has room for 1 to {most}"
            )));
        }
    }
    let (levels, codes) = (shape.levels, shape.codes);
    for (name, found, expected) in [
        ("numbers of vectors", batch.content.len(), items * shape.dim),
        ("kept codes", batch.kept.len(), items * levels),
        ("numbers of noise", batch.noise.len(), items * levels * codes),
    ] {
        if found != expected {
            return Err(Error::bad_input(format!("a batch of {items} items has {expected} {name}; {found} came")));
        }
    }
    let inside = batch.rows.iter().all(|row| !row.is_empty() && row.iter().all(|item| *item < items))
        && batch.kept.iter().all(|code| (*code as usize) < codes)
        && batch.suffix.iter().all(|suffix| (*suffix as usize) < shape.suffixes);
    match inside {
        true => Ok(()),
        false => Err(Error::bad_input("a batch names an item, a code or a suffix that there is not")),
    }
}
