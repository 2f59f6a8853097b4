//! `cargo xtask bench`: our engines and their peers on the same work, natively and in Chromium; one table, one JSON file.
//!
//! Not here: the measurements (`benches/`, `lab bench`, `bench` of the wasm module, `tests/page/measure.mjs`).

mod browser;
mod divan;
mod native;
mod quiet;
mod report;
mod row;
mod table;

use crate::kit::Kit;
use crate::place::Place;
use crate::setup::{self, Needs, npm_install};
use crate::shell::{self, say};
use crate::site;
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use row::Row;
use serde_json::{Value, json};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct BenchArgs {
    /// Few steps of the smallest sizes: does everything work?
    #[arg(long)]
    quick: bool,
    /// Only these parts, in place of all of ours and the peers.
    #[arg(long, value_delimiter = ',', value_name = "NAME,…", conflicts_with = "peers")]
    only: Vec<Part>,
    /// Which peers: `all`, `none`, or some of jax-js, tfjs, torch, burn. Without it all of them, but Burn only where it was
    /// built before, as that takes ten minutes.
    #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
    peers: Vec<Peers>,
    /// The JSON file; by default in the cache.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The machine's own GPU in Chromium, in place of the software adapter that is the same everywhere.
    #[arg(long)]
    hardware: bool,
    /// Seconds to wait before each row for a machine that has nothing else to do.
    #[arg(long, default_value_t = 60, value_name = "SECONDS")]
    patience: u32,
    /// The page in place of the engines: time to usable, learning, memory over 500 steps.
    #[arg(long, conflicts_with_all = ["only", "peers", "out", "quick", "hardware"])]
    page: bool,
}

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// benches/native.rs: our CPU engine, by divan.
    Rust,
    /// `lab bench`: our engines, natively.
    Lab,
    /// `lab bench --kernels`: each shader, natively.
    Kernels,
    /// Our engines in Chromium.
    Browser,
    JaxJs,
    Tfjs,
    Torch,
    /// Burn on wgpu, in Chromium and natively.
    Burn,
}

const OURS: [Part; 4] = [Part::Rust, Part::Lab, Part::Kernels, Part::Browser];
const PEERS: [Part; 4] = [Part::JaxJs, Part::Tfjs, Part::Torch, Part::Burn];

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Peers {
    All,
    None,
    JaxJs,
    Tfjs,
    Torch,
    Burn,
}

/// What this run does.
struct Plan {
    parts: Vec<Part>,
    /// Burn was asked for by name, so it is built where it is not.
    build_burn: bool,
    quick: bool,
    hardware: bool,
    patience: u32,
}

impl Plan {
    fn new(args: &BenchArgs) -> Self {
        let peer = |part: Part| {
            let named = match part {
                Part::JaxJs => Peers::JaxJs,
                Part::Tfjs => Peers::Tfjs,
                Part::Torch => Peers::Torch,
                _ => Peers::Burn,
            };
            args.peers.is_empty() || args.peers.contains(&Peers::All) || args.peers.contains(&named)
        };
        let parts = if args.only.is_empty() {
            OURS.into_iter().chain(PEERS.into_iter().filter(|part| peer(*part))).collect()
        } else {
            args.only.clone()
        };
        let asked = [Peers::All, Peers::Burn].iter().any(|one| args.peers.contains(one));
        let build_burn = asked || args.only.contains(&Part::Burn);
        Self { parts, build_burn, quick: args.quick, hardware: args.hardware, patience: args.patience }
    }

    fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    fn needs(&self) -> Needs {
        let browser = [Part::Browser, Part::JaxJs, Part::Tfjs, Part::Burn].iter().any(|part| self.has(*part));
        let wasm = self.has(Part::Browser) || (self.has(Part::Burn) && self.build_burn);
        let gpu = [Part::Lab, Part::Kernels, Part::Burn].iter().any(|part| self.has(*part));
        Needs { lints: false, wasm, node: browser, wasm_tools: wasm, browser, firefox: false, gpu }
    }
}

pub fn bench(place: &Place, args: &BenchArgs) -> Result<()> {
    if args.page {
        return page(&setup::ready(place, Needs { lints: false, gpu: false, ..Needs::CHROMIUM })?);
    }
    let plan = Plan::new(args);
    let kit = setup::ready(place, plan.needs())?;
    let started = report::Start::now(&kit);
    // Builds first: none of them may run beside a measurement.
    let (mut rows, mut divan) = (Vec::new(), Vec::new());
    let lab = kept("native build", native::build(&kit, &plan), &mut rows).flatten();
    let pages = kept("browser build", browser::build(&kit, &plan), &mut rows).flatten();
    if plan.has(Part::Rust) {
        divan = kept("benches/native.rs", native::divan(&kit, &plan), &mut rows).unwrap_or_default();
        rows.extend(divan.iter().filter_map(divan::Timing::row));
    }
    if let Some(lab) = &lab {
        kept("lab bench", native::lab(&kit, &plan, lab, &mut rows), &mut rows);
    }
    if let Some(pages) = &pages {
        kept("Chromium", browser::rows(&kit, &plan, pages), &mut rows).into_iter().for_each(|more| rows.extend(more));
    }
    if plan.has(Part::Torch) {
        kept("PyTorch", native::torch(&kit, &plan), &mut rows).into_iter().for_each(|more| rows.extend(more));
    }
    finish(&started, args, &plan, &rows, &divan)
}

fn finish(
    started: &report::Start,
    args: &BenchArgs,
    plan: &Plan,
    rows: &[Value],
    divan: &[divan::Timing],
) -> Result<()> {
    let read: Vec<Row> = rows.iter().map(Row::read).collect();
    println!("\n{}", table::all(&read));
    let out = args.out.clone().unwrap_or_else(|| started.default_out());
    let rows: Vec<Value> = rows.iter().zip(&read).map(|(raw, row)| row.with_summary(raw)).collect();
    let divan: Vec<Value> = divan.iter().map(divan::Timing::json).collect();
    report::write(&out, &json!({ "machine": started.json(), "quick": plan.quick, "rows": rows, "divan": divan }))?;
    say(&format!("the same and every single step as JSON: {}", out.display()));
    let failed = read.iter().filter(|row| row.failed()).count();
    if failed > 0 {
        bail!("{failed} rows failed; the table says why");
    }
    Ok(())
}

/// What a part gave; its failure becomes a row, and the other parts go on.
fn kept<T>(engine: &str, result: Result<T>, rows: &mut Vec<Value>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(error) => {
            say(&format!("FAILED {error:#}"));
            rows.push(json!({ "engine": engine, "error": format!("{error:#}") }));
            None
        }
    }
}

/// A line of JSON that a measuring program printed; anything else is for people and passes by.
fn take_line(line: &str, rows: &mut Vec<Value>) {
    match serde_json::from_str::<Value>(line) {
        Ok(row) if row.is_object() => rows.push(row),
        _ => println!("{line}"),
    }
}

fn page(kit: &Kit) -> Result<()> {
    site::build(kit)?;
    npm_install(kit, "tests/page")?;
    shell::run(kit.npm(&kit.place.root.join("tests/page")).args(["run", "measure"])).context("measuring the page")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        bench: BenchArgs,
    }

    fn plan(words: &[&str]) -> Plan {
        Plan::new(&Line::try_parse_from([&["bench"], words].concat()).unwrap().bench)
    }

    #[test]
    fn all_is_measured_but_burn_is_built_only_by_name() {
        let every = plan(&[]);
        assert!(OURS.iter().chain(&PEERS).all(|part| every.has(*part)) && !every.build_burn);
        assert!(plan(&["--peers", "burn"]).build_burn && plan(&["--peers", "all"]).build_burn);
        assert!(plan(&["--only", "burn"]).build_burn);
    }

    #[test]
    fn peers_and_parts_are_chosen_by_name() {
        let none = plan(&["--peers", "none"]);
        assert!(OURS.iter().all(|part| none.has(*part)) && !PEERS.iter().any(|part| none.has(*part)));
        assert_eq!(plan(&["--only", "torch,tfjs"]).parts, [Part::Torch, Part::Tfjs]);
        assert!(!plan(&["--peers", "jax-js"]).has(Part::Torch));
        assert!(Line::try_parse_from(["bench", "--only", "pytorch"]).is_err());
    }

    #[test]
    fn only_what_is_needed_is_set_up() {
        let torch = plan(&["--only", "torch"]).needs();
        assert!(!torch.browser && !torch.node && !torch.wasm && !torch.gpu);
        let peers = plan(&["--only", "jax-js"]).needs();
        assert!(peers.browser && peers.node && !peers.wasm);
    }
}
