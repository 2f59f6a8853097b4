//! `lab export --verl`: a folder with which a run goes on on a cluster, by the method's published code.

use std::path::{Path, PathBuf};

use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::scale_out::{Export, files as made};
use soft_thinking_lab::tasks::{Task, task};
use soft_thinking_lab::weights::Checkpoint;

use crate::files;
use crate::settings::Settings;
use crate::terminal::Terminal;

#[derive(clap::Args)]
#[command(next_help_heading = "Going on with verl")]
pub struct Options {
    /// A folder for verl: the model, questions as Parquet, the reward in Python, the launch script. The options below say what it
    /// trains; for the folder of a run they overrule its settings
    #[arg(long, value_name = "DIR")]
    pub verl: Option<PathBuf>,
    /// Questions to train on; as many as the training steps ask when not given
    #[arg(long, requires = "verl")]
    questions: Option<usize>,
    /// Held-out questions, and as many out of distribution; the setting eval_questions when not given
    #[arg(long, requires = "verl")]
    eval_questions: Option<usize>,
    #[command(flatten)]
    pub settings: Settings,
}

impl Options {
    pub fn export(&self, model: &Path, checkpoint: &Checkpoint, folder: &Path, terminal: &Terminal) -> Result<()> {
        let own = self.settings.own.read()?;
        let name = own.as_ref().map(|own| own.name().to_owned());
        let run = Some(model.join("config.json")).filter(|_| files::is_run(model));
        let config = self.settings.config_over(run.as_deref(), name.as_ref(), checkpoint.metadata.get("task"))?;
        let task: Box<dyn Task> = match own {
            Some(own) => Box::new(own),
            None => task(&config.task, config.difficulty)?,
        };
        let export = Export {
            checkpoint,
            task: task.as_ref(),
            config: &config,
            questions: self.questions,
            eval_questions: self.eval_questions,
            tolerance: self.settings.own.tolerance(),
        };
        let written = made(&export)?;
        let names: Vec<String> = written.keys().cloned().collect();
        files::folder(folder, written)?;
        executable(&folder.join("train.sh"))?;
        terminal.say(format!("{}: {}", folder.display(), names.join(", ")));
        terminal.say(format!("go on with {}", folder.join("README.md").display()));
        terminal.object(&serde_json::json!({ "written": folder, "files": names }));
        Ok(())
    }
}

fn executable(path: &Path) -> Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755))
            .map_err(|error| Error::Io(format!("{}: {error}", path.display())))?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
