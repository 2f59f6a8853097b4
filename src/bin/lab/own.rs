//! Options that name a file of own questions, and the task made of it.

use std::path::{Path, PathBuf};

use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::lab::Lab;
use soft_thinking_lab::tasks::grader::Grader;
use soft_thinking_lab::tasks::own::OwnTask;

use crate::files;

#[derive(clap::Args)]
pub struct OwnQuestions {
    /// Own questions as the task: a JSONL file with lines such as {"question": "2+2=", "answer": "4"}
    #[arg(long, value_name = "FILE")]
    own_questions: Option<PathBuf>,
    /// What counts as right: exact or numeric
    #[arg(long, default_value = "exact", requires = "own_questions")]
    grader: String,
    /// How far a number may be off with the numeric grader [default: 1e-6]
    #[arg(long, requires = "own_questions")]
    tolerance: Option<f64>,
}

impl OwnQuestions {
    /// Whether there is a file.
    pub fn given(&self) -> bool {
        self.own_questions.is_some()
    }

    /// How far a number may be off; nothing where answers are compared as text.
    pub fn tolerance(&self) -> Option<f64> {
        match Grader::from_name(&self.grader, self.tolerance) {
            Ok(Grader::Numeric { tolerance }) => Some(tolerance),
            _ => None,
        }
    }

    /// The task alone, for commands without a lab.
    pub fn read(&self) -> Result<Option<OwnTask>> {
        let Some(path) = &self.own_questions else { return Ok(None) };
        let grader = Grader::from_name(&self.grader, self.tolerance)?;
        OwnTask::read(&name_of(path), &files::text(path)?, grader)
            .map(Some)
            .map_err(|error| Error::bad_input(format!("{}: {error}", path.display())))
    }

    /// Adds the task to the lab; its name, made from the file's.
    pub fn add(&self, lab: &mut Lab) -> Result<Option<String>> {
        let Some(path) = &self.own_questions else { return Ok(None) };
        let grader = Grader::from_name(&self.grader, self.tolerance)?;
        let name = name_of(path);
        lab.add_task(&name, &files::text(path)?, grader)
            .map_err(|error| Error::bad_input(format!("{}: {error}", path.display())))?;
        Ok(Some(name))
    }
}

/// The name of the task made of a file.
fn name_of(path: &Path) -> String {
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().to_lowercase()).unwrap_or_default();
    let plain = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() { c } else { '_' };
    format!("own_{}", stem.chars().take(36).map(plain).collect::<String>())
}
