//! The tasks: generators, chains and parsers keep their promises over many seeds.
//!
//! Not here: graders under attack (`graders.rs`).

use std::collections::HashSet;

use soft_thinking_lab::tasks::{self, Question, Split, Task, difficulty_range, extract_answer};
use soft_thinking_lab::text::Tokenizer;

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
fn the_right_answer_and_the_perfect_chain_are_graded_one() {
    for task in all() {
        for seed in 0..3_000 {
            for split in [Split::Train, Split::HeldOut] {
                let question = task.question(split, seed);
                assert_eq!(task.grade(&question, &question.answer), 1.0, "{question:?}");
                let chain = task.chain(&question, 0.0, seed);
                assert_eq!(task.grade(&question, &chain.answer), 1.0, "{question:?} {chain:?}");
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_question_and_chain() {
    for (one, two) in all().iter().zip(&all()) {
        for seed in [0, 1, 77, u64::MAX] {
            let question = one.question(Split::HeldOut, seed);
            assert_eq!(question, two.question(Split::HeldOut, seed));
            assert_eq!(one.chain(&question, 0.5, seed), two.chain(&question, 0.5, seed));
        }
    }
}

#[test]
fn typed_prompts_come_back_as_the_same_question() {
    for task in all() {
        for seed in 0..2_000 {
            let question = task.question(Split::Train, seed);
            assert_eq!(asked(&*task, &question.prompt), question);
            assert_eq!(asked(&*task, &format!("  {} ", question.prompt)), question);
        }
    }
    let sum = make("chain_sum", 2);
    assert_eq!(asked(&*sum, "17 + 58 - 24").prompt, "17+58-24=");
    assert_eq!(asked(&*sum, "9+5").answer, "14");
    assert_eq!(asked(&*make("number_sorting", 4), "3, 2 ,1").prompt, "sort 3,2,1=");
    assert_eq!(asked(&*make("reach", 2), "ab bc  da ? a > c | d").answer, "c");
}

#[test]
fn unusable_prompts_are_refused_with_the_form_expected() {
    let cases: [(&str, u32, &[&str]); 3] = [
        (
            "chain_sum",
            2,
            &[
                "",
                "=",
                "+",
                "17",
                "17=",
                "17+",
                "+17+58",
                "17+58-",
                "1 7+5",
                "17++58",
                "17+100",
                "1+2+3+4",
                "20-30+40",
                "017+5",
                "17*5",
                "17+58=75",
                "１７+58",
                "17+58-24=<think>",
                "99999999999999999999+1",
                "17.5+3",
                "é+1",
            ],
        ),
        (
            "number_sorting",
            4,
            &[
                "",
                "sort",
                "sort =",
                "sort 5=",
                "5",
                "5,5",
                "1,2,3,4,5",
                "1,,2",
                "1,2,",
                "1;2",
                "100,2",
                "01,2",
                "-1,2",
                "sort sort 1,2",
                "1,2==",
                "1 2,3",
                "٣,1",
            ],
        ),
        (
            "reach",
            2,
            &[
                "",
                "?",
                ">",
                "?>",
                "ab",
                "ab?a",
                "ab?a>b",
                "ab?a>",
                "ab?a>b|b",
                "ab?a>a|b",
                "ab?a>c|d",
                "ab ac?a>b|c",
                "aa?a>b|c",
                "ab ab?a>b|c",
                "abc?a>b|c",
                "a?a>b|c",
                "az?a>z|b",
                "ab?a>b|c|d|e|f",
                "aé?a>b|c",
                "éa?a>b|c",
                "ab?ab>b|c",
                "Ab?a>b|c",
                "ab?a>b|c=",
                "ab bc cd de ef fg gh hi ia ac?a>b|c",
            ],
        ),
    ];
    for (name, difficulty, prompts) in cases {
        let task = make(name, difficulty);
        for prompt in prompts {
            let error = task.parse(prompt).expect_err(prompt);
            assert_eq!(error.code(), "bad-input");
            assert!(error.to_string().starts_with(name) && error.to_string().contains("such as"), "{error}");
        }
        // Arbitrary long input is refused quickly and without a panic.
        for piece in ["1+", "1,", "ab ", "?", "é", "a>b|"] {
            assert!(task.parse(&piece.repeat(200_000)).is_err());
        }
    }
}

#[test]
fn training_never_sees_a_held_out_question() {
    for task in all() {
        let is_default = difficulty_range(task.name()).is_some_and(|range| range.default == task.difficulty());
        let seeds = if is_default { 20_000 } else { 2_000 };
        let prompts = |split| (0..seeds).map(|seed| task.question(split, seed)).collect::<Vec<_>>();
        let (train, held_out) = (prompts(Split::Train), prompts(Split::HeldOut));
        assert!(train.iter().all(|question| task.split(question) == Split::Train), "{}", label(&*task));
        assert!(held_out.iter().all(|question| task.split(question) == Split::HeldOut), "{}", label(&*task));
        let seen: HashSet<&str> = train.iter().map(|question| question.prompt.as_str()).collect();
        assert!(held_out.iter().all(|question| !seen.contains(question.prompt.as_str())), "{}", label(&*task));
    }
}

/// Orders the same content differently: what is held out stays held out.
#[test]
fn reordering_does_not_change_sides() {
    let sorting = make("number_sorting", 4);
    let reach = make("reach", 2);
    for seed in 0..500 {
        let question = sorting.question(Split::HeldOut, seed);
        let reordered = asked(&*sorting, &question.answer);
        assert_eq!(sorting.split(&reordered), Split::HeldOut);
        let question = reach.question(Split::HeldOut, seed);
        let (edges, rest) = question.prompt.split_once('?').expect("?");
        let edges: Vec<&str> = edges.split(' ').rev().collect();
        let (start, candidates) = rest.split_once('>').expect(">");
        let candidates: Vec<&str> = candidates.split('|').rev().collect();
        let reordered = format!("{}?{start}>{}", edges.join(" "), candidates.join("|"));
        assert_eq!(reach.split(&asked(&*reach, &reordered)), Split::HeldOut);
    }
}

/// Of all sums of two two-digit terms, and of as many triples, a tenth is held out. 0.015 is more than four standard
/// errors of a share over 8 000.
#[test]
fn about_a_tenth_is_held_out() {
    let sum = make("chain_sum", 2);
    let sorting = make("number_sorting", 4);
    let mut sides = [Vec::new(), Vec::new()];
    for first in 10..100 {
        for second in 10..100 {
            sides[0].push(sum.split(&asked(&*sum, &format!("{first}+{second}="))));
            if first != second && first + second < 190 {
                let third = if first > second { 0 } else { 5 };
                sides[1].push(sorting.split(&asked(&*sorting, &format!("{first},{second},{third}"))));
            }
        }
    }
    for side in sides {
        let held_out = side.iter().filter(|split| **split == Split::HeldOut).count();
        let share = held_out as f64 / side.len() as f64;
        assert!((share - 0.1).abs() <= 0.015, "{share}");
    }
}

#[test]
fn prompts_and_chains_fit_the_alphabet_and_the_lengths() {
    let text = Tokenizer::lab().expect("tokenizer");
    for task in all() {
        let mut longest = 0;
        for seed in 0..4_000 {
            let question = task.question(if seed % 2 == 0 { Split::Train } else { Split::HeldOut }, seed);
            let prompt = text.encode_plain(&question.prompt).expect("prompt");
            assert!(prompt.len() <= 48, "{}: {}", label(&*task), question.prompt);
            for slip in [0.0, 0.3, 1.0] {
                let chain = task.chain(&question, slip, seed);
                let completion = format!("<think>{}</think><answer>{}</answer>", chain.thought, chain.answer);
                longest = longest.max(text.encode(&completion).expect(&completion).len());
                assert_eq!(extract_answer(&completion), Some(chain.answer.as_str()));
            }
        }
        assert!(longest <= task.max_completion_length(), "{}: {longest}", label(&*task));
        // A little slack, not a lot: rollouts pay for every step.
        assert!(longest + 8 >= task.max_completion_length(), "{}: {longest}", label(&*task));
    }
    for name in tasks::names() {
        assert!(tasks::task(name, None).expect(name).max_completion_length() <= 32, "{name}");
    }
}

/// Share of wrong answers of a teacher who slips with this probability, over 4 000 chains.
fn wrong(task: &dyn Task, slip: f64) -> f64 {
    let chains = 4_000;
    let wrong = (0..chains).filter(|&seed| {
        let question = task.question(Split::Train, seed);
        let chain = task.chain(&question, slip, seed);
        task.grade(&question, &chain.answer) < 1.0
    });
    wrong.count() as f64 / chains as f64
}

/// With n steps, 1 - (1 - slip)^n of the answers are wrong, less the few whose slips cancel. 0.03 is four standard
/// errors of a share over 4 000; cancelling needs two slips, so its share grows with their number.
#[test]
fn slips_spoil_answers_at_the_expected_rate() {
    for task in all() {
        assert_eq!(wrong(&*task, 0.0), 0.0);
        let steps = match (task.name(), task.difficulty()) {
            ("chain_sum", level) => level,
            ("number_sorting", count) => count - 1,
            _ => continue,
        };
        for slip in [0.1_f64, 0.35] {
            let expected = 1.0 - (1.0 - slip).powi(steps as i32);
            let measured = wrong(&*task, slip);
            let at_least_two = expected - f64::from(steps) * slip * (1.0 - slip).powi(steps as i32 - 1);
            assert!(
                measured <= expected + 0.03 && measured >= expected - 0.03 - 0.1 * at_least_two,
                "{}, slip {slip}: {measured}, expected {expected}",
                label(&*task)
            );
        }
    }
    // A slipped search may still meet the right node, so only bounds: some, and fewer than slips happen.
    for level in 1..=3 {
        let task = make("reach", level);
        let (few, many) = (wrong(&*task, 0.1), wrong(&*task, 0.4));
        assert!(few > 0.05 && few < 0.35 && many > few + 0.1 && many < 0.8, "{level}: {few} {many}");
    }
}

#[test]
fn slips_are_of_many_kinds() {
    for task in all() {
        let question = task.question(Split::Train, 5);
        let answers: HashSet<String> = (0..400).map(|seed| task.chain(&question, 0.5, seed).answer).collect();
        let least = if task.name() == "reach" { 3 } else { 6 };
        assert!(answers.len() >= least, "{}: {answers:?}", label(&*task));
    }
}

#[test]
fn unknown_names_and_difficulties_say_what_there_is() {
    let refused = |name: &str, difficulty| match tasks::task(name, difficulty) {
        Ok(task) => panic!("made {}", label(&*task)),
        Err(error) => (error.code(), error.to_string()),
    };
    let (code, message) = refused("sums", None);
    assert!(code == "bad-input" && message.contains("chain_sum, number_sorting, reach"), "{message}");
    for (name, difficulty, range) in
        [("chain_sum", 0, "1 to 3"), ("number_sorting", 7, "3 to 6"), ("reach", 9, "1 to 3")]
    {
        let (code, message) = refused(name, Some(difficulty));
        assert!(code == "bad-input" && message.contains(range) && message.contains(name), "{message}");
    }
}

#[test]
fn the_list_is_ready_to_show() {
    let list = tasks::list().expect("list");
    assert_eq!(list.iter().map(|info| info.name.as_str()).collect::<Vec<_>>(), tasks::names());
    for info in list {
        let task = tasks::task(&info.name, None).expect("task");
        assert_eq!(task.difficulty(), info.difficulty.default);
        assert_eq!((info.title.as_str(), &info.describe), (task.title(), &task.describe()));
        assert_eq!(task.split(&asked(&*task, &info.example)), Split::HeldOut);
        let json = serde_json::to_value(&info).expect("json");
        assert!(json["guess_space"].as_f64() > Some(1.0) && json["difficulty"]["default"].is_u64(), "{json}");
    }
    assert_eq!(serde_json::to_string(&Split::HeldOut).expect("json"), "\"held_out\"");
}
