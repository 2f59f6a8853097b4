//! Balanced assignment of items to codes: the transport plan of Sinkhorn and Knopp.
//!
//! Not here: distances and codes (`quantizer.rs`). Source: DIGER's `get_code`, after LC-Rec: ε .003, 50 iterations, distances centred
//! to [−1, 1].

/// Distances (rows, columns) moved and scaled to [−1, 1]: what Gumbel noise of unit scale is weighed against. Equal ones become 0.
#[must_use]
pub fn centred(distances: &[f64]) -> Vec<f64> {
    let low = distances.iter().copied().fold(f64::INFINITY, f64::min);
    let high = distances.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
    let scale = if half > 0.0 { 1.0 / half } else { 0.0 };
    distances.iter().map(|distance| (distance - middle) * scale).collect()
}

/// For each row the column that carries most of its mass, when rows have mass 1 each and columns share the rows alike.
/// `distances` (rows, columns) centred; `epsilon` > 0 the entropic weight: smaller is nearer to a hard assignment.
#[must_use]
pub fn balanced(distances: &[f64], columns: usize, epsilon: f64, iterations: usize) -> Vec<usize> {
    let rows = distances.len() / columns;
    // In logarithms: exp(−1/.003) is not a number f64 has.
    let logs: Vec<f64> = distances.iter().map(|distance| -distance / epsilon).collect();
    let (mut row_scale, mut column_scale) = (vec![0.0; rows], vec![0.0; columns]);
    let share = (rows as f64 / columns as f64).ln();
    for _ in 0..iterations {
        for column in 0..columns {
            let mass = log_sum((0..rows).map(|row| logs[row * columns + column] + row_scale[row]));
            column_scale[column] = share - mass;
        }
        for row in 0..rows {
            let mass = log_sum((0..columns).map(|column| logs[row * columns + column] + column_scale[column]));
            row_scale[row] = -mass;
        }
    }
    let best = |row: usize| {
        let value = |column: usize| logs[row * columns + column] + column_scale[column];
        (0..columns).fold(0, |best, column| if value(column) > value(best) { column } else { best })
    };
    (0..rows).map(best).collect()
}

fn log_sum(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let top = values.clone().fold(f64::NEG_INFINITY, f64::max);
    if top == f64::NEG_INFINITY {
        return top;
    }
    top + values.map(|value| (value - top).exp()).sum::<f64>().ln()
}
