//! The CPU engine against Hugging Face: logits, blends and gradients of two tiny models.

use std::path::Path;

use soft_thinking_lab::engine::cpu::{CpuEngine, Form};
use soft_thinking_lab::verify::models::{ModelFiles, verify_model};

fn check(folder: &str) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/models").join(folder);
    let read = |name: &str| std::fs::read(dir.join(name)).unwrap();
    let text = |name: &str| String::from_utf8(read(name)).unwrap();
    let files = ModelFiles {
        config: text("config.json"),
        model: read("model.safetensors"),
        expected: text("expected.json"),
        tensors: read("expected.safetensors"),
    };
    for form in [Form::Fused, Form::Composed] {
        let make = async |checkpoint: soft_thinking_lab::weights::Checkpoint| {
            CpuEngine::of_form(&checkpoint.config, checkpoint.params, form)
        };
        let reports = pollster::block_on(verify_model(folder, &files, make)).unwrap();
        assert_eq!(reports.len(), 4);
        for report in reports {
            println!("{form:?}: {report:?}");
            assert!(report.passed(), "{form:?}: {report:?}");
        }
    }
}

#[test]
fn llama_with_a_tied_head() {
    check("llama-tiny");
}

#[test]
fn qwen2_with_biases_and_its_own_head() {
    check("qwen2-tiny");
}
