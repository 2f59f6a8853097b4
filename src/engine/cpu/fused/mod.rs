//! The hot operations of the transformer as single passes over slices, each with a hand-written backward that Burn's autodiff
//! calls. The composed form of each stands in `transformer.rs`; `tests/fused.rs` holds the two together.
//!
//! Not here: what the operations mean (`transformer.rs`), their arithmetic (one file each).

pub mod adamw;
pub mod attention;
pub mod cached;
pub mod lanes;
pub mod linear;
#[cfg(any(target_family = "wasm", test))]
mod packed;
pub mod product;
pub mod rms_norm;
pub mod slices;
pub mod swiglu;

use std::fmt::Debug;
use std::marker::PhantomData;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, NodeGuard, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::{Autodiff, Flex, TensorMetadata as _};
use burn::tensor::{Shape, Tensor, TensorData};

/// The two ways to compute the same thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Burn's own operations, one after the other: readable, and differentiated by Burn.
    Composed,
    /// The operations of this folder.
    Fused,
}

/// A contiguous f32 tensor as an operation sees it; clones share the numbers.
#[derive(Clone, Debug)]
pub struct Values(FlexTensor);

impl Values {
    fn new(tensor: FlexTensor) -> Self {
        Self(if tensor.as_slice::<f32>().is_some() { tensor } else { tensor.to_contiguous() })
    }

    /// The numbers, row-major.
    #[must_use]
    pub fn slice(&self) -> &[f32] {
        self.0.as_slice().unwrap_or_default()
    }
}

/// An input of a fused operation: its numbers and, under autodiff, its place in the graph.
pub struct Input {
    pub values: Values,
    shape: Shape,
    node: Option<NodeGuard>,
}

impl Input {
    /// # Panics
    /// For a tensor of another device than flex; the engine makes none.
    pub fn new<const D: usize>(tensor: Tensor<D>) -> Self {
        let differentiable = tensor.device().is_autodiff();
        let (tensor, node) = if differentiable {
            let tensor = tensor.try_into_primitive::<Autodiff<Flex>>();
            let (tensor, node) =
                tensor.unwrap_or_else(|e| unreachable!("flex is the only backend: {e:?}")).into_parts();
            (tensor, Some(node))
        } else {
            let tensor = tensor.try_into_primitive::<Flex>();
            (tensor.unwrap_or_else(|e| unreachable!("flex is the only backend: {e:?}")), None)
        };
        Self { shape: tensor.shape(), values: Values::new(tensor), node }
    }
}

/// What an operation keeps of its forward, and what it makes of that in the backward.
pub trait Kept<const N: usize>: Clone + Debug + Send + 'static {
    /// Gradients of the N inputs from that of the output. An input whose `wanted` is false may get anything.
    fn backward(self, gradient: &[f32], wanted: [bool; N]) -> [Vec<f32>; N];
}

/// Burn's view of a [`Kept`].
#[derive(Debug)]
struct Step<K>(PhantomData<K>);

impl<K: Kept<N>, const N: usize> Backward<Flex, N> for Step<K> {
    type State = (K, [Shape; N]);

    fn backward(self, ops: Ops<Self::State, N>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let gradient = Values::new(gradients.consume::<Flex>(&ops.node));
        let (kept, shapes) = ops.state;
        let found = kept.backward(gradient.slice(), ops.parents.each_ref().map(Option::is_some));
        for ((parent, shape), values) in ops.parents.into_iter().zip(shapes).zip(found) {
            if let Some(node) = parent {
                gradients.register::<Flex>(node.id, FlexTensor::from_data(TensorData::new(values, shape)));
            }
        }
    }
}

/// Wraps the `output` of an operation that has no backward.
fn finish_untracked<const D: usize>(input: Input, output: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
    assert!(input.node.is_none(), "this operation has no backward");
    Tensor::from_primitive::<Flex>(FlexTensor::from_data(TensorData::new(output, shape)))
}

/// Wraps the `output` of an operation; under autodiff, `kept` makes its backward.
pub fn finish<const N: usize, const D: usize, K: Kept<N>>(
    inputs: [Input; N],
    output: Vec<f32>,
    shape: [usize; D],
    kept: impl FnOnce([Values; N]) -> K,
) -> Tensor<D> {
    let output = FlexTensor::from_data(TensorData::new(output, shape));
    let shapes = inputs.each_ref().map(|input| input.shape.clone());
    let values = inputs.each_ref().map(|input| input.values.clone());
    let mut nodes = Vec::with_capacity(N);
    nodes.extend(inputs.into_iter().filter_map(|input| input.node));
    let Ok(nodes) = <[NodeGuard; N]>::try_from(nodes) else {
        return Tensor::from_primitive::<Flex>(output);
    };
    let output = match Step(PhantomData).prepare::<NoCheckpointing>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(step) => step.finish((kept(values), shapes), output),
        OpsKind::UnTracked(step) => step.finish(output),
    };
    Tensor::from_primitive::<Autodiff<Flex>>(output)
}
