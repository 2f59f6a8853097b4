//! Own questions: files as users write them, hostile files, graders of all kinds, and a model that is measured and trained on them.
//!
//! Not here: the `lab` command's options (`cli.rs`).

use pollster::block_on;
use soft_thinking_lab::decode::{DiscreteSettings, Policy};
use soft_thinking_lab::engine::Pulse;
use soft_thinking_lab::lab::{AskOptions, EngineChoice, EvaluateOptions, Lab};
use soft_thinking_lab::tasks::grader::Grader;
use soft_thinking_lab::tasks::own::OwnTask;
use soft_thinking_lab::tasks::{Split, Task};
use soft_thinking_lab::train::config::TrainConfig;

fn line(question: &str, answer: &str) -> String {
    serde_json::json!({ "question": question, "answer": answer }).to_string()
}

/// n + 1 for n below the count.
fn sums(count: u32) -> String {
    (0..count).map(|n| line(&format!("{n}+1="), &(n + 1).to_string()) + "\n").collect()
}

fn read(jsonl: &str) -> OwnTask {
    OwnTask::read("mine", jsonl, Grader::Exact).unwrap()
}

fn refusal(jsonl: &str, grader: Grader) -> String {
    let Err(error) = OwnTask::read("mine", jsonl, grader) else { panic!("accepted {:.80}", jsonl) };
    assert_eq!(error.code(), "bad-input");
    error.to_string()
}

#[test]
fn the_split_depends_on_the_question_alone() {
    let task = read(&sums(2_000));
    let held_out = task.entries().iter().filter(|entry| entry.split == Split::HeldOut).count();
    // Four standard errors of a tenth of 2 000.
    assert!(held_out.abs_diff(200) <= 54, "{held_out}");
    let reordered: String = sums(2_000).lines().rev().map(|text| format!("\n{text}\r\n")).collect();
    for seed in [0, 1, 7, u64::MAX] {
        for split in [Split::Train, Split::HeldOut] {
            let question = task.question(split, seed);
            assert_eq!(question, read(&reordered).question(split, seed));
            assert_eq!(task.split(&question), split);
            assert_eq!(task.parse(&format!(" {} ", question.prompt)), Ok(question));
        }
    }
    let asked: std::collections::HashSet<String> =
        (0..held_out as u64).map(|seed| task.question(Split::HeldOut, seed).prompt).collect();
    assert_eq!(asked.len(), held_out, "one after the other, each once");
}

#[test]
fn a_line_may_name_its_split() {
    let jsonl = r#"{"question":"a","answer":"1","split":"train"}
{"question":"b","answer":"2","split":"held_out"}
{"question":"c","answer":"3","split":"ood"}"#;
    let task = read(jsonl);
    assert!(task.offers(Split::Ood) && task.question(Split::Ood, 5).prompt == "c");
    assert_eq!(
        (task.question(Split::Train, 9).prompt, task.question(Split::HeldOut, 3).prompt),
        ("a".into(), "b".into())
    );
    assert!(!read(&sums(30)).offers(Split::Ood));
    // Two lines are enough, wherever their hashes fall.
    for n in 0..50 {
        let two = format!("{}\n{}", line(&format!("x{n}"), "1"), line(&format!("y{n}"), "2"));
        assert!(read(&two).offers(Split::Train) && read(&two).offers(Split::HeldOut));
    }
}

#[test]
fn hostile_files_are_refused_with_the_line() {
    let good = line("1+1=", "2");
    let cases = [
        (String::new(), "two in all"),
        ("\n \n".into(), "two in all"),
        (good.clone(), "two in all"),
        (format!("{good}\n{good}"), "two in all"),
        ("{".into(), "line 1"),
        (format!("{good}\nnot JSON"), "line 2"),
        (format!("{good}\n\n[1, 2]"), "line 3"),
        (format!("{good}\nnull"), "line 2"),
        (format!("{good}\n{{\"question\": \"2\"}}"), "answer"),
        (format!("{good}\n{{\"question\": 2, \"answer\": \"3\"}}"), "line 2"),
        (format!("{good}\n{{\"question\": \"2\", \"answer\": \"3\", \"note\": 1}}"), "note"),
        (format!("{good}\n{{\"question\": \"2\", \"answer\": \"3\", \"split\": \"test\"}}"), "held_out"),
        (format!("{good}\n{}", line("1+1=", "3")), "line 2: the question of line 1"),
        (format!("{good}\n{}", line("", "3")), "question must have"),
        (format!("{good}\n{}", line("2", "")), "answer must have"),
        (format!("{good}\n{}", line(&"7".repeat(401), "3")), "401"),
        (format!("{good}\n{}", line("7", &"3".repeat(101))), "101"),
        (format!("{good}\n{}", "[".repeat(100_000)), "line 2"),
        (format!("{good}\n\u{0}"), "line 2"),
        ("x".repeat((8 << 20) + 1), "8 MiB"),
        ((0..100_001).map(|n| format!("{{\"question\":\"{n}\",\"answer\":\"1\"}}\n")).collect(), "100000"),
    ];
    for (jsonl, named) in cases {
        let message = refusal(&jsonl, Grader::Exact);
        assert!(message.contains(named), "{named}: {message}");
    }
    for name in ["", "Mine", "my task", "chain_sum", "mix", &"a".repeat(41), "ä"] {
        assert!(OwnTask::read(name, &sums(9), Grader::Exact).is_err(), "{name}");
    }
    // The same line twice is one question.
    assert_eq!(read(&format!("{}\n{}", sums(20), sums(20))).entries().len(), 20);
}

#[test]
fn graders_grade() {
    let grade = |grader: Grader, expected: &str, given: &str| {
        let jsonl = format!("{}\n{}", line("q", expected), line("other", expected));
        let task = OwnTask::read("mine", &jsonl, grader).unwrap();
        let question = task.parse("q").unwrap();
        task.grade(&question, given)
    };
    let numeric = || Grader::from_name("numeric", Some(0.5)).unwrap();
    assert_eq!((grade(Grader::Exact, "51", "51"), grade(Grader::Exact, "51", "51.0")), (1.0, 0.0));
    for (given, wanted) in [
        ("51", 1.0),
        ("51.5", 1.0),
        ("50.5", 1.0),
        ("+51", 1.0),
        ("5.1e1", 1.0),
        ("51.6", 0.0),
        ("nan", 0.0),
        ("inf", 0.0),
        ("-inf", 0.0),
        ("", 0.0),
        (" 51", 0.0),
        ("51,", 0.0),
        ("1e999", 0.0),
        ("0x33", 0.0),
        ("infinity", 0.0),
        ("--51", 0.0),
        ("e", 0.0),
        (".", 0.0),
    ] {
        assert_eq!(grade(numeric(), "51", given), wanted, "{given}");
    }
    let custom =
        |value: f64| Grader::Custom(Box::new(move |_, expected, given| if expected == given { 1.0 } else { value }));
    assert_eq!([0.25, 7.0, -1.0, f64::NAN].map(|value| grade(custom(value), "51", "x")), [0.25, 1.0, 0.0, 0.0]);
    let pair = format!("{}\n{}", line("q", "word"), line("p", "2"));
    assert!(refusal(&pair, numeric()).contains("line 1"));
    for value in [f64::NAN, 2.0, -0.1] {
        let message = refusal(&pair, Grader::Custom(Box::new(move |_, _, _| value)));
        assert!(message.contains("line 1") && message.contains("0 to 1"), "{message}");
    }
    for (name, tolerance) in
        [("regex", None), ("numeric", Some(-1.0)), ("numeric", Some(f64::NAN)), ("exact", Some(1.0))]
    {
        assert!(Grader::from_name(name, tolerance).is_err(), "{name}");
    }
}

#[test]
fn guess_space_counts_what_the_best_single_answer_gets() {
    let jsonl: String = (0..400).map(|n| line(&format!("q{n}"), &(n % 4).to_string()) + "\n").collect();
    let space = |grader| OwnTask::read("mine", &jsonl, grader).unwrap().guess_space(Split::Train);
    // Near four, whatever the split takes from each.
    assert!((space(Grader::Exact) - 4.0).abs() <= 0.4);
    // 1.5 is within 0.5 of two of the four.
    let numeric = space(Grader::Numeric { tolerance: 0.5 });
    assert!((numeric - 2.0).abs() <= 0.2, "{numeric}");
    assert_eq!(space(Grader::Custom(Box::new(|_, _, _| 1.0))), 1.0);
}

fn no_clock() -> f64 {
    0.0
}

fn lab() -> Lab {
    let mut lab = Lab::new(EngineChoice::Cpu, Some(1), no_clock).unwrap();
    let model = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/nano-chain_sum.gguf")).unwrap();
    block_on(lab.load(&model, &mut |_, _| ())).unwrap();
    lab
}

fn evaluation(lab: &mut Lab, split: Split) -> soft_thinking_lab::error::Result<f64> {
    let options = serde_json::json!({ "task": "mine", "split": split, "questions": 6, "samples": 4, "k": [1] });
    let options = EvaluateOptions {
        policy: Policy::Discrete(DiscreteSettings::default()),
        ..serde_json::from_value(options).unwrap()
    };
    Ok(block_on(lab.evaluate(&options, &Pulse::default(), &mut |_, _| ()))?.pass_at_1)
}

/// The shipped model knows sums: given as own questions, with a grader of one's own, they are measured and trained on like any task.
#[test]
fn a_lab_measures_and_trains_on_own_questions() {
    let mut lab = lab();
    let sums: String = (10..60).map(|n| line(&format!("{n}+{}-10=", n + 3), &(2 * n - 7).to_string()) + "\n").collect();
    let refused = lab.add_task("mine", &format!("{sums}\n{}", line("10 × 2=", "20")), Grader::Exact).unwrap_err();
    assert!(refused.to_string().starts_with("line 52: the character '×'"), "{refused}");
    assert!(evaluation(&mut lab, Split::HeldOut).unwrap_err().to_string().contains("mine"), "nothing was added");
    let info = lab.add_task("mine", &sums, Grader::Exact).unwrap();
    assert_eq!((info.name.as_str(), info.difficulty.max), ("mine", 1));
    assert!(evaluation(&mut lab, Split::HeldOut).unwrap() > 0.0);
    assert!(evaluation(&mut lab, Split::Ood).unwrap_err().to_string().contains("ood"));
    let ask: AskOptions = serde_json::from_value(serde_json::json!({ "task": "mine", "questionSeed": 3 })).unwrap();
    assert!(lab.question(&ask).unwrap().prompt.ends_with('=') && ask.of_built_in().is_err());

    let settings = serde_json::json!({ "task": "mine", "max_steps": 1, "eval_steps": 0, "generation_batch_size": 16, "num_generations": 4 });
    let config = TrainConfig::read(settings.as_object().unwrap().clone()).unwrap();
    let half = Grader::Custom(Box::new(|_, expected, given| if expected == given { 1.0 } else { 0.5 }));
    lab.add_task("mine", &sums, half).unwrap();
    block_on(lab.start_training(config)).unwrap();
    let metrics = block_on(lab.train_step(&Pulse::default())).unwrap();
    assert!(metrics.reward >= 0.4, "at least half for every answer that is one: {}", metrics.reward);
    let saved = block_on(lab.save_run()).unwrap();
    assert_eq!(block_on(lab.resume_run(&saved)).unwrap().1, 1);
    let mut other = Lab::new(EngineChoice::Cpu, Some(1), no_clock).unwrap();
    assert!(block_on(other.resume_run(&saved)).unwrap_err().to_string().contains("mine"));
}

#[test]
fn the_audit_is_reported_where_there_is_one() {
    let mut lab = lab();
    for (task, has) in [("puzzle24", true), ("chain_sum", false)] {
        let options = serde_json::json!({ "task": task, "questions": 1, "samples": 2, "k": [1], "split": "ood" });
        let found =
            block_on(lab.evaluate(&serde_json::from_value(options).unwrap(), &Pulse::default(), &mut |_, _| ()))
                .unwrap();
        assert_eq!(found.audit.is_some(), has, "{task}");
    }
}
