//! `lab think` and `lab evaluate`: one question step by step, or many with statistics.

use std::path::PathBuf;
use std::str::FromStr as _;

use soft_thinking_lab::decode::Policy;
use soft_thinking_lab::error::{Error, Result};
use soft_thinking_lab::lab::{EngineChoice, EvaluateOptions, Lab, ThinkOptions, ThinkStep};
use soft_thinking_lab::tasks::Split;

use crate::files;
use crate::own::OwnQuestions;
use crate::terminal::{Terminal, clock};
use crate::words::Words;

/// What both commands need.
#[derive(clap::Args)]
pub struct Common {
    /// The model: GGUF, safetensors or a Hugging Face folder
    #[arg(long)]
    model: PathBuf,
    /// The task; the one the model was warm-started on when not given
    #[arg(long, conflicts_with = "own_questions")]
    task: Option<String>,
    #[command(flatten)]
    own: OwnQuestions,
    #[command(flatten)]
    words: Words,
    /// Its difficulty; the task's default when not given
    #[arg(long)]
    pub difficulty: Option<u32>,
    /// A named policy (see `lab presets`), or JSON such as '{"preset":"soft","gumbel_temperature":0.5}'
    #[arg(long, default_value = "soft")]
    policy: String,
    /// Seed of the noise
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Longest completion, tokens
    #[arg(long)]
    pub max_steps: Option<usize>,
}

#[derive(clap::Args)]
pub struct ThinkArguments {
    #[command(flatten)]
    common: Common,
    /// The question itself, such as "17+58-24="
    #[arg(long, conflicts_with = "question_seed")]
    question: Option<String>,
    /// Or the seed of a held-out question
    #[arg(long, default_value_t = 0)]
    question_seed: u64,
}

#[derive(clap::Args)]
pub struct EvaluateArguments {
    #[command(flatten)]
    common: Common,
    /// How many questions
    #[arg(long, default_value_t = 64)]
    questions: usize,
    /// Samples of each
    #[arg(long, default_value_t = 32)]
    samples: usize,
    /// The k of pass@k
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 4, 8, 16, 32])]
    k: Vec<usize>,
    /// Which questions: train, held_out, or ood for longer and larger ones than in training
    #[arg(long, default_value = "held_out", value_parser = Split::from_str)]
    split: Split,
    /// The same as --split train
    #[arg(long, conflicts_with = "split")]
    train_split: bool,
}

impl Common {
    pub async fn open(&self, engine: EngineChoice, terminal: &Terminal) -> Result<(Lab, String, Policy)> {
        let mut lab = Lab::new(engine, Some(self.seed), clock)?;
        let info = match self.words.load(&mut lab, &self.model, terminal).await? {
            Some(info) => info,
            None => lab.load_checkpoint(files::model(&self.model)?, &mut |_, _| ()).await?,
        };
        let own = self.own.add(&mut lab)?;
        let task = own.or_else(|| self.task.clone()).or(info.task);
        let task = task.ok_or_else(|| Error::bad_input("the model names no task; give --task"))?;
        let policy = if self.policy.trim_start().starts_with('{') {
            serde_json::from_str(&self.policy)
        } else {
            serde_json::from_value(self.policy.clone().into())
        };
        Ok((lab, task, policy.map_err(|e| Error::bad_input(format!("--policy: {e}")))?))
    }
}

pub async fn think(arguments: ThinkArguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    let (mut lab, task, policy) = arguments.common.open(engine, terminal).await?;
    let seed = arguments.question.is_none().then_some(arguments.question_seed);
    let options = ThinkOptions {
        task,
        difficulty: arguments.common.difficulty,
        question: arguments.question,
        question_seed: seed,
        split: None,
        policy,
        max_steps: arguments.common.max_steps,
        seed: Some(arguments.common.seed),
    };
    let mut show = |step: ThinkStep| {
        terminal.object(&step);
        let blend = (step.candidates.iter().zip(&step.mixture)).filter(|(_, weight)| **weight >= 0.005);
        let blend: Vec<String> = blend.map(|(token, weight)| format!("{token} {weight:.2}")).collect();
        let mark = if step.winner_changed { "the noise chose" } else { "" };
        terminal.say(format!("{:3}  {:<10} {:<40} {mark}", step.step + 1, step.token, blend.join("  ")));
    };
    let result = lab.think(&options, terminal.pulse(), &mut show).await?;
    terminal.object(&result);
    if result.text.contains(char::is_whitespace) {
        terminal.say(format!("\n{}\n", result.text));
    }
    let answer = result.answer.as_deref().unwrap_or("none");
    terminal.say(format!("{}  answer {answer}  expected {}  grade {}", result.question, result.expected, result.grade));
    Ok(())
}

pub async fn evaluate(arguments: EvaluateArguments, engine: EngineChoice, terminal: &Terminal) -> Result<()> {
    let (mut lab, task, policy) = arguments.common.open(engine, terminal).await?;
    let options = EvaluateOptions {
        task,
        difficulty: arguments.common.difficulty,
        policy,
        split: Some(if arguments.train_split { Split::Train } else { arguments.split }),
        questions: arguments.questions,
        first_question: 0,
        samples: arguments.samples,
        k: arguments.k.into_iter().filter(|k| *k <= arguments.samples).collect(),
        seed: Some(arguments.common.seed),
        max_steps: arguments.common.max_steps,
    };
    let bar = terminal.bar(arguments.questions, "evaluate");
    let tick = &mut |done: usize, _: usize| bar.set_position(done as u64);
    let e = lab.evaluate(&options, terminal.pulse(), tick).await?;
    bar.finish_and_clear();
    terminal.object(&e);
    for (at, guess) in e.pass_at_k.iter().zip(&e.guessing) {
        terminal.say(format!("pass@{:<3} {:.3}   (blind guessing {:.3})", at.k, at.value, guess.value));
    }
    terminal.say(format!("majority {:.3}, length {:.1}, entropy {:.3} nats", e.majority, e.mean_length, e.entropy));
    if let Some(audit) = e.audit {
        terminal.say(format!("audit {audit:.3}: what an honest grader gives, where the reward has a loophole"));
    }
    if let (Some(entropy), Some(hard)) = (e.mixture_entropy, e.near_one_hot) {
        terminal.say(format!("blends: entropy {entropy:.3} nats, {:.0} % nearly one token", hard * 100.0));
    }
    Ok(())
}
