//! One measurement, as every measuring program prints it, and what is read out of it.
//!
//! Not here: measuring, printing (`table.rs`).

use serde_json::{Value, json};

/// Of more steps than this the first two are left out: caches and clocks are still warming up.
const WARM: usize = 4;

/// Calls and bytes of one step.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Counts {
    pub dispatches: Option<f64>,
    pub submits: Option<f64>,
    pub read_backs: Option<f64>,
    pub creations: Option<f64>,
    pub live_bytes: Option<f64>,
}

/// What the tables show. A number that was not measured is absent.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    pub engine: String,
    pub place: String,
    pub backend: String,
    pub size: String,
    pub adapter: Option<String>,
    pub first_ms: Option<f64>,
    /// Median, smallest and largest of the steps after the first.
    pub update_ms: Option<[f64; 3]>,
    pub steps: usize,
    pub score_ms: Option<f64>,
    pub tokens_per_s: Option<f64>,
    pub update: Counts,
    pub decode: Counts,
    pub host_ms: Option<f64>,
    pub block_ms: [Option<f64>; 2],
    pub busy_cores: Option<f64>,
    /// The loss before the first update, and after so many of them.
    pub losses: Option<(f64, f64, usize)>,
    pub kernel: Option<Kernel>,
    /// Why there are no numbers: `not built`, or what went wrong.
    pub trouble: Option<String>,
    failed: bool,
}

/// One shader at one shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Kernel {
    pub name: String,
    pub shape: String,
    pub ms: Option<f64>,
    pub gflops: Option<f64>,
    pub gb_per_s: Option<f64>,
}

impl Row {
    /// Reads what `lab bench --json`, `benches/peers/run.mjs` and `benches/peers/torch` print. Unknown keys are kept in the JSON only.
    pub fn read(raw: &Value) -> Self {
        let counts = |keys: [&Value; 2]| keys.into_iter().find(|found| found.is_object()).map(Counts::read);
        let update = counts([&raw["update_cost"], &raw["counts"]["update"]]).unwrap_or_default();
        let decode = counts([&raw["step_cost"], &raw["counts"]["decode_step"]]).unwrap_or_default();
        let live = raw["live_bytes"].as_f64().filter(|bytes| *bytes > 0.0);
        let steps = numbers(&raw["update_ms"]);
        let failed = raw["error"].is_string();
        let title = [text(raw, "engine"), text(raw, "version")];
        Self {
            engine: title.into_iter().flatten().collect::<Vec<_>>().join(" "),
            place: text(raw, "where").unwrap_or_default(),
            backend: text(raw, "backend").unwrap_or_default(),
            size: size(raw),
            adapter: text(raw, "adapter").or_else(|| text(raw, "name")),
            first_ms: raw["first_ms"].as_f64(),
            update_ms: spread(settled(&steps)),
            steps: settled(&steps).len(),
            score_ms: median(&numbers(&raw["score_ms"])),
            tokens_per_s: raw["rollout_tokens_per_s"].as_f64(),
            update: Counts { live_bytes: update.live_bytes.or(live), ..update },
            decode,
            host_ms: median(settled(&numbers(&raw["host_ms"]))),
            block_ms: [raw["block_first_ms"].as_f64(), raw["block_ms"].as_f64()],
            busy_cores: raw["busy_cores"].as_f64(),
            losses: losses(&numbers(&raw["losses"]), steps.len()),
            kernel: Kernel::read(raw),
            trouble: if failed { text(raw, "error") } else { text(raw, "status").filter(|status| status != "ok") },
            failed,
        }
    }

    /// An error; what is merely not built is none.
    pub fn failed(&self) -> bool {
        self.failed
    }

    /// The raw measurement with the medians that the table shows.
    pub fn with_summary(&self, raw: &Value) -> Value {
        let mut whole = raw.clone();
        if let (Some(object), Some([median, least, most])) = (whole.as_object_mut(), self.update_ms) {
            let summary = json!({
                "update_median_ms": median, "update_min_ms": least, "update_max_ms": most, "steps": self.steps,
                "score_median_ms": self.score_ms, "host_median_ms": self.host_ms,
            });
            object.insert("summary".into(), summary);
        }
        whole
    }
}

impl Counts {
    fn read(raw: &Value) -> Self {
        let of = |key: &str| raw[key].as_f64();
        let calls = [of("dispatches"), of("submits"), of("read_backs"), of("creations")];
        // An engine without a device says 0 of all.
        let any = calls.iter().any(|count| count.is_some_and(|count| count > 0.0));
        let [dispatches, submits, read_backs, creations] = if any { calls } else { [None; 4] };
        Self { dispatches, submits, read_backs, creations, live_bytes: of("live_bytes") }
    }
}

impl Kernel {
    fn read(raw: &Value) -> Option<Self> {
        let shape = raw["shape"].as_array().map(|sizes| {
            sizes.iter().map(|size| size.to_string().trim_matches('"').to_owned()).collect::<Vec<_>>().join("×")
        });
        Some(Self {
            name: text(raw, "kernel")?,
            shape: shape.or_else(|| text(raw, "shape")).unwrap_or_default(),
            ms: median(&numbers(&raw["ms"])),
            gflops: raw["gflops"].as_f64(),
            gb_per_s: raw["gb_per_s"].as_f64(),
        })
    }
}

/// The loss before the first update, and after five, or after as many as there were. Some programs say the loss of each update,
/// some those of the first and the last.
fn losses(all: &[f64], updates: usize) -> Option<(f64, f64, usize)> {
    let first = *all.first()?;
    match all.len() {
        1 => None,
        2 => Some((first, all[1], updates)),
        more => Some((first, all[5.min(more - 1)], 5.min(more - 1))),
    }
}

/// The size's name, and rows × tokens where the program says them.
fn size(raw: &Value) -> String {
    let name = text(raw, "size").unwrap_or_default();
    match [raw["sequences"].as_u64(), raw["positions"].as_u64()] {
        [Some(rows), Some(tokens)] => format!("{name} {rows}×{tokens}"),
        _ => name,
    }
}

fn text(raw: &Value, key: &str) -> Option<String> {
    raw[key].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

/// One number or a list of them; what is no number is left out.
fn numbers(raw: &Value) -> Vec<f64> {
    match raw {
        Value::Array(all) => all.iter().filter_map(Value::as_f64).collect(),
        one => one.as_f64().into_iter().collect(),
    }
}

fn settled(steps: &[f64]) -> &[f64] {
    if steps.len() > WARM { &steps[2..] } else { steps }
}

fn spread(steps: &[f64]) -> Option<[f64; 3]> {
    let least = steps.iter().copied().reduce(f64::min)?;
    let most = steps.iter().copied().reduce(f64::max)?;
    Some([median(steps)?, least, most])
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        odd if odd % 2 == 1 => Some(sorted[middle]),
        _ => Some(f64::midpoint(sorted[middle - 1], sorted[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_two_of_many_steps_are_left_out() {
        let row = Row::read(&json!({ "update_ms": [900, 50, 3, 1, 2], "first_ms": 1000, "score_ms": [4, 2] }));
        assert_eq!((row.update_ms, row.steps), (Some([2.0, 1.0, 3.0]), 3));
        assert_eq!((row.first_ms, row.score_ms), (Some(1000.0), Some(3.0)));
        assert_eq!(Row::read(&json!({ "update_ms": [9, 5] })).update_ms, Some([7.0, 5.0, 9.0]));
        assert_eq!(Row::read(&json!({})).update_ms, None);
    }

    #[test]
    fn counts_are_read_from_peers_and_from_our_own() {
        let peer = Row::read(&json!({ "counts": { "update": { "dispatches": 7, "live_bytes": 9 } } }));
        assert_eq!((peer.update.dispatches, peer.update.live_bytes), (Some(7.0), Some(9.0)));
        assert_eq!(peer.decode, Counts::default());
        let ours = json!({ "update_cost": { "submits": 2 }, "step_cost": { "submits": 1 }, "live_bytes": 5,
                           "size": "small", "sequences": 8, "positions": 32, "engine": "ours", "name": "WGSL on x" });
        let ours = Row::read(&ours);
        assert_eq!(
            (ours.update.submits, ours.decode.submits, ours.update.live_bytes),
            (Some(2.0), Some(1.0), Some(5.0))
        );
        assert_eq!((ours.size.as_str(), ours.engine.as_str()), ("small 8×32", "ours"));
        assert_eq!(ours.adapter.as_deref(), Some("WGSL on x"));
        let cpu = Row::read(&json!({ "update_cost": { "submits": 0, "dispatches": 0 }, "live_bytes": 0 }));
        assert_eq!(cpu.update, Counts::default());
    }

    #[test]
    fn a_loss_says_after_how_many_updates() {
        assert_eq!(losses(&[9.0, 8.0, 7.0, 6.0, 5.0, 4.0, 3.0], 6), Some((9.0, 4.0, 5)));
        assert_eq!(losses(&[9.0, 8.0, 7.0], 2), Some((9.0, 7.0, 2)));
        assert_eq!(losses(&[9.0, 1.0], 10), Some((9.0, 1.0, 10)));
        assert_eq!(losses(&[9.0], 0), None);
    }

    #[test]
    fn not_built_is_no_failure_and_an_error_is() {
        let absent = Row::read(&json!({ "engine": "ours", "status": "not built" }));
        assert_eq!((absent.trouble.as_deref(), absent.failed()), (Some("not built"), false));
        let broken = Row::read(&json!({ "engine": "tfjs", "error": "no adapter" }));
        assert!(broken.failed() && broken.trouble.as_deref() == Some("no adapter"));
        assert_eq!(Row::read(&json!({ "status": "ok" })).trouble, None);
    }

    #[test]
    fn a_kernel_is_a_row_of_its_own_kind() {
        let row =
            Row::read(&json!({ "kernel": "matmul", "shape": [256, 64, 64], "ms": [2.0, 1.0, 3.0], "gflops": 4.5 }));
        let kernel = row.kernel.unwrap();
        assert_eq!((kernel.name.as_str(), kernel.shape.as_str()), ("matmul", "256×64×64"));
        assert_eq!((kernel.ms, kernel.gflops, kernel.gb_per_s), (Some(2.0), Some(4.5), None));
    }

    #[test]
    fn the_summary_stands_beside_what_was_measured() {
        let raw = json!({ "update_ms": [2.0], "strange": 1 });
        let whole = Row::read(&raw).with_summary(&raw);
        assert_eq!((&whole["strange"], &whole["summary"]["update_median_ms"]), (&json!(1), &json!(2.0)));
    }
}
