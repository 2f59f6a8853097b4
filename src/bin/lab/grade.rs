//! `lab grade`: the grade of completions that came from elsewhere.

use std::path::PathBuf;

use serde::Deserialize;
use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::tasks::{Task, extract_answer, task};

use crate::files;
use crate::own::OwnQuestions;
use crate::terminal::Terminal;

#[derive(clap::Args)]
pub struct Arguments {
    /// A JSONL file with lines such as {"question": "17+58-24=", "completion": "75;51</think><answer>51</answer>"}
    completions: PathBuf,
    /// The task
    #[arg(long, conflicts_with = "own_questions", required_unless_present = "own_questions")]
    task: Option<String>,
    /// Its difficulty; the task's default when not given
    #[arg(long)]
    difficulty: Option<u32>,
    #[command(flatten)]
    own: OwnQuestions,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    question: String,
    completion: String,
}

pub fn run(arguments: &Arguments, terminal: &Terminal) -> Result<()> {
    let task: Box<dyn Task> = match arguments.own.read()? {
        Some(own) => Box::new(own),
        None => task(arguments.task.as_deref().unwrap_or_default(), arguments.difficulty)?,
    };
    let (mut graded, mut sum) = (0, 0.0);
    for (at, text) in files::text(&arguments.completions)?.lines().enumerate().filter(|(_, text)| !text.is_empty()) {
        let wrong =
            |what: String| Error::bad_input(format!("{}, line {}: {what}", arguments.completions.display(), at + 1));
        let line: Line = serde_json::from_str(text)
            .map_err(|e| wrong(format!("expected {{\"question\": \"…\", \"completion\": \"…\"}}: {e}")))?;
        let question = task.parse(&line.question).map_err(|e| wrong(e.to_string()))?;
        let answer = extract_answer(&line.completion);
        let grade = answer.map_or(0.0, |answer| task.grade(&question, answer));
        let audit = answer.and_then(|answer| task.audit(&question, answer));
        terminal.object(&serde_json::json!({
            "task": question.task, "question": question.prompt, "answer": answer, "grade": grade, "audit": audit,
        }));
        (graded, sum) = (graded + 1, sum + grade);
    }
    if graded == 0 {
        return Err(Error::bad_input(format!("{}: no completion in it", arguments.completions.display())));
    }
    terminal.say(format!("{graded} completions, mean grade {:.3}", sum / f64::from(graded)));
    Ok(())
}
