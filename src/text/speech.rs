//! How a language model is spoken to: its chat template, the instruction that comes with a question, the marks around a thought.
//!
//! Not here: tokens (`words.rs`). Templates are Jinja, as in Hugging Face's `tokenizer_config.json` and GGUF's `tokenizer.chat_template`.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{Environment, Error as JinjaError, ErrorKind, State, context};

use crate::error::{Error, Result};

/// The published prompt. Source: run_sglang_softthinking.py, SofT-GRPO paper App. B.
pub const INSTRUCTION: &str = " Let's think step by step and output the final answer within \\boxed{}.";
/// The marks of a thought.
pub const THINK: &str = "<think>";
pub const END_THINK: &str = "</think>";
/// What is fed after the mark to a model without one of its own, whose thought a rule has ended: it would not know that it should answer.
pub const BRIDGE: &str = "\n\nThe final answer is \\boxed{";
/// Longest template looked at, bytes, and longest prompt made of one.
const LONGEST: usize = 1 << 16;

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
pub fn render(template: Option<&str>, question: &str, begin: &str, end: &str) -> Result<String> {
    let Some(template) = template else {
        return Err(Error::bad_input(
            "the model's file has no chat template; give one in Jinja (`--chat-template FILE`), \
             `{{ messages[0].content }}` for a model that only continues text",
        ));
    };
    let unusable = |what: String| {
        Error::bad_input(format!(
            "the model's chat template is not usable: {what}; give another one (`--chat-template FILE`)"
        ))
    };
    if template.len() > LONGEST {
        return Err(unusable(format!("expected at most {LONGEST} bytes, it has {}", template.len())));
    }
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build(); // as Hugging Face sets them
    environment.set_syntax(syntax.map_err(|e| unusable(e.to_string()))?);
    environment.set_fuel(Some(1 << 20)); // a template from a file must come to an end
    environment.set_unknown_method_callback(text_method);
    let refuse = |message: String| -> std::result::Result<Value, JinjaError> {
        Err(JinjaError::new(ErrorKind::InvalidOperation, message))
    };
    environment.add_function("raise_exception", refuse);
    let messages = [context! { role => "user", content => question }];
    let rendered = environment.render_str(
        template,
        context! { messages, add_generation_prompt => true, bos_token => begin, eos_token => end },
    );
    let text = rendered.map_err(|e| unusable(format!("{e:#}")))?;
    match text.contains(question.trim()) {
        true => Ok(text),
        false => Err(unusable("the prompt it makes does not hold the question".into())),
    }
}

/// The methods of Python's texts that chat templates call.
fn text_method(
    _: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    arguments: &[Value],
) -> std::result::Result<Value, JinjaError> {
    let unknown = || JinjaError::from(ErrorKind::UnknownMethod);
    let text = value.as_str().ok_or_else(unknown)?;
    let argument = arguments.first().and_then(Value::as_str);
    Ok(match (method, argument) {
        ("strip", None) => text.trim().into(),
        ("lstrip", None) => text.trim_start().into(),
        ("rstrip", None) => text.trim_end().into(),
        ("strip", Some(cut)) => text.trim_matches(|c| cut.contains(c)).into(),
        ("lstrip", Some(cut)) => text.trim_start_matches(|c| cut.contains(c)).into(),
        ("rstrip", Some(cut)) => text.trim_end_matches(|c| cut.contains(c)).into(),
        ("split", Some(at)) if !at.is_empty() => text.split(at).map(Value::from).collect::<Vec<_>>().into(),
        ("startswith", Some(start)) => text.starts_with(start).into(),
        ("endswith", Some(end)) => text.ends_with(end).into(),
        ("upper", None) => text.to_uppercase().into(),
        ("lower", None) => text.to_lowercase().into(),
        _ => return Err(unknown()),
    })
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
    fn templates_speak_as_their_models_do() {
        let chat = "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message.content }}{% endfor %}\n\
                    {% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";
        assert_eq!(render(Some(chat), "2+2?", "", "").unwrap(), "<|user|>2+2?<|assistant|>");
        let stripped = "{{ bos_token }}{% set x = messages[0].content.strip() %}{{ 'a|b'.split('|')[-1] }}{{ x }}";
        assert_eq!(render(Some(stripped), " why ", "<s>", "").unwrap(), "<s>bwhy");
        for bad in [
            "{% for %}",
            "no question",
            "{{ raise_exception('only tools') }}",
            "{% for i in range(9999999) %}x{% endfor %}",
        ] {
            let error = render(Some(bad), "2+2?", "", "").unwrap_err();
            assert!(error.code() == "bad-input" && error.to_string().contains("--chat-template"), "{error}");
        }
        assert!(render(None, "2+2?", "", "").unwrap_err().to_string().contains("--chat-template"));
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
