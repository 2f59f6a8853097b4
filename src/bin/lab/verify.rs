//! `lab verify`: the largest error of each group of cases; exit code 1 if one is out of tolerance.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use soft_thinking_lab::engine::choose::{self, EngineChoice};
use soft_thinking_lab::engine::language as language_engine;
use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::verify::language::{is_language, verify_language};
use soft_thinking_lab::verify::models::{ModelFiles, verify_model};
use soft_thinking_lab::verify::{GroupReport, verify_cases, verify_on_cpu};
use soft_thinking_lab::weights::Checkpoint;
use soft_thinking_lab::weights::peft;

use crate::files;
use crate::terminal::{Terminal, clock};
use crate::words;

/// Positions of the published cases, prompt and continuation: fewer.
const CONTEXT: usize = 1024;

#[derive(clap::Args)]
pub struct Arguments {
    /// Golden JSON files, model folders (config.json, model.safetensors, expected.json, expected.safetensors),
    /// or folders of these
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// The language model (GGUF) that golden files of such a model are about; without it they are left out
    #[arg(long, value_name = "FILE")]
    model: Option<PathBuf>,
    /// A folder with an adapter to put beside the language model's weights, as PEFT keeps it: the files are about both then
    #[arg(long, value_name = "DIR", requires = "model")]
    adapter: Option<PathBuf>,
}

pub async fn run(arguments: &Arguments, engine: EngineChoice, terminal: &Terminal) -> Result<ExitCode> {
    let mut passed = true;
    for path in arguments.paths.iter().flat_map(|path| expand(path)) {
        let found = match language(&path)? {
            Some(json) => language_reports(&path, &json, (arguments, engine), terminal).await?,
            None => reports(&path, engine).await?,
        };
        for report in found {
            passed &= report.passed();
            terminal.object(&report);
            let GroupReport { file, group, cases, max_error, tolerance } = &report;
            let verdict = if report.passed() { "ok" } else { "OUT OF TOLERANCE" };
            let name = format!("{file} {group}");
            terminal.say(format!(
                "{name:<45} {cases:>5} cases   largest error {max_error:>9.2e} of {tolerance:.0e}   {verdict}"
            ));
        }
    }
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A folder that is no model stands for everything in it that can be verified.
fn expand(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() || path.join("config.json").exists() {
        return vec![path.to_path_buf()];
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut entries: Vec<PathBuf> =
        entries.filter(|p| p.is_dir() || p.extension().is_some_and(|e| e == "json")).collect();
    entries.sort();
    entries.iter().flat_map(|entry| expand(entry)).collect()
}

/// The text of a golden file that is about a language model.
fn language(path: &Path) -> Result<Option<String>> {
    if path.is_dir() {
        return Ok(None);
    }
    let json = files::text(path)?;
    Ok(is_language(&json).then_some(json))
}

async fn language_reports(
    path: &Path,
    json: &str,
    (arguments, choice): (&Arguments, EngineChoice),
    terminal: &Terminal,
) -> Result<Vec<GroupReport>> {
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let Some(model) = &arguments.model else {
        terminal.say(format!("{name} needs its language model: give --model FILE.gguf; left out"));
        return Ok(Vec::new());
    };
    let (file, mut source) = words::open(model).await?.ok_or_else(|| words::expected(model))?;
    let room = (CONTEXT, u64::MAX);
    let (mut engine, _) = language_engine::open(choice, &file, &mut source, room, &mut |_, _| ()).await?;
    if let Some(folder) = &arguments.adapter {
        let (about, weights) = files::adapter(folder)?;
        let (lora, params) = peft::read(&file.config, &about, &weights)?;
        engine.adapt(lora, Some(params), 0).await?;
    }
    verify_language(&name, json, &mut engine, &file.vocabulary).await
}

async fn reports(path: &Path, choice: EngineChoice) -> Result<Vec<GroupReport>> {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
    if !path.is_dir() {
        let json = files::text(path)?;
        let mut reports = verify_cases(&name, &json)?;
        reports.extend(verify_on_cpu(&name, &json)?);
        #[cfg(feature = "gpu")]
        if choice == EngineChoice::Gpu {
            let gpu = soft_thinking_lab::engine::gpu::Gpu::open(0).await?;
            reports.extend(soft_thinking_lab::verify::verify_on_gpu(&gpu, &name, &json).await?);
        }
        return Ok(reports);
    }
    let needed = ["config.json", "model.safetensors", "expected.json", "expected.safetensors"];
    if let Some(missing) = needed.iter().find(|file| !path.join(file).exists()) {
        return Err(Error::bad_input(format!("{}: a model folder to verify needs {missing}", path.display())));
    }
    let model = ModelFiles {
        config: files::text(&path.join("config.json"))?,
        model: files::bytes(&path.join("model.safetensors"))?,
        expected: files::text(&path.join("expected.json"))?,
        tensors: files::bytes(&path.join("expected.safetensors"))?,
    };
    let open = async |checkpoint: Checkpoint| {
        let (engine, _) = choose::open(choice, &checkpoint.config, &checkpoint.params, clock, &mut |_, _| ()).await?;
        Ok(engine)
    };
    verify_model(&name, &model, open).await
}
