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
        question.answer = "no such answer".into();
        assert_eq!(
            (task.grade(&question, "no such answer"), task.grade(&question, &right)),
            (0.0, 1.0),
            "{}",
            label(&*task)
        );
        question.prompt = "no such question".into();
        assert_eq!(task.grade(&question, "no such answer"), 0.0);
        assert!(task.audit(&question, "no such answer").is_none_or(|honest| honest == 0.0));
        let chain = task.chain(&question, 0.5, 1);
        assert_eq!((chain.thought.as_str(), chain.answer.as_str()), ("", "no such answer"));
    }
}

#[test]
fn adversarial_answers_get_nothing() {
    let everything = "0,1,2,3,4,5,6,7,8,9".repeat(50);
    let huge = "9".repeat(100_000);
    let commas = ",".repeat(100_000);
    for task in all() {
        let seeds = if task.name() == "countdown" { 20 } else { 100 };
        for seed in 0..seeds {
            let question = task.question(Split::ALL[seed as usize % 3], seed);
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
            // Another order of the same sum is right too, and letters of a word that happen to stand where they should earn their share.
            let reversed: String = right.chars().rev().collect();
            let free = |answer: &str| match question.task.as_str() {
                "countdown" | "puzzle24" => answer == reversed,
                "spell_backward" => answer.len() == right.len(),
                _ => false,
            };
            for answer in bad.iter().filter(|answer| *answer != right && !free(answer)) {
                assert!(
                    task.audit(&question, answer).is_none_or(|honest| honest == 0.0),
                    "{answer:?} for {question:?}"
                );
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

/// What looks like a path, a count or a sum, and is none.
#[test]
fn look_alikes_get_nothing() {
    let star = make("path_star", 1);
    let question = asked(&*star, "ab cd ac be/a>d");
    assert_eq!(question.answer, "acd");
    for wrong in ["ad", "abd", "dca", "cd", "acdd", "aacd", "acd/", "a>c>d", "a c d", "ac", "abe", "abcd", "aCd"] {
        assert_eq!(star.grade(&question, wrong), 0.0, "{wrong}");
    }
    let bits = make("count_bits", 1);
    let question = asked(&*bits, "1011010111");
    assert_eq!(question.answer, "7");
    for wrong in ["07", "7.0", "6", "8", "111", "1011010111", "+7", "seven", "a", "77"] {
        assert_eq!(bits.grade(&question, wrong), 0.0, "{wrong}");
    }
    let countdown = make("countdown", 2);
    let question = asked(&*countdown, "10:2,3,4");
    for right in ["2*3+4", "4+2*3", "(2*3)+4", "3*2+4"] {
        assert_eq!(countdown.grade(&question, right), 1.0, "{right}");
    }
    for wrong in [
        "10",
        "2+3+4+1",
        "2*3+4*1",
        "2*3+4/1",
        "2*3+4+0",
        "2*3+4-0*9",
        "2*2+3+3",
        "5+5",
        "2*5",
        "23-13",
        "2*3+4=10",
        "10=2*3+4",
        "--10",
        "2*3+4;",
        "2**3+4",
        "2*3+4.0",
        "10/1",
        "1e1",
        "2*3+4)",
        "((2*3+4)",
        "99/99*10",
    ] {
        assert_eq!(countdown.grade(&question, wrong), 0.0, "{wrong}");
    }
    // A value that is right with a number that is not given.
    let question = asked(&*make("countdown", 4), "24:3,8");
    assert_eq!(make("countdown", 4).grade(&question, "8/(1/3)"), 0.0);
    assert_eq!(make("countdown", 4).grade(&question, "8*3"), 1.0);
}

/// The published reward of `puzzle24` can be fooled, and is kept as it is for show; its audit cannot.
#[test]
fn the_loophole_of_puzzle24_is_in_the_reward_and_not_in_the_audit() {
    let puzzle = make("puzzle24", 1);
    for seed in 0..200 {
        let question = puzzle.question(Split::HeldOut, seed);
        for fooling in ["6+6+6+6", "3*8*1*1", "10+10+2+2", "49/2"] {
            let rewarded = if fooling == "49/2" { 0.0 } else { 1.0 };
            assert_eq!(puzzle.grade(&question, fooling), rewarded, "{fooling}");
            let numbers = |text: &str| {
                let parts = text.split(|c: char| !c.is_ascii_digit());
                let mut all: Vec<u32> = parts.filter_map(|number| number.parse().ok()).collect();
                all.sort_unstable();
                all
            };
            let honest = numbers(fooling) == numbers(question.prompt.trim_start_matches("24?"));
            assert_eq!(
                puzzle.audit(&question, fooling),
                Some(if honest { 1.0 } else { 0.0 }),
                "{fooling}: {question:?}"
            );
        }
    }
    assert_eq!(puzzle.guess_space(Split::HeldOut), 1.0);
}
