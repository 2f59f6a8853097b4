//! What divan prints, read back: it has no machine-readable output.
//!
//! Not here: the benchmarks (`benches/native.rs`).

use serde_json::{Value, json};

/// One line of its tree: a benchmark, or one of its arguments.
#[derive(Debug, Clone, PartialEq)]
pub struct Timing {
    /// The function.
    pub name: String,
    /// What it was called with; empty where it takes nothing.
    pub argument: String,
    /// Milliseconds.
    pub fastest: f64,
    pub slowest: f64,
    pub median: f64,
}

impl Timing {
    pub fn json(&self) -> Value {
        let Self { name, argument, fastest, slowest, median } = self;
        json!({ "name": name, "argument": argument, "fastest_ms": fastest, "slowest_ms": slowest, "median_ms": median })
    }

    /// An update of a size that the peers have is a row of the table.
    pub fn row(&self) -> Option<Value> {
        (self.name == "update").then(|| {
            json!({ "engine": "ours", "where": "native", "backend": "cpu, divan", "size": self.argument,
                    "update_ms": [self.fastest, self.median, self.slowest] })
        })
    }
}

/// Reads divan's tree line by line; a line that is no timing changes nothing but the function that arguments belong to.
#[derive(Default)]
pub struct Reader {
    function: String,
    pub timings: Vec<Timing>,
}

impl Reader {
    pub fn line(&mut self, line: &str) {
        // "│  ├─ small   13.9 ms │ 15.2 ms │ 14.1 ms │ …": the tree, the name with the fastest, then a column each.
        let inner = line.trim_start_matches(['│', '├', '╰', '─', ' ']);
        if inner.len() == line.len() {
            return;
        }
        let nested = line.starts_with(['│', ' ']);
        let cells: Vec<&str> = inner.split('│').map(str::trim).collect();
        let (Some(first), [slowest, median]) = (cells.first(), [cells.get(1), cells.get(2)]) else { return };
        let (name, fastest) = first.split_once(char::is_whitespace).unwrap_or((first, ""));
        let times = [Some(&fastest.trim()), slowest, median].map(|cell| cell.and_then(|cell| milliseconds(cell)));
        if !nested {
            name.clone_into(&mut self.function);
        }
        if let [Some(fastest), Some(slowest), Some(median)] = times {
            let argument = if nested { name.to_owned() } else { String::new() };
            self.timings.push(Timing { name: self.function.clone(), argument, fastest, slowest, median });
        }
    }
}

fn milliseconds(text: &str) -> Option<f64> {
    let (number, unit) = text.split_once(' ')?;
    let factor = match unit {
        "ns" => 1e-6,
        "µs" | "us" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        _ => return None,
    };
    Some(number.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
Timer precision: 20 ns
native            fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ plain          812.5 µs      │ 1.2 ms        │ 900 µs        │ 905 µs        │ 20      │ 20
├─ training_step                │               │               │               │         │
│  ╰─ soft_grpo   97.1 ms       │ 140 ms        │ 99.5 ms       │ 101 ms        │ 20      │ 20
╰─ update                       │               │               │               │         │
   ├─ small       13.9 ms       │ 15.2 ms       │ 14.1 ms       │ 14.2 ms       │ 10      │ 10
   ╰─ mid         1.314 s       │ 2 s           │ 1.5 s         │ 1.6 s         │ 10      │ 10
";

    #[test]
    fn the_tree_is_read_with_its_units() {
        let mut reader = Reader::default();
        PRINTED.lines().for_each(|line| reader.line(line));
        let short: Vec<_> = reader.timings.iter().map(|t| (t.name.as_str(), t.argument.as_str(), t.median)).collect();
        assert_eq!(
            short,
            [
                ("plain", "", 0.9),
                ("training_step", "soft_grpo", 99.5),
                ("update", "small", 14.1),
                ("update", "mid", 1500.0)
            ]
        );
        assert_eq!((reader.timings[2].fastest, reader.timings[2].slowest), (13.9, 15.2));
        assert!(reader.timings[1].row().is_none() && reader.timings[2].row().is_some());
    }
}
