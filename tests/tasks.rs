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

/// Fewer where finding a question takes a search among many thousand chains.
fn seeds(task: &dyn Task, many: u64) -> u64 {
    match (task.name(), task.difficulty()) {
        ("countdown", 4) => many / 200,
        ("countdown", 3) => many / 10,
        ("countdown" | "puzzle24" | "mix", _) => many / 3,
        _ => many,
    }
}

fn asked(task: &dyn Task, prompt: &str) -> Question {
    task.parse(prompt).expect(prompt)
}

#[test]
fn the_right_answer_and_the_perfect_chain_are_graded_one() {
    for task in all() {
        for seed in 0..seeds(&*task, 2_000) {
            for split in Split::ALL {
                let question = task.question(split, seed);
                let chain = task.chain(&question, 0.0, seed);
                for answer in [&question.answer, &chain.answer] {
                    assert_eq!(task.grade(&question, answer), 1.0, "{question:?} {chain:?}");
                    assert!(task.audit(&question, answer).is_none_or(|honest| honest == 1.0), "{question:?} {answer}");
                }
            }
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_question_and_chain() {
    for (one, two) in all().iter().zip(&all()) {
        for seed in [0, 1, 77, u64::MAX] {
            for split in Split::ALL {
                let question = one.question(split, seed);
                assert_eq!(question, two.question(split, seed));
                assert_eq!(one.chain(&question, 0.5, seed), two.chain(&question, 0.5, seed));
            }
        }
    }
}

#[test]
fn typed_prompts_come_back_as_the_same_question() {
    for task in all() {
        for seed in 0..seeds(&*task, 2_000) {
            let question = task.question(Split::ALL[seed as usize % 3], seed);
            assert_eq!(asked(&*task, &question.prompt), question);
            assert_eq!(asked(&*task, &format!("  {} ", question.prompt)), question);
        }
    }
    let sum = make("chain_sum", 2);
    assert_eq!(asked(&*sum, "17 + 58 - 24").prompt, "17+58-24=");
    assert_eq!(asked(&*sum, "9+5").answer, "14");
    assert_eq!(asked(&*make("number_sorting", 4), "3, 2 ,1").prompt, "sort 3,2,1=");
    assert_eq!(asked(&*make("reach", 2), "ab bc  da ? a > c | d").answer, "c");
    assert_eq!(asked(&*make("path_star", 1), "ab bc  ad / a > c").prompt, "ab bc ad/a>c=");
    assert_eq!(asked(&*make("countdown", 1), "26 : 3, 5 ,7").prompt, "26:3,5,7=");
    assert_eq!(asked(&*make("count_bits", 1), "ones  1011").prompt, "ones 1011=");
    assert_eq!(asked(&*make("spell_backward", 4), "word").answer, "drow");
    assert_eq!(asked(&*make("puzzle24", 1), "1, 2, 3 ,4").prompt, "24?1,2,3,4=");
    assert_eq!(asked(&*make("mix", 1), "1+2").task, "chain_sum");
}

#[test]
fn unusable_prompts_are_refused_with_the_form_expected() {
    let cases: [(&str, u32, &[&str]); 9] = [
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
                "1+2+3+4+5",
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
                "1,2,3,4,5,6",
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
                "ak?a>k|b",
                "ab?a>b|c|d|e|f",
                "aé?a>b|c",
                "éa?a>b|c",
                "ab?ab>b|c",
                "Ab?a>b|c",
                "ab?a>b|c=",
                "ab bc cd de ef fg gh hi ia ac?a>b|c",
            ],
        ),
        (
            "path_star",
            1,
            &[
                "",
                "/",
                "/a>b",
                "ab/a>",
                "ab/>b",
                "ab/a>c",
                "ab/b>a",
                "ab/a>a",
                "ab bc/a>b",
                "ab cb/a>b",
                "ab ba/a>b",
                "ab ab/a>b",
                "aa/a>a",
                "bc cb/a>c",
                "ab ca/a>b",
                "abc/a>c",
                "ab?a>b",
                "ab/a>b==",
                "ab/a>b/a>b",
                "Ab/A>b",
                "é/a>b",
                "ab bc cd de ef/a>f",
                "ab ac ad ae af ag ah ai aj/a>b",
            ],
        ),
        (
            "countdown",
            1,
            &[
                "",
                ":",
                "26:",
                "26",
                ":3,5,7",
                "26:3",
                "26:3,5,7,9,2",
                "26:3,3,7",
                "0:3,5,7",
                "26:0,5,7",
                "26:3,5,10",
                "100:3,5,7",
                "97:3,5,7",
                "26:3,5,7==",
                "26:3;5;7",
                "26:3,5,7=3*7+5",
                "026:3,5,7",
                "26:3,5,-7",
                "26:3,5,٣",
            ],
        ),
        (
            "count_bits",
            1,
            &["", "ones", "=", "1", "ones 1", "012", "1 0", "ones ones 10", "10==", "１0", "101010101010101"],
        ),
        (
            "spell_backward",
            4,
            &["", "=", "a", "back a=", "aba", "Ab", "a b", "ab1", "abcdefg", "backword=x", "äb", "ab=="],
        ),
        (
            "puzzle24",
            1,
            &[
                "",
                "24?",
                "24?1,2,3=",
                "1,1,1,1",
                "1,2,3,4,5",
                "24?24?1,2,3,4",
                "0,6,6,4",
                "1,2,3,14",
                "25?1,2,3,4",
                "1;2;3;4",
            ],
        ),
        ("mix", 1, &["", "=", "24", "hello!", "1+", "26:3,3"]),
    ];
    for (name, difficulty, prompts) in cases {
        let task = make(name, difficulty);
        for prompt in prompts {
            let error = task.parse(prompt).expect_err(prompt);
            assert_eq!(error.code(), "bad-input");
            assert!(error.to_string().starts_with(name) && error.to_string().contains("such as"), "{error}");
        }
        // Arbitrary long input is refused quickly and without a panic.
        for piece in ["1+", "1,", "ab ", "?", "é", "a>b|", "10", "26:1,", "ab/", "24?"] {
            assert!(task.parse(&piece.repeat(200_000)).is_err());
        }
    }
}

#[test]
fn training_never_sees_a_held_out_question() {
    for task in all() {
        let is_default = difficulty_range(task.name()).is_some_and(|range| range.default == task.difficulty());
        let seeds = seeds(&*task, if is_default { 10_000 } else { 2_000 });
        let mut seen: HashSet<String> = HashSet::new();
        for split in Split::ALL {
            let asked: HashSet<String> = (0..seeds)
                .map(|seed| {
                    let question = task.question(split, seed);
                    assert_eq!(task.split(&question), split, "{}: {question:?}", label(&*task));
                    question.prompt
                })
                .collect();
            assert!(asked.is_disjoint(&seen), "{}: {split:?}", label(&*task));
            seen.extend(asked);
        }
    }
}

/// Out of distribution is longer or larger, in the way each task says.
#[test]
fn out_of_distribution_is_larger() {
    for task in all().iter().filter(|task| task.name() != "mix") {
        // Letters of a prompt's text, or its largest number for `puzzle24`, whose questions keep their length.
        let size = |split, seed| {
            let prompt = task.question(split, seed).prompt;
            let numbers = prompt.split(['?', ',', '=']).skip(1).filter_map(|part| part.parse::<usize>().ok());
            match task.name() {
                "puzzle24" => numbers.max().unwrap_or(0),
                "chain_sum" => prompt.matches(['+', '-']).count(),
                "number_sorting" | "countdown" => prompt.matches(',').count(),
                "reach" => task.chain(&task.question(split, seed), 0.0, 0).thought.matches(';').count(),
                _ => prompt.len(),
            }
        };
        let sizes = |split| (0..seeds(&**task, 300)).map(move |seed| size(split, seed));
        let largest = sizes(Split::Train).chain(sizes(Split::HeldOut)).max();
        assert!(sizes(Split::Ood).min() > largest, "{}", label(&**task));
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
    let star = make("path_star", 2);
    let countdown = make("countdown", 1);
    let puzzle = make("puzzle24", 1);
    for seed in 0..300 {
        let prompt = star.question(Split::HeldOut, seed).prompt;
        let (edges, rest) = prompt.split_once('/').expect("/");
        let edges: Vec<&str> = edges.split(' ').rev().collect();
        assert_eq!(star.split(&asked(&*star, &format!("{}/{rest}", edges.join(" ")))), Split::HeldOut);
        for (task, mark) in [(&countdown, ':'), (&puzzle, '?')] {
            let prompt = task.question(Split::HeldOut, seed).prompt;
            let (before, numbers) = prompt.trim_end_matches('=').split_once(mark).expect("mark");
            let numbers: Vec<&str> = numbers.split(',').rev().collect();
            assert_eq!(task.split(&asked(&**task, &format!("{before}{mark}{}", numbers.join(",")))), Split::HeldOut);
        }
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
        for split in Split::ALL {
            let (mut longest, mut longest_prompt) = (0, 0);
            for seed in 0..seeds(&*task, 3_000) {
                let question = task.question(split, seed);
                let prompt = text.encode_plain(&question.prompt).expect("prompt");
                longest_prompt = longest_prompt.max(prompt.len());
                for slip in [0.0, 0.3, 1.0] {
                    let chain = task.chain(&question, slip, seed);
                    let completion = format!("<think>{}</think><answer>{}</answer>", chain.thought, chain.answer);
                    longest = longest.max(text.encode(&completion).expect(&completion).len());
                    assert_eq!(extract_answer(&completion), Some(chain.answer.as_str()));
                }
            }
            let allowed = task.max_completion_length(split);
            println!("{} {split:?}: {longest} of {allowed} after {longest_prompt}", label(&*task));
            assert!(longest <= allowed, "{}: {longest}", label(&*task));
            // A little slack, not a lot: rollouts pay for every step. Chains of combinations vary more in length.
            let slack = if matches!(task.name(), "countdown" | "puzzle24" | "mix") { 20 } else { 8 };
            assert!(longest + slack >= allowed, "{} {split:?}: {longest} of {allowed}", label(&*task));
            // The smallest model has 128 positions.
            assert!(longest_prompt <= 64 && longest_prompt + allowed <= 128, "{} {split:?}", label(&*task));
        }
    }
    for name in tasks::names() {
        assert!(tasks::task(name, None).expect(name).max_completion_length(Split::Train) <= 64, "{name}");
    }
}

/// Share of wrong answers of a teacher who slips with this probability, over 4 000 chains.
fn wrong(task: &dyn Task, slip: f64) -> f64 {
    let chains = seeds(task, 4_000);
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
            ("chain_sum", 4) => 1,
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
    // Jumps back to the right place, steps that come to the same, wrong turns that lead home: bounds only.
    for (name, level) in [
        ("path_star", 1),
        ("path_star", 3),
        ("countdown", 1),
        ("countdown", 3),
        ("spell_backward", 8),
        ("count_bits", 2),
    ] {
        let task = make(name, level);
        let (few, many) = (wrong(&*task, 0.05), wrong(&*task, 0.3));
        assert!(few > 0.05 && few < 0.5 && many > few + 0.2 && many < 0.99, "{name} {level}: {few} {many}");
    }
    // The reward of `puzzle24` forgives numbers that were not given; the audit does not.
    let puzzle = make("puzzle24", 1);
    let audited = |slip| {
        let dishonest = (0..1_000).filter(|&seed| {
            let question = puzzle.question(Split::Train, seed);
            puzzle.audit(&question, &puzzle.chain(&question, slip, seed).answer) < Some(1.0)
        });
        dishonest.count() as f64 / 1_000.0
    };
    assert!(audited(0.0) == 0.0 && audited(0.3) > 0.4 && audited(0.3) >= wrong(&*puzzle, 0.3) - 0.05);
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
        let least = if matches!(task.name(), "reach" | "count_bits") { 3 } else { 6 };
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
    assert!(code == "bad-input" && message.contains("chain_sum, number_sorting, reach, path_star"), "{message}");
    for (name, difficulty, range) in
        [("chain_sum", 0, "1 to 4"), ("number_sorting", 7, "3 to 6"), ("reach", 9, "1 to 3")]
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
        assert!(json["guess_space"].as_f64() >= Some(1.0) && json["difficulty"]["default"].is_u64(), "{json}");
    }
    for split in Split::ALL {
        assert_eq!(serde_json::to_value(split).expect("json"), split.name());
        assert_eq!(split.name().parse::<Split>(), Ok(split));
    }
    assert!("test".parse::<Split>().is_err_and(|error| error.to_string().contains("train, held_out or ood")));
}
