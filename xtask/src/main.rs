//! `cargo xtask`: set-up and every command a person or CI runs, so that a fresh clone needs no other instruction.
//!
//! Not here: how the lab works (`src/`), what the page does (`www/`).

mod bench;
mod check;
mod interop;
mod kit;
mod models;
mod place;
mod setup;
mod shell;
mod site;
mod size;
mod stamp;
mod tally;
mod test;
mod wasm;
mod wasm_pack;

use anyhow::Result;
use clap::{Parser, Subcommand};
use place::Place;
use setup::Needs;
use std::process::ExitCode;

// As in the lab's own lib.rs: else a build folder shared by two checkouts may run the other one's xtask.
const _: Option<&str> = option_env!("LAB_CHECKOUT");

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Build, serve and test the Soft Thinking Lab.")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing, saying what and why; does nothing when all is there.
    Setup {
        /// Also what drives real browsers: Chromium and its driver, Firefox.
        #[arg(long)]
        browsers: bool,
    },
    /// Build the lab and serve it at http://127.0.0.1:PORT.
    Serve(site::ServeArgs),
    /// Build the static site into dist/.
    Build,
    /// Pass every test: formatting, lints, Rust, wasm in Chromium, TypeScript, the page in Chromium and Firefox.
    Test {
        /// Only what needs no browser and no wasm build.
        #[arg(long)]
        quick: bool,
    },
    /// rustfmt, clippy (native and wasm32), tsc, eslint and prettier; warnings are errors.
    Check,
    /// Measure our engines and their peers, print one table and write JSON.
    Bench(bench::BenchArgs),
    /// Print the size of the shipped wasm; fails above the budget.
    Size,
    /// Check exported weights against Hugging Face transformers and the gguf package (Python, from the registry).
    Interop {
        /// Run only the scripts whose name contains this.
        filter: Option<String>,
    },
}

fn main() -> ExitCode {
    match run(Args::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> Result<()> {
    let place = Place::find()?;
    match task {
        Task::Setup { browsers } => {
            setup::ready(&place, Needs { browser: browsers, firefox: browsers, ..Needs::ALL })?;
            shell::say("everything is in place");
            Ok(())
        }
        Task::Serve(args) => site::serve(&setup::ready(&place, Needs::SITE)?, &args),
        Task::Build => {
            let kit = setup::ready(&place, Needs::SITE)?;
            site::build(&kit)?;
            shell::say(&format!("the site is in {}", place.dist().display()));
            Ok(())
        }
        Task::Test { quick } => test::test(&place, quick),
        Task::Check => check::check(&setup::ready(&place, Needs::CHECK)?),
        Task::Bench(args) => bench::bench(&place, &args),
        Task::Size => size::size(&setup::ready(&place, Needs::SITE)?),
        Task::Interop { filter } => interop::interop(&place, filter.as_deref()),
    }
}
