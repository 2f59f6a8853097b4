//! The `lab` command with a language model: an adapter's run resumed to the bit, `--adapter`, and what learning takes in `lab plan`.
//!
//! Not here: a real model (`smollm2.rs`), small models (`cli.rs`).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use soft_thinking_lab::engine::Pulse;
use soft_thinking_lab::engine::choose::EngineChoice;
use soft_thinking_lab::lab::Lab;
use soft_thinking_lab::model::{ModelConfig, params};
use soft_thinking_lab::text::SpeechOptions;
use soft_thinking_lab::train::TrainConfig;
use soft_thinking_lab::weights::{Checkpoint, QuantKind};

/// Each letter is a token: the usual instruction and bridge would be too long.
const SPOKEN: [&str; 4] = ["--instruction", "", "--bridge", " so "];
const TEMPLATE: &str = "<|user|>{{ messages[0].content }}<|end|>";

/// A random model over single letters, as llama.cpp's converter leaves it.
fn tiny() -> Vec<u8> {
    let mut letters: Vec<String> = (33u8..=126).map(|byte| char::from(byte).to_string()).collect();
    letters.extend(["Ġ".to_owned(), "Ċ".to_owned()]);
    let marks = ["<|user|>", "<|end|>"];
    let mut config = ModelConfig::preset("nano", letters.len() + marks.len()).unwrap();
    (config.max_position_embeddings, config.eos_token_id) = (1536, Some(letters.len() as u32 + 1));
    let mut params = params::init(&config, 4);
    params.iter_mut().for_each(|x| *x *= 2.0); // logits that differ
    let added: Vec<serde_json::Value> = (letters.len()..)
        .zip(marks)
        .map(|(id, mark)| serde_json::json!({ "id": id, "content": mark, "special": true }))
        .collect();
    let vocab: serde_json::Map<String, serde_json::Value> =
        letters.into_iter().enumerate().map(|(id, letter)| (letter, id.into())).collect();
    let json = serde_json::json!({ "model": { "type": "BPE", "vocab": vocab, "merges": [] },
        "pre_tokenizer": { "type": "ByteLevel" }, "added_tokens": added });
    let checkpoint = Checkpoint { config, params, tokenizer_json: Some(json.to_string()), metadata: BTreeMap::new() };
    let mut bytes = checkpoint.to_gguf(QuantKind::Q8_0).unwrap();
    let own = b"tokenizer.huggingface.json";
    let at = bytes.windows(own.len()).position(|window| window == own).unwrap();
    bytes[at..at + own.len()].copy_from_slice(b"tokenizer.somewhere__.json");
    bytes
}

/// An empty folder of this test's own with the model's file and its template.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli-language").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    std::fs::write(path.join("tiny.gguf"), tiny()).unwrap();
    std::fs::write(path.join("template"), TEMPLATE).unwrap();
    path
}

/// The command on that folder's model, spoken to in letters.
fn lab(folder: &Path, command: &str, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lab"))
        .args(["--json", "--engine", "cpu", command, "--model", "tiny.gguf", "--chat-template", "template"])
        .args(SPOKEN)
        .args(more)
        .current_dir(folder)
        .output()
        .unwrap()
}

fn objects(output: &Output) -> Vec<serde_json::Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What the command leaves in `adapter`.
fn adapter(folder: &Path) -> Vec<Vec<u8>> {
    ["adapter_config.json", "adapter_model.safetensors"].map(|name| std::fs::read(folder.join(name)).unwrap()).to_vec()
}

/// A run of four steps, stopped after two by the library, gone on with by the command: the adapter of the run that was never stopped.
#[test]
fn a_run_that_was_stopped_comes_to_the_same_adapter() {
    let here = folder("resume");
    // A model that knows nothing earns by stopping early alone.
    let settings = serde_json::json!({
        "task": "word_problems", "difficulty": 0, "objective": "soft_grpo", "lora_r": 4, "max_steps": 4, "num_generations": 8,
        "generation_batch_size": 8, "steps_per_generation": 1, "max_thought_length": 8, "max_completion_length": 64,
        "soft_punish_cache": 63, "eval_steps": 0, "learning_rate": 1e-2, "collapse_watch": false, "seed": 3,
    });
    let settings = TrainConfig::read(settings.as_object().unwrap().clone()).unwrap();
    let speech = SpeechOptions {
        template: Some(TEMPLATE.into()),
        instruction: Some(String::new()),
        bridge: Some(" so ".into()),
        ..SpeechOptions::default()
    };
    let mut library = Lab::new(EngineChoice::Cpu, Some(0), || 0.0).unwrap();
    let bytes = tiny();
    let (half, whole, fresh) = pollster::block_on(async {
        let mut source = bytes.as_slice();
        library.load_large(&mut source, &speech, (1024, u64::MAX), &mut |_, _| ()).await.unwrap().unwrap();
        library.start_training(settings).await.unwrap();
        let fresh = library.adapter_files().await.unwrap();
        let mut norms = Vec::new();
        let mut half = Vec::new();
        for step in 1..=4 {
            norms.push(library.train_step(&Pulse::default()).await.unwrap().grad_norm);
            if step == 2 {
                half = library.save_run().await.unwrap();
            }
        }
        // Decay alone would change the adapter, and nothing that it does.
        assert!(norms.chunks(2).all(|half| half.iter().any(|norm| *norm > 0.0)), "{norms:?}");
        (half, library.adapter_files().await.unwrap(), fresh)
    });
    assert_ne!(fresh["adapter_model.safetensors"], whole["adapter_model.safetensors"], "nothing was learned");
    std::fs::create_dir(here.join("run")).unwrap();
    std::fs::write(here.join("run/checkpoint.safetensors"), half).unwrap();
    let lines = objects(&lab(&here, "train", &["--out", "run", "--resume"]));
    let steps: Vec<u64> = lines.iter().filter_map(|line| line["step"].as_u64()).collect();
    assert_eq!(steps, [3, 4]);
    assert_eq!(adapter(&here.join("run/adapter")), whole.into_values().collect::<Vec<_>>());
    // Its model must be given: the run keeps none.
    let alone = Command::new(env!("CARGO_BIN_EXE_lab"))
        .args(["train", "--out", "run", "--resume"])
        .current_dir(&here)
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&alone.stderr).into_owned();
    assert!(alone.status.code() == Some(1) && message.contains("model"), "{message}");

    // The adapter is put beside the weights where it is named, and only there.
    let think = |more: &[&str]| {
        let asked = ["--question-seed", "3", "--max-steps", "10", "--difficulty", "0", "--policy", "soft"];
        objects(&lab(&here, "think", &[&asked[..], more].concat()))
    };
    let learned = think(&["--adapter", "run/adapter"]);
    assert_eq!(learned, think(&["--adapter", "run/adapter"]));
    assert_ne!(learned, think(&[]));
    let counted = ["--questions", "2", "--samples", "2", "--max-steps", "10", "--adapter", "run/adapter"];
    assert_eq!(objects(&lab(&here, "evaluate", &counted))[0]["questions"], 2);
    let cut = &adapter(&here.join("run/adapter"))[1][..400];
    std::fs::write(here.join("run/adapter/adapter_model.safetensors"), cut).unwrap();
    let refused = lab(&here, "think", &["--adapter", "run/adapter"]);
    assert!(String::from_utf8_lossy(&refused.stdout).contains("\"bad-weights\""), "{refused:?}");
}

#[test]
fn a_plan_says_what_learning_takes() {
    let here = folder("plan");
    let plan = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command.args(["--json", "--engine", "cpu", "plan", "tiny.gguf", "--context", "64"]).args(more);
        command.current_dir(&here).output().unwrap()
    };
    let lines = objects(&plan(&["--rollouts", "4", "--tokens", "32", "--set", "lora_r=4"]));
    assert_eq!((lines.len(), &lines[1]["engine"], &lines[2]["engine"]), (3, &"cpu".into(), &"gpu".into()));
    let of = |what: &str| lines[1]["learning"][what].as_u64().unwrap();
    let config = ModelConfig::preset("nano", 98).unwrap();
    // A matrix of m rows and n columns has 4 (m + n) numbers beside it.
    let [d, q, kv, f] = [config.hidden_size, config.query_width(), config.key_value_width(), config.intermediate_size];
    let layer = (d + q) + 2 * (d + kv) + (q + d) + 2 * (d + f) + (f + d);
    let adapter = 4 * (4 * layer * config.num_hidden_layers) as u64;
    assert_eq!((of("parameters"), of("moments"), of("references")), (2 * adapter, 2 * adapter, 3 * adapter));
    assert_eq!((of("positions"), of("kept")), (128, (128 * 4 * config.num_hidden_layers * d) as u64));
    assert!(of("passes") > of("kept") && of("logits") > 98 * 32 * 4);
    // The adapter is as long on a GPU; there its buffers are rounded up.
    let gpu = |what: &str| lines[2]["learning"][what].as_u64().unwrap();
    assert!((2 * adapter..2 * adapter + 1024).contains(&gpu("moments")) && gpu("kept") >= of("kept"), "{}", lines[2]);
    assert_eq!(objects(&plan(&["--rollouts", "0"])).len(), 1);
    let refused = plan(&["--set", "lora_rank=4"]);
    assert!(String::from_utf8_lossy(&refused.stdout).contains("lora_rank"), "{refused:?}");
}
