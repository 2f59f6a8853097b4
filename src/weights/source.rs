//! Where the bytes of a large file come from, a range at a time: a file on disk here, a download, a dropped file or the origin's
//! private file system in a browser.
//!
//! Not here: what the bytes mean (`large.rs`).

use crate::error::{Error, Result};

/// A file that is read in ranges.
#[allow(async_fn_in_trait, reason = "used through generics only; no caller needs the futures to be Send")]
pub trait Source {
    /// Bytes in the file.
    fn size(&self) -> u64;

    /// Fills `to` with the bytes from `from` on.
    ///
    /// # Errors
    /// `bad-weights` where the file ends before; `io` where it cannot be read.
    async fn read(&mut self, from: u64, to: &mut [u8]) -> Result<()>;
}

impl Source for &[u8] {
    fn size(&self) -> u64 {
        self.len() as u64
    }

    async fn read(&mut self, from: u64, to: &mut [u8]) -> Result<()> {
        let range = usize::try_from(from).ok().and_then(|from| self.get(from..)?.get(..to.len()));
        to.copy_from_slice(range.ok_or_else(|| ends_early(from, to.len()))?);
        Ok(())
    }
}

/// Several files as one, the second behind the first.
pub struct Joined<S>(pub Vec<S>);

impl<S: Source> Source for Joined<S> {
    fn size(&self) -> u64 {
        self.0.iter().map(Source::size).sum()
    }

    async fn read(&mut self, from: u64, to: &mut [u8]) -> Result<()> {
        let (mut from, mut rest) = (from, to);
        for file in &mut self.0 {
            let size = file.size();
            if from < size && !rest.is_empty() {
                let here = rest.len().min(usize::try_from(size - from).unwrap_or(usize::MAX));
                let (now, later) = rest.split_at_mut(here);
                file.read(from, now).await?;
                (from, rest) = (size, later);
            }
            from = from.saturating_sub(size);
        }
        if rest.is_empty() { Ok(()) } else { Err(ends_early(from, rest.len())) }
    }
}

/// A file on disk.
#[cfg(not(target_family = "wasm"))]
pub struct DiskFile {
    file: std::fs::File,
    size: u64,
}

#[cfg(not(target_family = "wasm"))]
impl DiskFile {
    /// # Errors
    /// `io` naming the path.
    pub fn open(path: &std::path::Path) -> Result<Self> {
        let fail = |error: std::io::Error| Error::Io(format!("{}: {error}", path.display()));
        let file = std::fs::File::open(path).map_err(fail)?;
        let size = file.metadata().map_err(fail)?.len();
        Ok(Self { file, size })
    }
}

#[cfg(not(target_family = "wasm"))]
impl Source for DiskFile {
    fn size(&self) -> u64 {
        self.size
    }

    async fn read(&mut self, from: u64, to: &mut [u8]) -> Result<()> {
        use std::io::{Read as _, Seek as _, SeekFrom};
        self.file.seek(SeekFrom::Start(from))?;
        self.file.read_exact(to).map_err(|error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => ends_early(from, to.len()),
            _ => error.into(),
        })
    }
}

/// The error for a range that the file does not have.
pub fn ends_early(from: u64, length: usize) -> Error {
    Error::bad_weights("length", format!("the file ends early: {length} bytes needed from byte {from} on"))
}
