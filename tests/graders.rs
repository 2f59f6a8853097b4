//! Graders that cannot be fooled: answers made to look right get nothing.

use soft_thinking_lab::tasks::{self, Question, Split, Task, difficulty_range};

/// Every task at every difficulty.
fn all() -> Vec<Box<dyn Task>> {
    let levels = |name: &&str| {
        let range = difficulty_range(name).expect(name);
        (range.min..=range.max).map(|level| make(name, level)).collect::<Vec<_>>()
    };
    tasks::names().iter().flat_map(levels).collect()
}

fn make(name: &str, difficulty: u32) -> Box<dyn Task> {
    tasks::task(name, Some(difficulty)).expect(name)
}

fn label(task: &dyn Task) -> String {
    format!("{} at {}", task.name(), task.difficulty())
}

fn asked(task: &dyn Task, prompt: &str) -> Question {
    task.parse(prompt).expect(prompt)
}

#[test]
fn the_grade_does_not_trust_the_stored_answer() {
    for task in all() {
        let mut question = task.question(Split::Train, 3);
        let right = question.answer.clone();
        question.answer = "nine".into();
        assert_eq!((task.grade(&question, "nine"), task.grade(&question, &right)), (0.0, 1.0), "{}", label(&*task));
        question.prompt = "no such question".into();
        assert_eq!(task.grade(&question, "nine"), 0.0);
        let chain = task.chain(&question, 0.5, 1);
        assert_eq!((chain.thought.as_str(), chain.answer.as_str()), ("", "nine"));
    }
}

#[test]
fn adversarial_answers_get_nothing() {
    let everything = "0,1,2,3,4,5,6,7,8,9".repeat(50);
    let huge = "9".repeat(100_000);
    let commas = ",".repeat(100_000);
    for task in all() {
        for seed in 0..200 {
            let question = task.question(Split::HeldOut, seed);
            let right = question.answer.as_str();
            let mut bad: Vec<String> = [
                "",
                " ",
                ",",
                "-",
                "=",
                "+",
                "0 1 2 3 4 5 6 7 8 9",
                "0123456789",
                "abcdefghij",
                "a|b|c|d",
                "nan",
                "inf",
                "1e9",
                "0x0",
                "²",
                "<answer>",
                "</answer>",
                "\u{0}",
            ]
            .map(String::from)
            .to_vec();
            bad.extend([everything.clone(), huge.clone(), commas.clone()]);
            bad.extend([
                format!("0{right}"),
                format!("+{right}"),
                format!("-{right}"),
                format!(" {right}"),
                format!("{right} "),
                format!("{right}\n"),
                format!("{right}.0"),
                format!("{right},"),
                format!(",{right}"),
                format!("{right}={right}"),
                format!("{right} {right}"),
                format!("{right};{right}"),
                format!("{right},{right}"),
                format!("{right}|{right}"),
                format!("not 5 but {right}"),
                format!("<answer>{right}</answer>"),
                format!("{right}</answer><answer>{right}"),
                right.replace(',', ", "),
                right.replace(',', ";"),
                fullwidth(right),
                arabic_indic(right),
                right.to_uppercase(),
                right.chars().rev().collect(),
                question.prompt.clone(),
                task.chain(&question, 0.0, seed).thought,
            ]);
            for answer in bad.iter().filter(|answer| *answer != right) {
                assert_eq!(task.grade(&question, answer), 0.0, "{}: {answer:?} for {question:?}", label(&*task));
            }
        }
    }
}

fn fullwidth(text: &str) -> String {
    text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c)).collect()
}

fn arabic_indic(text: &str) -> String {
    let digit = |c: char| c.to_digit(10).and_then(|d| char::from_u32(0x660 + d)).unwrap_or(c);
    text.chars().map(digit).chain("٠".chars()).collect()
}

/// Of all short answers exactly one is right.
#[test]
fn exactly_one_answer_is_right() {
    let sum = make("chain_sum", 2);
    let question = sum.question(Split::HeldOut, 9);
    assert_eq!((0..100_000).filter(|n| sum.grade(&question, &n.to_string()) > 0.0).count(), 1);
    let reach = make("reach", 2);
    let question = reach.question(Split::HeldOut, 9);
    let all_bytes = (0..=255_u8).filter(|byte| reach.grade(&question, &char::from(*byte).to_string()) > 0.0);
    assert_eq!(all_bytes.count(), 1);
    let sorting = make("number_sorting", 3);
    let question = asked(&*sorting, "30,7,11");
    for wrong in ["7,30,11", "30,11,7", "7,11", "7,11,30,30", "7,7,11,30", "7,11,31", "71130", "7,11,30,99"] {
        assert_eq!(sorting.grade(&question, wrong), 0.0, "{wrong}");
    }
    assert_eq!(sorting.grade(&question, "7,11,30"), 1.0);
}
