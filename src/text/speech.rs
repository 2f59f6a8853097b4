//! How a language model is spoken to: its chat template, the instruction that comes with a question, the marks around a thought.
//!
//! Not here: tokens (`words.rs`), the interpreter of templates (`template.rs`). Templates are Jinja, as
//! in Hugging Face's `tokenizer_config.json` and GGUF's `tokenizer.chat_template`.

use crate::error::{Error, Result};

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
}

/// The prompt of one question, asked by a user, up to where the assistant begins.
///
/// # Errors
/// `bad-input` that says what is wrong with the template and how to give another one.
#[cfg(not(target_family = "wasm"))]
pub fn render(template: Option<&str>, question: &str, begin: &str, end: &str) -> Result<String> {
    let Some(template) = template else {
        return Err(Error::bad_input(
            "the model's file has no chat template; give one in Jinja (`--chat-template FILE`), \
             `{{ messages[0].content }}` for a model that only continues text",
        ));
    };
    super::template::render(template, question, begin, end)
}

/// No door of the browser build loads language models yet, so it goes without the interpreter of templates, which is not small.
///
/// # Errors
/// `bad-input`, always.
#[cfg(target_family = "wasm")]
pub fn render(_template: Option<&str>, _question: &str, _begin: &str, _end: &str) -> Result<String> {
    Err(Error::bad_input("the browser build has no chat templates yet; the native `lab` command has"))
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
