//! Rows as Markdown tables that are also aligned for a terminal.
//!
//! Not here: what the numbers mean (`row.rs`).

use super::row::{Counts, Row};
use comfy_table::{CellAlignment, ContentArrangement, Table, presets::ASCII_MARKDOWN};

const LEGEND: &str = "\
small: 135,488 parameters, 8×32 tokens; mid: 1,057,920 parameters, 16×64 tokens; nano, micro, mini: the lab's presets;
rollout: soft steps, all rows at a time.
first: the first update, which compiles; update: median of the later ones (min–max); each is forward, backward, AdamW, loss read back.
dispatches, submits, read-backs, creations: per update; host: time per update before the caller first waits for the GPU;
held: bytes of buffers; block: longest time the main thread was not free, in the first update / in later ones;
loss: before the first update → after (so many); peers are given the same weights and agree, ours draw their own;
busy: cores that others kept busy before the row.";

/// Words of a row, then its numbers.
const WORDS: [&str; 4] = ["engine", "where", "backend", "size"];
const NUMBERS: [&str; 14] = [
    "first ms",
    "update ms",
    "min–max",
    "score ms",
    "rollout tok/s",
    "dispatches",
    "submits",
    "read-backs",
    "creations",
    "host ms",
    "held MB",
    "block ms",
    "loss",
    "busy",
];

/// The tables that have rows, what was not measured, and the legend.
pub fn all(rows: &[Row]) -> String {
    let (unmeasured, measured): (Vec<&Row>, Vec<&Row>) = rows.iter().partition(|row| row.trouble.is_some());
    let (kernels, steps): (Vec<&Row>, Vec<&Row>) = measured.iter().partition(|row| row.kernel.is_some());
    let adapters = lines(&measured, |row| Some(format!("{} {}: {}", row.place, row.backend, row.adapter.as_ref()?)));
    let tables = [
        table(&WORDS, &NUMBERS, steps.iter().map(|row| update(row)).collect()),
        table(&WORDS, &DECODED, steps.iter().filter_map(|row| decoded(row)).collect()),
        table(
            &["kernel", "backend", "shape"],
            &["ms", "GFLOP/s", "GB/s"],
            kernels.iter().filter_map(|row| kernel(row)).collect(),
        ),
        (!adapters.is_empty()).then(|| format!("Adapters:\n{adapters}")),
        (!unmeasured.is_empty()).then(|| format!("Not measured:\n{}", lines(&unmeasured, trouble))),
        (!steps.is_empty()).then(|| LEGEND.to_owned()),
    ];
    tables.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
}

fn words(row: &Row) -> Vec<String> {
    vec![row.engine.clone(), row.place.clone(), row.backend.clone(), row.size.clone()]
}

fn update(row: &Row) -> Vec<String> {
    let [median, range] = match row.update_ms {
        Some([median, least, most]) => [short(median), format!("{}–{}", short(least), short(most))],
        None => [String::new(), String::new()],
    };
    let mut cells = words(row);
    cells.extend([shown(row.first_ms), median, range, shown(row.score_ms), shown(row.tokens_per_s)]);
    cells.extend(counts(&row.update));
    cells.extend([
        shown(row.host_ms),
        shown(row.update.live_bytes.map(|bytes| bytes / 1e6)),
        blocked(row.block_ms),
        row.losses.map(|(first, last, count)| format!("{first:.4} → {last:.4} ({count})")).unwrap_or_default(),
        row.busy_cores.map(|cores| format!("{cores:.1}")).unwrap_or_default(),
    ]);
    cells
}

const DECODED: [&str; 4] = ["dispatches a decoded step", "submits", "read-backs", "creations"];

/// What one decoded token of all rows costs; only our engines decode.
fn decoded(row: &Row) -> Option<Vec<String>> {
    (row.decode != Counts::default()).then(|| words(row).into_iter().chain(counts(&row.decode)).collect())
}

fn kernel(row: &Row) -> Option<Vec<String>> {
    let kernel = row.kernel.as_ref()?;
    let numbers = [kernel.ms, kernel.gflops, kernel.gb_per_s].map(shown);
    Some([kernel.name.clone(), row.backend.clone(), kernel.shape.clone()].into_iter().chain(numbers).collect())
}

fn trouble(row: &Row) -> Option<String> {
    // One line: an error may bring its whole stack.
    let why: String = row.trouble.as_ref()?.lines().next().unwrap_or_default().chars().take(200).collect();
    let name: Vec<String> = words(row).into_iter().filter(|word| !word.is_empty()).collect();
    Some(format!("{}: {why}", name.join(" ")))
}

/// Each line once, in the order of the rows.
fn lines(rows: &[&Row], line: impl Fn(&Row) -> Option<String>) -> String {
    let mut all: Vec<String> = Vec::new();
    for line in rows.iter().filter_map(|row| line(row)) {
        if !all.contains(&line) {
            all.push(line);
        }
    }
    all.join("\n")
}

fn counts(counts: &Counts) -> [String; 4] {
    [counts.dispatches, counts.submits, counts.read_backs, counts.creations].map(shown)
}

/// Words to the left, numbers to the right; a column of numbers that no row has is left out. `None` without rows.
fn table(words: &[&str], numbers: &[&str], rows: Vec<Vec<String>>) -> Option<String> {
    let heads: Vec<&str> = words.iter().chain(numbers).copied().collect();
    let kept: Vec<usize> = (0..heads.len())
        .filter(|column| *column < words.len() || rows.iter().any(|row| !row[*column].is_empty()))
        .collect();
    let mut table = Table::new();
    table.load_style(ASCII_MARKDOWN).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(kept.iter().map(|column| heads[*column]));
    for row in &rows {
        table.add_row(kept.iter().map(|column| row[*column].as_str()));
    }
    for column in table.column_iter_mut().skip(words.len()) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    (!rows.is_empty()).then(|| table.to_string())
}

fn blocked([first, later]: [Option<f64>; 2]) -> String {
    match (first, later) {
        (None, None) => String::new(),
        (Some(first), Some(later)) => format!("{} / {}", short(first), short(later)),
        (Some(one), None) | (None, Some(one)) => short(one),
    }
}

fn shown(value: Option<f64>) -> String {
    value.map(short).unwrap_or_default()
}

/// Three digits that matter, and never a power of ten.
fn short(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => 0,
        size if size >= 10.0 => 1,
        size if size >= 0.1 => 2,
        _ => 4,
    };
    format!("{value:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn three_digits_are_shown() {
        let cases =
            [(1234.56, "1235"), (99.96, "100.0"), (12.34, "12.3"), (5.0, "5"), (1.234, "1.23"), (0.0123, "0.0123")];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn rows_stand_in_aligned_columns_and_trouble_is_said() {
        let rows = [
            json!({ "engine": "jax-js", "where": "browser", "backend": "webgpu", "size": "small", "update_ms": [203.4],
                    "losses": [13.70378, 0, 0, 0, 0, 5.99456], "adapter": "swiftshader" }),
            json!({ "engine": "ours", "where": "browser", "backend": "gpu", "size": "small", "status": "not built" }),
        ];
        let text = all(&rows.iter().map(Row::read).collect::<Vec<_>>());
        let lines: Vec<&str> = text.lines().take_while(|line| line.starts_with('|')).collect();
        assert_eq!(lines.len(), 3, "{text}");
        let widths: Vec<usize> = lines.iter().map(|line| line.chars().count()).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{text}");
        assert!(lines[2].contains(" 203 ") && lines[2].contains("13.7038 → 5.9946 (5)"), "{text}");
        assert!(lines[0].contains("update ms") && !lines[0].contains("dispatches"), "{text}");
        assert!(text.contains("Adapters:\nbrowser webgpu: swiftshader\n"), "{text}");
        assert!(text.contains("Not measured:\nours browser gpu small: not built\n"), "{text}");
    }

    #[test]
    fn kernels_and_decoding_have_tables_of_their_own() {
        let rows = [
            json!({ "kernel": "matmul", "shape": [8, 8, 8], "ms": 1, "gflops": 3.2, "gb_per_s": 1.5, "backend": "tiled" }),
            json!({ "engine": "ours", "update_cost": { "dispatches": 90 }, "step_cost": { "dispatches": 30 } }),
        ];
        let text = all(&rows.iter().map(Row::read).collect::<Vec<_>>());
        assert!(text.contains("GFLOP/s") && text.contains("8×8×8") && text.contains("a decoded step"), "{text}");
        assert!(!all(&[]).contains("GFLOP/s"));
    }
}
