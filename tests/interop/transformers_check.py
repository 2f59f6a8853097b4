"""A model exported by the lab, opened by Hugging Face transformers: same logits, same tokens.

Needs LAB, the path of the native `lab`, and BROWSER_EXPORT, a file that the page exported. Exits with 1 and a sentence if anything differs.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors import safe_open
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAB = os.environ.get("LAB", "lab")
# f32 on both sides, other orders of summation
TOLERANCE = 1e-4


def run(*arguments: object) -> str:
    return subprocess.run([LAB, *map(str, arguments)], check=True, capture_output=True, text=True).stdout


def hf_folder(model: pathlib.Path, work: pathlib.Path) -> pathlib.Path:
    """What `lab export` makes of a model file."""
    folder = work / model.stem
    run("export", "--model", model, "--format", "hf", "--out", folder)
    return folder


def browser_folder(model: pathlib.Path, work: pathlib.Path) -> pathlib.Path:
    """A safetensors file that the page exported: its config and tokenizer travel in its metadata."""
    folder = work / "from-the-browser"
    folder.mkdir()
    with safe_open(model, "pt") as file:
        metadata = file.metadata()
    (folder / "config.json").write_text(metadata["config"])
    (folder / "tokenizer.json").write_text(metadata["tokenizer"])
    (folder / "model.safetensors").write_bytes(model.read_bytes())
    return folder


def check(model: pathlib.Path, folder: pathlib.Path) -> None:
    network = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    tokenizer = PreTrainedTokenizerFast.from_pretrained(folder)
    with safe_open(folder / "model.safetensors", "pt") as file:
        names = set(file.keys())
    ours = set(network.state_dict()) - {"lm_head.weight"} if network.config.tie_word_embeddings else set(network.state_dict())
    if not ours <= names:
        sys.exit(f"{model.name}: transformers misses {sorted(ours - names)}")
    # A greedy discrete thought: every token the lab takes must be the argmax of Hugging Face's logits, with that probability.
    policy = json.dumps({"kind": "discrete", "temperature": 0})
    worst, tokens = 0.0, 0
    for seed in range(8):
        lines = run("--json", "think", "--model", model, "--policy", policy, "--question-seed", seed).splitlines()
        *steps, result = map(json.loads, lines)
        ids = tokenizer(result["question"], add_special_tokens=False)["input_ids"] + [tokenizer.convert_tokens_to_ids("<think>")]
        for step in steps:
            with torch.no_grad():
                log_probs = network(torch.tensor([ids])).logits[0, -1].double().log_softmax(-1)
            entropy = float(-(log_probs.exp() * log_probs).sum())
            worst = max(worst, abs(entropy - step["model_entropy"]))
            margin = float(log_probs.topk(2).values.diff().abs())
            if int(log_probs.argmax()) != step["token_id"] and margin > TOLERANCE:
                sys.exit(f"{model.name}, question {seed}: the lab takes {step['token_id']}, transformers {int(log_probs.argmax())}")
            ids.append(step["token_id"])
            tokens += 1
    if not worst <= TOLERANCE:
        sys.exit(f"{model.name}: entropies differ by {worst} nats")
    print(f"{model.name}: {tokens} greedy tokens equal, entropies within {worst:.1e} nats")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as work:
        models = sorted((ROOT / "www" / "models").glob("*.gguf"))
        if not models:
            sys.exit("no shipped models found under www/models")
        for model in models:
            check(model, hf_folder(model, pathlib.Path(work)))
        exported = os.environ.get("BROWSER_EXPORT")
        if not exported:
            sys.exit("BROWSER_EXPORT is not set: nothing from a browser was checked")
        check(pathlib.Path(exported), browser_folder(pathlib.Path(exported), pathlib.Path(work)))
