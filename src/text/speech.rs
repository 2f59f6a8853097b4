//! How a language model is spoken to: its chat template, the instruction that comes with a question, the marks around a thought.
//!
//! Not here: tokens (`words.rs`), the interpreter of templates (`template.rs`). Templates are Jinja, as
//! in Hugging Face's `tokenizer_config.json` and GGUF's `tokenizer.chat_template`.

use std::fmt;
use std::rc::Rc;

use crate::error::{Error, Result};

/// Longest template looked at, bytes.
const LONGEST: usize = 1 << 16;
/// How another template is given.
const ANOTHER: &str = if cfg!(target_family = "wasm") { "the option `chatTemplate`" } else { "`--chat-template FILE`" };

/// The published prompt. Source: run_sglang_softthinking.py, SofT-GRPO paper App. B.
pub const INSTRUCTION: &str = " Let's think step by step and output the final answer within \\boxed{}.";
/// The marks of a thought.
pub const THINK: &str = "<think>";
pub const END_THINK: &str = "</think>";
/// What is fed after the mark to a model without one of its own, whose thought a rule has ended: it would not know that it should answer.
pub const BRIDGE: &str = "\n\nThe final answer is \\boxed{";

/// When a thought of a model is over that has no token `</think>`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EndRule {
    /// At the last token that spells `</think>`, wherever it comes: the published code. Source: `think_end_str` in sglang's
    /// soft-thinking package, which keeps the last id of the encoded mark.
    #[default]
    LastToken,
    /// Where all tokens that spell it come in a row.
    WholeMark,
}

/// What a template is filled with.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What the user says.
    pub question: &'a str,
    /// The marks of a text's begin and end, as texts.
    pub begin: &'a str,
    pub end: &'a str,
}

/// An interpreter of templates from outside: the browser build has none of its own, which would be a seventh of it. Says what is
/// wrong where it fails.
#[derive(Clone)]
pub struct Renderer(pub Rc<RenderFn>);

/// (template, what it is filled with) → the prompt.
pub type RenderFn = dyn Fn(&str, Asked<'_>) -> std::result::Result<String, String>;

impl fmt::Debug for Renderer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Renderer")
    }
}

/// What may be said otherwise than the model's file and the papers do.
#[derive(Clone, Debug, Default)]
pub struct SpeechOptions {
    /// A Jinja template in the place of the file's.
    pub template: Option<String>,
    /// What follows the question, [`INSTRUCTION`] when absent.
    pub instruction: Option<String>,
    /// When a thought is over, for models without a token for it.
    pub end_rule: EndRule,
    /// What is fed after a thought that was ended by a rule; [`BRIDGE`] for models without a token for it, nothing for others.
    pub bridge: Option<String>,
    /// In the place of the crate's own interpreter of templates.
    pub renderer: Option<Renderer>,
}

/// The prompt of one question, asked by a user, up to where the assistant begins.
///
/// # Errors
/// `bad-input` that says what is wrong with the template and how to give another one.
pub fn render(template: Option<&str>, asked: Asked<'_>, renderer: Option<&Renderer>) -> Result<String> {
    let Some(template) = template else {
        return Err(Error::bad_input(format!(
            "the model's file has no chat template; give one in Jinja ({ANOTHER}), \
             `{{{{ messages[0].content }}}}` for a model that only continues text",
        )));
    };
    let unusable = |what: String| {
        Error::bad_input(format!("the model's chat template is not usable: {what}; give another one ({ANOTHER})"))
    };
    if template.len() > LONGEST {
        return Err(unusable(format!("expected at most {LONGEST} bytes, it has {}", template.len())));
    }
    let rendered = match renderer {
        Some(Renderer(render)) => render(template, asked),
        None => own_interpreter(template, asked),
    };
    match rendered.map_err(unusable)? {
        text if text.contains(asked.question.trim()) => Ok(text),
        _ => Err(unusable("the prompt it makes does not hold the question".into())),
    }
}

#[cfg(not(target_family = "wasm"))]
use super::template::render as own_interpreter;

#[cfg(target_family = "wasm")]
fn own_interpreter(_: &str, _: Asked<'_>) -> std::result::Result<String, String> {
    Err("the browser build has no interpreter of its own, and was given none".into())
}

/// What a completion answers: the last `\boxed{…}` anywhere, as the published reward reads it; else the last number after the thought.
#[must_use]
pub fn answer(completion: &str, after_thought: &str) -> Option<String> {
    if let Some((_, rest)) = completion.rsplit_once("\\boxed{") {
        let mut depth = 1;
        let end = rest.char_indices().find(|(_, c)| {
            depth += i32::from(*c == '{') - i32::from(*c == '}');
            depth == 0
        });
        return end.map(|(at, _)| rest[..at].trim().to_owned());
    }
    let number = |text: &&str| text.bytes().any(|byte| byte.is_ascii_digit());
    let last = after_thought.split(|c: char| !(c.is_ascii_digit() || "-.,".contains(c))).rfind(number)?;
    Some(last.trim_matches([',', '.']).replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_are_filled_by_whoever_is_asked() {
        let asked = Asked { question: "2+2?", begin: "<s>", end: "</s>" };
        let outside = Renderer(Rc::new(|template, asked| match template {
            "broken" => Err("a brace is missing".into()),
            _ => Ok(format!("{}{template}{}", asked.begin, asked.question)),
        }));
        assert_eq!(render(Some(" says "), asked, Some(&outside)).unwrap(), "<s> says 2+2?");
        assert_eq!(render(Some("{{ messages[0].content }}"), asked, None).unwrap(), "2+2?");
        for (template, named) in [
            (None, "no chat template"),
            (Some("broken"), "a brace is missing"),
            (Some(&*"x".repeat(LONGEST + 1)), "at most"),
        ] {
            let error = render(template, asked, Some(&outside)).unwrap_err();
            assert!(error.code() == "bad-input" && error.to_string().contains(named), "{error}");
            assert!(error.to_string().contains("--chat-template"), "{error}");
        }
        let error = render(Some("no question"), asked, None).unwrap_err();
        assert!(error.to_string().contains("does not hold the question"), "{error}");
    }

    #[test]
    fn answers_are_boxed_or_come_last() {
        let found = |text: &str| answer(text, text);
        assert_eq!(found("so \\boxed{12} or \\boxed{ 13 }.").as_deref(), Some("13"));
        assert_eq!(found("\\boxed{\\frac{1}{2}} is it").as_deref(), Some("\\frac{1}{2}"));
        assert_eq!(found("\\boxed{12"), None);
        assert_eq!(found("It costs $1,204.50.").as_deref(), Some("1204.50"));
        assert_eq!(found("nothing"), None);
        assert_eq!(answer("7 + 5 is 12", ""), None);
    }
}
