//! The marks of a completion, and how the answer is taken out of it.
//!
//! Not here: the ids of the marks (`text.rs`); whether the answer is right (each task's `grade`).

/// Fills a batch up; never part of a thought or an answer.
pub const PAD: &str = "<pad>";
/// Opens the thought. The first token after the prompt.
pub const THINK: &str = "<think>";
/// Closes the thought.
pub const END_THINK: &str = "</think>";
/// Opens the answer.
pub const ANSWER: &str = "<answer>";
/// Closes the answer and ends the completion.
pub const END_ANSWER: &str = "</answer>";

/// The text between `<answer>` and `</answer>` of a completion decoded with its marks shown.
///
/// The whole completion must read `[<think>]thought</think><answer>answer</answer>`: each mark once and in this order,
/// nothing between `</think>` and `<answer>`, nothing after `</answer>` but padding, no mark inside the answer.
/// Anything else, such as two answers or an answer inside the thought, is `None`. The thought may be empty.
/// A model cannot spell a mark in characters, because the alphabet has no `<`.
#[must_use]
pub fn extract_answer(completion: &str) -> Option<&str> {
    let body = completion.strip_prefix(THINK).unwrap_or(completion);
    let (thought, after) = body.split_once(END_THINK)?;
    let (answer, rest) = after.strip_prefix(ANSWER)?.split_once(END_ANSWER)?;
    let mark_in_thought = [THINK, ANSWER, END_ANSWER].iter().any(|mark| thought.contains(mark));
    let only_padding = rest.split(PAD).all(str::is_empty);
    (!mark_in_thought && only_padding && !answer.contains('<')).then_some(answer)
}

#[cfg(test)]
mod tests {
    use super::extract_answer;

    #[test]
    fn takes_the_one_well_formed_answer() {
        assert_eq!(extract_answer("<think>75;51</think><answer>51</answer>"), Some("51"));
        assert_eq!(extract_answer("75;51</think><answer>51</answer>"), Some("51"));
        assert_eq!(extract_answer("</think><answer></answer>"), Some(""));
        assert_eq!(extract_answer("1</think><answer>51</answer><pad><pad>"), Some("51"));
    }

    #[test]
    fn refuses_everything_else() {
        for bad in [
            "",
            "51",
            "<answer>51</answer>",
            "<think>75;51<answer>51</answer>",
            "75</think>51</answer>",
            "75</think><answer>51",
            "75</think> <answer>51</answer>",
            "75</think><answer>51</answer>1",
            "75</think><answer>51</answer><answer>52</answer>",
            "75</think><answer>51</answer></answer>",
            "75</think><answer><answer>51</answer>",
            "75</think><answer>5<think>1</answer>",
            "75</think><answer>5<pad>1</answer>",
            "75</think><answer>5<unused0>1</answer>",
            "<answer>51</answer></think><answer>52</answer>",
            "75</think></think><answer>51</answer>",
            "<think><think>75</think><answer>51</answer>",
            "<answer>75</think><answer>51</answer>",
            "75</think><answer>51</answer><pad>2",
        ] {
            assert_eq!(extract_answer(bad), None, "{bad}");
        }
    }
}
