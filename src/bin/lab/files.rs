//! Reading models from files and folders, and writing files so that a crash leaves the old one or the new one.

use std::io::Write as _;
use std::path::Path;

use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::weights::{Checkpoint, peft, read, read_hf};

/// The bytes of a file; the error names the path.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| Error::Io(format!("{}: {error}", path.display())))
}

/// The text of a file.
pub fn text(path: &Path) -> Result<String> {
    String::from_utf8(bytes(path)?).map_err(|_| Error::Io(format!("{}: expected UTF-8 text", path.display())))
}

/// A model: a GGUF or safetensors file, a Hugging Face folder, or the folder of a run, whose model it is then.
pub fn model(path: &Path) -> Result<Checkpoint> {
    if !path.is_dir() {
        return read(&bytes(path)?);
    }
    if is_run(path) {
        return read(&bytes(&path.join("model.safetensors"))?);
    }
    let tokenizer = path.join("tokenizer.json");
    let tokenizer = if tokenizer.exists() { Some(text(&tokenizer)?) } else { None };
    read_hf(&text(&path.join("config.json"))?, &bytes(&path.join("model.safetensors"))?, tokenizer.as_deref())
}

/// The two files of an adapter's folder: its description and its weights.
pub fn adapter(folder: &Path) -> Result<(String, Vec<u8>)> {
    Ok((text(&folder.join(peft::CONFIG_FILE))?, bytes(&folder.join(peft::WEIGHTS_FILE))?))
}

/// Whether it is a folder that `lab train` writes; its config.json holds the settings of the run.
pub fn is_run(path: &Path) -> bool {
    path.join("checkpoint.safetensors").exists() && path.join("model.safetensors").exists()
}

/// Writes files by their paths below a folder.
pub fn folder<N: AsRef<str>>(path: &Path, files: impl IntoIterator<Item = (N, Vec<u8>)>) -> Result<()> {
    files.into_iter().try_for_each(|(name, content)| write(&path.join(name.as_ref()), &content))
}

/// Writes beside the target, then renames.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    let fail = |error: std::io::Error| Error::Io(format!("{}: {error}", path.display()));
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(fail)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let mut file = std::fs::File::create(&beside).map_err(fail)?;
    file.write_all(content).and_then(|()| file.sync_all()).map_err(fail)?;
    std::fs::rename(&beside, path).map_err(fail)
}

/// Appends a line.
pub fn append(path: &Path, line: &str) -> Result<()> {
    let fail = |error: std::io::Error| Error::Io(format!("{}: {error}", path.display()));
    let mut file = std::fs::OpenOptions::new().create(true).append(true).open(path).map_err(fail)?;
    writeln!(file, "{line}").map_err(fail)
}
