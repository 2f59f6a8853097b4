//! Chat templates in Jinja, as Hugging Face runs them: one question of a user, up to where the assistant begins.
//!
//! Not here: whose template it is, and what is made of a failure (`speech.rs`). The browser build has it rendered by JavaScript.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{Environment, Error as JinjaError, ErrorKind, State, context};

use super::speech::Asked;

/// The prompt, or what is wrong with the template.
pub fn render(template: &str, Asked { question, begin, end }: Asked<'_>) -> Result<String, String> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build(); // as Hugging Face sets them
    environment.set_syntax(syntax.map_err(|e| e.to_string())?);
    environment.set_fuel(Some(1 << 20)); // a template from a file must come to an end
    environment.set_unknown_method_callback(text_method);
    let refuse =
        |message: String| -> Result<Value, JinjaError> { Err(JinjaError::new(ErrorKind::InvalidOperation, message)) };
    environment.add_function("raise_exception", refuse);
    let messages = [context! { role => "user", content => question }];
    let rendered = environment.render_str(
        template,
        context! { messages, add_generation_prompt => true, bos_token => begin, eos_token => end },
    );
    rendered.map_err(|e| format!("{e:#}"))
}

/// The methods of Python's texts that chat templates call.
fn text_method(_: &mut State<'_, '_>, value: &Value, method: &str, arguments: &[Value]) -> Result<Value, JinjaError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn templates_speak_as_their_models_do() {
        let chat = "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message.content }}{% endfor %}\n\
                    {% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";
        let asked = |question| Asked { question, begin: "<s>", end: "" };
        assert_eq!(render(chat, asked("2+2?")).unwrap(), "<|user|>2+2?<|assistant|>");
        let stripped = "{{ bos_token }}{% set x = messages[0].content.strip() %}{{ 'a|b'.split('|')[-1] }}{{ x }}";
        assert_eq!(render(stripped, asked(" why ")).unwrap(), "<s>bwhy");
        for bad in ["{% for %}", "{{ raise_exception('only tools') }}", "{% for i in range(9999999) %}x{% endfor %}"] {
            assert!(render(bad, asked("2+2?")).is_err());
        }
    }
}
