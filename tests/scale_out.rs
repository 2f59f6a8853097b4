//! `lab export --verl` and what goes with it: the files, the questions read back, refusals, runs as folders that other libraries open.
//!
//! Not here: that Python reads them as verl does (`interop/verl_check.py`).

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const MODEL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/www/models/nano-countdown.gguf");

fn lab(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lab")).args(arguments).output().unwrap()
}

fn succeeds(arguments: &[&str]) -> String {
    let output = lab(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn refused(arguments: &[&str]) -> String {
    let output = lab(arguments);
    assert!(!output.status.success(), "{arguments:?} was accepted");
    String::from_utf8(output.stderr).unwrap()
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("scale_out").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        for entry in std::fs::read_dir(&path).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, std::fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

/// A field of Thrift's compact protocol, read without knowing what it means.
#[derive(Debug)]
enum Thrift {
    Number(i64),
    Text(String),
    List(Vec<Thrift>),
    Struct(Vec<(i16, Thrift)>),
}

impl Thrift {
    fn field(&self, id: i16) -> &Thrift {
        let Self::Struct(fields) = self else { panic!("no struct: {self:?}") };
        &fields.iter().find(|(found, _)| *found == id).unwrap_or_else(|| panic!("no field {id}: {self:?}")).1
    }

    fn number(&self) -> usize {
        let Self::Number(number) = self else { panic!("no number: {self:?}") };
        usize::try_from(*number).unwrap()
    }

    fn text(&self) -> &str {
        let Self::Text(text) = self else { panic!("no text: {self:?}") };
        text
    }

    fn list(&self) -> &[Thrift] {
        let Self::List(list) = self else { panic!("no list: {self:?}") };
        list
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> u8 {
        let byte = self.0[0];
        self.0 = &self.0[1..];
        byte
    }

    fn varint(&mut self) -> u64 {
        let byte = self.byte();
        u64::from(byte & 0x7F) | if byte < 0x80 { 0 } else { self.varint() << 7 }
    }

    fn zigzag(&mut self) -> i64 {
        let number = self.varint();
        (number >> 1) as i64 ^ -((number & 1) as i64)
    }

    fn value(&mut self, kind: u8) -> Thrift {
        match kind {
            4..=6 => Thrift::Number(self.zigzag()),
            8 => {
                let length = self.varint() as usize;
                let (text, rest) = self.0.split_at(length);
                self.0 = rest;
                Thrift::Text(String::from_utf8(text.to_vec()).unwrap())
            }
            9 => {
                let head = self.byte();
                let length = if head >> 4 == 15 { self.varint() as usize } else { usize::from(head >> 4) };
                Thrift::List((0..length).map(|_| self.value(head & 15)).collect())
            }
            12 => {
                let (mut fields, mut id) = (Vec::new(), 0);
                loop {
                    let head = self.byte();
                    if head == 0 {
                        return Thrift::Struct(fields);
                    }
                    id = if head >> 4 == 0 { self.zigzag() as i16 } else { id + i16::from(head >> 4) };
                    fields.push((id, self.value(head & 15)));
                }
            }
            other => panic!("kind {other} is not written"),
        }
    }
}

/// The rows, and the columns of text by their dotted paths.
fn parquet(path: &Path) -> (usize, Vec<(String, Vec<String>)>) {
    let bytes = std::fs::read(path).unwrap();
    let end = bytes.len() - 8;
    assert_eq!((&bytes[..4], &bytes[end + 4..]), (&b"PAR1"[..], &b"PAR1"[..]));
    let length = u32::from_le_bytes(bytes[end..end + 4].try_into().unwrap()) as usize;
    let mut footer = Reader(&bytes[end - length..end]);
    let meta = footer.value(12);
    assert!(footer.0.is_empty());
    let mut columns = Vec::new();
    let mut at = 4;
    for chunk in meta.field(4).list()[0].field(1).list() {
        let chunk = chunk.field(3);
        let path: Vec<&str> = chunk.field(3).list().iter().map(Thrift::text).collect();
        assert_eq!(chunk.field(9).number(), at, "pages lie side by side");
        let mut page = Reader(&bytes[at..at + chunk.field(7).number()]);
        at += chunk.field(7).number();
        let header = page.value(12);
        assert_eq!(header.field(3).number(), page.0.len());
        let mut body = page.0;
        if path[0] == "prompt" {
            for _ in 0..2 {
                body = &body[4 + u32::from_le_bytes(body[..4].try_into().unwrap()) as usize..];
            }
        }
        let mut values = Vec::new();
        while !body.is_empty() && chunk.field(1).number() == 6 {
            let (length, rest) = body.split_at(4);
            let (text, rest) = rest.split_at(u32::from_le_bytes(length.try_into().unwrap()) as usize);
            values.push(String::from_utf8(text.to_vec()).unwrap());
            body = rest;
        }
        columns.push((path.join("."), values));
    }
    assert_eq!(at, end - length);
    (meta.field(3).number(), columns)
}

fn column<'a>(columns: &'a [(String, Vec<String>)], name: &str) -> &'a [String] {
    &columns.iter().find(|(found, _)| found == name).unwrap().1
}

#[test]
fn everything_for_verl_is_there_and_the_same_twice() {
    let (one, two) = (folder("one"), folder("two"));
    for to in [&one, &two] {
        succeeds(&[
            "export",
            "--verl",
            to.to_str().unwrap(),
            "--model",
            MODEL,
            "--steps",
            "3",
            "--eval-questions",
            "5",
        ]);
    }
    let files = files_below(&one);
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    let expected = "README.md data/ood.parquet data/test.parquet data/train.parquet lab-config.json model/config.json \
                    model/generation_config.json model/model.safetensors model/tokenizer.json model/tokenizer_config.json reward.py train.sh";
    assert_eq!(names, expected.split_whitespace().collect::<Vec<_>>());
    assert!(files == files_below(&two), "the same export gives the same bytes");
    let text = |name: &str| String::from_utf8(files.iter().find(|file| file.0 == name).unwrap().1.clone()).unwrap();
    assert!(!text("README.md").contains('@'), "a placeholder is left over");
    for argument in [
        "algorithm.adv_estimator=grpo",
        "trainer.total_training_steps=3",
        "rollout.n=8",
        "gumbel_softmax_temperature=0.1",
    ] {
        assert!(text("train.sh").contains(argument), "{argument}");
    }
}

#[test]
fn questions_are_those_the_lab_asks() {
    let out = folder("questions");
    let to = out.to_str().unwrap();
    succeeds(&[
        "export",
        "--verl",
        to,
        "--model",
        MODEL,
        "--difficulty",
        "1",
        "--questions",
        "40",
        "--eval-questions",
        "20",
    ]);
    let completions = out.join("completions.jsonl");
    for (name, split, count) in [("train", "train", 40), ("test", "held_out", 20), ("ood", "ood", 20)] {
        let (rows, columns) = parquet(&out.join("data").join(name).with_extension("parquet"));
        assert_eq!((rows, columns.len()), (count, 10));
        let (prompts, truths) =
            (column(&columns, "prompt.list.element.content"), column(&columns, "reward_model.ground_truth"));
        assert!(column(&columns, "extra_info.split").iter().all(|found| found == split));
        assert_eq!(prompts.len(), count);
        let lines = prompts.iter().zip(truths).map(|(prompt, truth)| {
            let completion = format!("1</think><answer>{truth}</answer>");
            serde_json::json!({ "question": prompt, "completion": completion }).to_string() + "\n"
        });
        std::fs::write(&completions, lines.collect::<String>()).unwrap();
        let graded = ["--json", "grade", completions.to_str().unwrap(), "--task", "countdown", "--difficulty", "1"];
        for line in succeeds(&graded).lines() {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(line["grade"], 1.0, "{line}");
        }
    }
}

#[test]
fn what_cannot_go_on_is_refused_with_the_reason() {
    let out = folder("refused");
    let start = ["export", "--verl", out.to_str().unwrap(), "--model", MODEL];
    for (more, named) in [
        (&["--preset", "multiplex"][..], "code of their own"),
        (&["--preset", "reinforce"], "without a baseline"),
        (&["--preset", "pause"], "pause tokens"),
        (&["--preset", "softgrpo-cod"], "did you mean \"softgrpo-code\""),
        (&["--questions", "3"], "--questions"),
        (&["--set", "max_completion_length=500"], "positions"),
        (&["--task", "nonsense"], "expected one of"),
    ] {
        let message = refused(&[&start[..], more].concat());
        assert!(message.contains(named), "{more:?}: {message}");
    }
    assert!(files_below(&out).is_empty());
    let alone = ["export", "--out", out.to_str().unwrap(), "--model", MODEL, "--preset", "grpo"];
    assert!(refused(&alone).contains("--verl"));
}

#[test]
fn a_run_is_exported_with_its_own_settings_and_its_model_is_a_hugging_face_folder() {
    let (run, out) = (folder("run"), folder("run-for-verl"));
    let (run, to) = (run.to_str().unwrap(), out.to_str().unwrap());
    let settings =
        ["--steps", "1", "--set", "eval_questions=2", "--set", "beta=0.25", "--preset", "grpo", "--difficulty", "1"];
    succeeds(&[&["--json", "train", "--model", MODEL, "--out", run][..], &settings].concat());
    succeeds(&["export", "--verl", to, "--model", run]);
    let script = std::fs::read_to_string(out.join("train.sh")).unwrap();
    assert!(
        script.contains("actor.kl_loss_coef=0.25") && script.contains("experiment_name=countdown-grpo"),
        "{script}"
    );
    assert!(!script.contains("soft_thinking"), "discrete GRPO runs on verl itself: {script}");
    let hf = Path::new(run).join("hf");
    let config: serde_json::Value = serde_json::from_slice(&std::fs::read(hf.join("config.json")).unwrap()).unwrap();
    assert_eq!((&config["eos_token_id"], &config["pad_token_id"]), (&4.into(), &0.into()));
    let small = ["--questions", "2", "--samples", "2", "--task", "countdown"];
    let of = |model: &str| succeeds(&[&["--json", "evaluate", "--model", model][..], &small].concat());
    assert_eq!(of(hf.to_str().unwrap()), of(run), "the folder of a run stands for its model");
    assert_eq!(of(out.join("model").to_str().unwrap()), of(run));
}
