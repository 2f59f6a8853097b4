//! Reading models from files and folders, and writing files so that a crash leaves the old one or the new one.

use std::io::Write as _;
use std::path::Path;

use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::weights::{Checkpoint, read, read_hf};

/// The bytes of a file; the error names the path.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|error| Error::Io(format!("{}: {error}", path.display())))
}

/// The text of a file.
pub fn text(path: &Path) -> Result<String> {
    String::from_utf8(bytes(path)?).map_err(|_| Error::Io(format!("{}: expected UTF-8 text", path.display())))
}

/// A model: a GGUF or safetensors file, or a Hugging Face folder.
pub fn model(path: &Path) -> Result<Checkpoint> {
    if !path.is_dir() {
        return read(&bytes(path)?);
    }
    let tokenizer = path.join("tokenizer.json");
    let tokenizer = if tokenizer.exists() { Some(text(&tokenizer)?) } else { None };
    read_hf(&text(&path.join("config.json"))?, &bytes(&path.join("model.safetensors"))?, tokenizer.as_deref())
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
