//! y = x · Wᵀ, with W as the checkpoints store it. Not here: biases.

use burn::tensor::Tensor;

use super::product::{Matrix, product};
use super::{Input, Kept, Values, finish};

#[derive(Clone, Debug)]
struct Linear {
    x: Values,
    weight: Values,
    shape: [usize; 3],
}

/// x: (M, K), weight: (N, K) → (M, N).
#[must_use]
pub fn linear(x: Tensor<2>, weight: Tensor<2>) -> Tensor<2> {
    let ([m, k], [n, _]) = (x.dims(), weight.dims());
    let inputs = [Input::new(x), Input::new(weight)];
    let [x, weight] = inputs.each_ref().map(|input| input.values.slice());
    let mut y = vec![0.0; m * n];
    product(&mut y, n, [m, n, k], Matrix::rows(x, k), Matrix::rows(weight, k).transposed(), false);
    finish(inputs, y, [m, n], |[x, weight]| Linear { x, weight, shape: [m, n, k] })
}

impl Kept<2> for Linear {
    /// dx = dy · W, dW = dyᵀ · x.
    fn backward(self, dy: &[f32], wanted: [bool; 2]) -> [Vec<f32>; 2] {
        let [m, n, k] = self.shape;
        let dy = Matrix::rows(dy, n);
        let [mut dx, mut dw] = [Vec::new(), Vec::new()];
        if wanted[0] {
            dx.resize(m * k, 0.0);
            product(&mut dx, k, [m, k, n], dy, Matrix::rows(self.weight.slice(), k), false);
        }
        if wanted[1] {
            dw.resize(n * k, 0.0);
            product(&mut dw, k, [n, k, m], dy.transposed(), Matrix::rows(self.x.slice(), k), false);
        }
        [dx, dw]
    }
}
