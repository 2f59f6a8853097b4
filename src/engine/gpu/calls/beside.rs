//! What an adapter adds to products over weights that stay in blocks, and the gradients of its own numbers.
//!
//! Not here: its shape and places (`model/lora.rs`), the kernel (`low_rank.rs`), the passes that it is part of (`forward.rs`,
//! `checkpointed.rs`).

use std::sync::Arc;

use super::forward::Forward;
use crate::engine::gpu::params::LowRank;
use crate::engine::gpu::program::Call;
use crate::engine::gpu::slots::Slot;
use crate::model::config::ModelConfig;
use crate::model::lora::{LoraConfig, Place, Places, Target};

/// The reference policy's adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frozen {
    /// None was frozen.
    Missing,
    /// One that changes nothing, and is left out.
    Off,
    On,
}

/// An adapter beside the weights, as the lists of dispatches know it.
#[derive(Clone, Debug)]
pub struct Beside {
    lora: LoraConfig,
    places: Places,
    pub reference: Frozen,
}

impl Beside {
    #[must_use]
    pub fn new(lora: LoraConfig, config: &ModelConfig) -> Self {
        let places = lora.places(config);
        Self { lora, places, reference: Frozen::Missing }
    }

    /// The same with another reference policy.
    #[must_use]
    pub fn with_reference(self, reference: Frozen) -> Self {
        Self { reference, ..self }
    }

    #[must_use]
    pub fn lora(&self) -> &LoraConfig {
        &self.lora
    }

    #[must_use]
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// Elements of a row of `Slot::AdapterInner`: the rank of every target of a layer.
    #[must_use]
    pub fn ranks(&self) -> usize {
        self.lora.r * self.lora.target_modules.len()
    }
}

/// Matrices of one input, whose results stand side by side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Qkv,
    Output,
    GateUp,
    Down,
}

impl Part {
    fn targets(self) -> &'static [Target] {
        match self {
            Self::Qkv => &[Target::QProj, Target::KProj, Target::VProj],
            Self::Output => &[Target::OProj],
            Self::GateUp => &[Target::GateProj, Target::UpProj],
            Self::Down => &[Target::DownProj],
        }
    }
}

/// One matrix's adapter: where its two sides lie, where its z stands in a row, where its results stand in a row of `stride`.
struct Side<'a> {
    place: &'a Place,
    rank: usize,
    /// First element of its z, and elements of a row of all.
    inner: usize,
    ranks: usize,
    column: usize,
    stride: usize,
}

/// How the elements of a matrix are found: offset, row, step.
#[derive(Clone, Copy)]
struct View(usize, usize, usize);

impl Forward {
    /// The adapter beside these calls from now on, or none.
    #[must_use]
    pub fn with_adapter(&self, beside: Option<Beside>) -> Self {
        Self { beside: beside.map(Arc::new), ..self.clone() }
    }

    /// The adapter, if there is one.
    #[must_use]
    pub fn adapter(&self) -> Option<&Beside> {
        self.beside.as_deref()
    }

    fn parts(&self, layer: usize, part: Part) -> Vec<Side<'_>> {
        let Some(beside) = self.adapter() else { return Vec::new() };
        let (rank, ranks) = (beside.lora.r, beside.ranks());
        let rows = |target: &Target| target.shape(&self.config)[0];
        let (stride, mut column, mut sides) = (part.targets().iter().map(rows).sum(), 0, Vec::new());
        for target in part.targets() {
            let number = beside.lora.target_modules.iter().position(|own| own == target);
            if let (Some(number), Some(place)) = (number, beside.places.of(layer, *target)) {
                sides.push(Side { place, rank, inner: number * rank, ranks, column, stride });
            }
            column += rows(target);
        }
        sides
    }

    /// Where the adapter's parameters are, of the policy in `weights`; nowhere if it changes nothing.
    fn adapter_of(&self, weights: Slot) -> Option<(Slot, f32)> {
        let beside = self.adapter()?;
        let scale = beside.lora.scale();
        match weights {
            Slot::Reference if beside.reference != Frozen::On => None,
            Slot::Reference => Some((Slot::AdapterReference, scale)),
            _ => Some((Slot::Adapter, scale)),
        }
    }

    /// z = scale · x·Aᵀ of the matrices of a part → `Slot::AdapterInner`.
    pub(super) fn beside_inner(&self, weights: Slot, (layer, part): (usize, Part), x: Slot, rows: usize) -> Vec<Call> {
        let Some((adapter, scale)) = self.adapter_of(weights) else { return Vec::new() };
        let inner = |side: Side<'_>| {
            let (width, views) =
                (side.place.width, [View(0, side.place.width, 1), View(side.place.a.start, side.place.width, 1)]);
            let z = View(side.inner, side.ranks, 1);
            self.times([x, adapter, Slot::AdapterInner], [rows, side.rank, width], [views[0], views[1], z], Some(scale))
        };
        self.parts(layer, part).into_iter().map(inner).collect()
    }

    /// y += z·Bᵀ, z = scale · x·Aᵀ, of the matrices of a part, with the parameters of the policy in `weights`; z stays in
    /// `Slot::AdapterInner`.
    pub(super) fn beside(
        &self,
        weights: Slot,
        (layer, part): (usize, Part),
        [x, y]: [Slot; 2],
        rows: usize,
    ) -> Vec<Call> {
        let Some((adapter, _)) = self.adapter_of(weights) else { return Vec::new() };
        let outer = |side: Side<'_>| {
            let Side { place, rank, inner, ranks, column, stride } = side;
            let views = [View(inner, ranks, 1), View(place.b.start, rank, 1), View(column, stride, 1)];
            self.times([Slot::AdapterInner, adapter, y], [rows, place.rows, rank], views, None)
        };
        let mut calls = self.beside_inner(weights, (layer, part), x, rows);
        calls.extend(self.parts(layer, part).into_iter().map(outer));
        calls
    }

    /// The backward of [`Forward::beside`], whose z must still be there: dB += dyᵀ·z, dz = scale · dy·B, dA += dzᵀ·x, dx += dz·A; the last
    /// where there is a `dx`.
    pub(super) fn beside_backward(
        &self,
        (layer, part): (usize, Part),
        [x, dy]: [Slot; 2],
        dx: Option<Slot>,
        rows: usize,
    ) -> Vec<Call> {
        let Some((adapter, scale)) = self.adapter_of(Slot::Weights) else { return Vec::new() };
        let (z, dz) = (Slot::AdapterInner, Slot::AdapterPull);
        let all = |side: Side<'_>| {
            let Side { place, rank, inner, ranks, column, stride } = side;
            let (wide, d_b, d_a) = (place.width, View(place.b.start, rank, 1), View(place.a.start, place.width, 1));
            let gradient = Slot::AdapterGradient;
            let mut calls = vec![
                self.times(
                    [dy, z, gradient],
                    [place.rows, rank, rows],
                    [View(column, 1, stride), View(inner, 1, ranks), d_b],
                    None,
                ),
                self.times(
                    [dy, adapter, dz],
                    [rows, rank, place.rows],
                    [View(column, stride, 1), View(place.b.start, 1, rank), View(0, rank, 1)],
                    Some(scale),
                ),
                self.times([dz, x, gradient], [rank, wide, rows], [View(0, 1, rank), View(0, 1, wide), d_a], None),
            ];
            calls.extend(dx.map(|dx| {
                let views = [View(0, rank, 1), View(place.a.start, 1, wide), View(0, wide, 1)];
                self.times([dz, adapter, dx], [rows, wide, rank], views, None)
            }));
            calls
        };
        self.parts(layer, part).into_iter().flat_map(all).collect()
    }

    /// c = scale · a·bᵀ, or c += a·bᵀ without a scale.
    fn times(
        &self,
        [a, b, c]: [Slot; 3],
        sizes: [usize; 3],
        [of_a, of_b, of_c]: [View; 3],
        scale: Option<f32>,
    ) -> Call {
        let [rows, columns, inner] = sizes.map(|n| n as u32);
        let params = LowRank {
            rows,
            columns,
            inner,
            a_offset: of_a.0 as u32,
            a_row: of_a.1 as u32,
            a_step: of_a.2 as u32,
            b_offset: of_b.0 as u32,
            b_row: of_b.1 as u32,
            b_step: of_b.2 as u32,
            c_offset: of_c.0 as u32,
            c_row: of_c.1 as u32,
            scale: scale.unwrap_or(1.0),
            add: u32::from(scale.is_none()),
        };
        self.low_rank(a, b, c, params)
    }
}
