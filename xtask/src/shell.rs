//! Running other programs: what is run is shown, and a failure says which command it was.
//!
//! Not here: which tools there are (`kit.rs`, `setup/`).

use crate::tally::Tally;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// One line of xtask's own voice.
pub fn say(text: &str) {
    println!("xtask: {text}");
    let _ = std::io::stdout().flush();
}

/// A command without the variables that `cargo run` sets for xtask itself: another crate's build must not see them.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"].iter().any(|own| text.starts_with(own)) {
            command.env_remove(&name);
        }
    }
    command.env_remove("CARGO").env_remove("OUT_DIR");
    command
}

/// The command as one would type it.
pub fn typed(command: &Command) -> String {
    let quote = |word: &OsStr| {
        let word = word.to_string_lossy().into_owned();
        let plain = !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_./=:,@+%".contains(c));
        if plain { word } else { format!("'{word}'") }
    };
    std::iter::once(command.get_program()).chain(command.get_args()).map(quote).collect::<Vec<_>>().join(" ")
}

fn show(command: &Command) {
    let folder = command.get_current_dir().map(|dir| format!(" (in {})", dir.display())).unwrap_or_default();
    say(&format!("$ {}{folder}", typed(command)));
}

/// Runs the command with this terminal as its own; an exit code other than 0 is an error.
pub fn run(command: &mut Command) -> Result<()> {
    show(command);
    let status = command.status().with_context(|| format!("`{}` could not be started", typed(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", typed(command));
    }
    Ok(())
}

/// Runs the command, passes its output on line by line and counts the tests that it reports on the way.
/// The boolean is false where it exited with a code other than 0.
pub fn run_counting(command: &mut Command) -> Result<(bool, Tally)> {
    show(command);
    count_into(command, &mut std::io::stdout())
}

fn count_into(command: &mut Command, screen: &mut dyn Write) -> Result<(bool, Tally)> {
    let mut tally = Tally::default();
    let good = each_line(command, &mut |line| {
        screen.write_all(line)?;
        tally.read_line(&String::from_utf8_lossy(line));
        Ok(())
    })?;
    Ok((good, tally))
}

/// Runs the command and hands each line of its output on as it comes. False where it exited with a code other than 0.
pub fn run_lines(command: &mut Command, take: &mut dyn FnMut(&str)) -> Result<bool> {
    show(command);
    each_line(command, &mut |line| {
        take(String::from_utf8_lossy(line).trim_end());
        Ok(())
    })
}

fn each_line(command: &mut Command, take: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<bool> {
    let context = format!("`{}` could not be started", typed(command));
    let mut child = command.stdout(Stdio::piped()).spawn().context(context)?;
    if let Some(output) = child.stdout.take() {
        let mut reader = BufReader::new(output);
        let mut line = Vec::new();
        // Bytes, not `lines()`: a runner may print what is not UTF-8.
        while reader.read_until(b'\n', &mut line)? > 0 {
            take(&line)?;
            line.clear();
        }
    }
    Ok(child.wait()?.success())
}

/// What the command prints, or `None` where it is missing or fails. Its errors stay silent: this asks a question.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        let mut command = Command::new("npm");
        command.args(["run", "build", "two words", "--port=8080"]);
        assert_eq!(typed(&command), "npm run build 'two words' --port=8080");
    }

    #[cfg(unix)]
    #[test]
    fn a_failing_command_is_named() {
        let error = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err().to_string();
        assert!(error.contains("sh -c") && error.contains('3'), "{error}");
        assert_eq!(ask(Command::new("sh").args(["-c", "echo ' yes '"])).as_deref(), Some("yes"));
        assert_eq!(ask(&mut Command::new("no-such-program-here")), None);
    }

    #[cfg(unix)]
    #[test]
    fn tests_are_counted_while_the_output_passes_by() {
        let script = "echo 'test result: ok. 4 passed; 0 failed; 1 ignored; 0 measured'; exit 1";
        // Not onto the real screen, where these four would be counted among xtask's own tests.
        let mut screen = Vec::new();
        let (good, tally) = count_into(Command::new("sh").args(["-c", script]), &mut screen).unwrap();
        assert!(!good && screen.starts_with(b"test result: ok."));
        assert_eq!((tally.passed, tally.failed, tally.skipped), (4, 0, 1));
    }
}
