"""What `lab export --verl` writes, read as verl reads it: questions, model, prompt, reward, launch script.

Needs LAB, the path of the native `lab`. Exits with 1 and a sentence if anything differs. verl itself is not run: it needs GPUs.
"""

import filecmp
import importlib.util
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import pyarrow.parquet
import torch
from datasets import disable_progress_bars, load_dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging

ROOT = pathlib.Path(__file__).resolve().parents[2]
LAB = os.environ.get("LAB", "lab")
MODELS = ROOT / "www" / "models"
# Each with a model that has its alphabet and room; what is graded does not depend on the weights.
TASKS = ["chain_sum", "number_sorting", "reach", "path_star", "countdown", "count_bits", "spell_backward", "puzzle24", "mix"]
OWN = "".join(json.dumps({"question": f"{n}/8=", "answer": str(n / 8)}) + "\n" for n in range(1, 120))
ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz+-*/=;,:>|()? .&_!^"
MARKS = ["<think>", "</think>", "<answer>", "</answer>"]


def run(*arguments: object) -> str:
    done = subprocess.run([LAB, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"lab {' '.join(map(str, arguments))}: {done.stderr}")
    return done.stdout


def expect(holds: bool, what: str) -> None:
    if not holds:
        sys.exit(what)


def rows_of(folder: pathlib.Path, names: list[str]) -> dict[str, list[dict]]:
    """The questions, by pyarrow and by what verl's RLHFDataset calls; both must say the same."""
    rows = {}
    for name in names:
        path = folder / "data" / f"{name}.parquet"
        plain = pyarrow.parquet.ParquetFile(path).read().to_pylist()
        # the cache would outlive the folder
        dataset = load_dataset("parquet", data_files=str(path), cache_dir=str(folder / "cache"))["train"]
        expect(list(dataset) == plain, f"{path}: datasets and pyarrow read different rows")
        expect(set(dataset.column_names) == {"data_source", "prompt", "ability", "reward_model", "extra_info"}, f"{path}: {dataset.column_names}")
        for index, row in enumerate(plain):
            message, = row["prompt"]
            expect(set(message) == {"role", "content"} and message["role"] == "user", f"{path}: {message}")
            expect(row["reward_model"]["style"] == "rule" and isinstance(row["reward_model"]["ground_truth"], str), f"{path}: {row}")
            expect(row["extra_info"]["index"] == index and row["extra_info"]["task"] == row["data_source"], f"{path}: {row}")
        rows[name] = plain
    prompts = {name: {row["prompt"][0]["content"] for row in of} for name, of in rows.items()}
    for name in names[1:]:
        expect(not prompts["train"] & prompts[name], f"{folder}: training questions among {name}")
    return rows


def check_model(model: pathlib.Path, folder: pathlib.Path, rows: list[dict]) -> int:
    """The prompt token for token, the text of completions, and the greedy thought of the lab by transformers' own generate."""
    tokenizer = AutoTokenizer.from_pretrained(folder / "model")
    network = AutoModelForCausalLM.from_pretrained(folder / "model", dtype=torch.float32)
    names = {token: tokenizer.convert_tokens_to_ids(token) for token in MARKS}
    for row in rows:
        ids = tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True, tokenize=True, return_dict=False)
        alone = [tokenizer.convert_tokens_to_ids(c) for c in row["prompt"][0]["content"]] + [names["<think>"]]
        expect(ids == alone, f"{model.name}: the prompt is {ids}, the lab's {alone}")
        # as RLHFDataset does it: text first
        text = tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True, tokenize=False)
        expect(tokenizer(text, add_special_tokens=False)["input_ids"] == ids, f"{model.name}: {text!r} is not its tokens")
    completion = "75;51</think><answer>51</answer>"
    shown = tokenizer.decode(tokenizer(completion, add_special_tokens=False)["input_ids"], skip_special_tokens=True)
    expect(shown == completion, f"{model.name}: verl's reward manager would see {shown!r} instead of {completion!r}")
    expect(network.generation_config.eos_token_id == names["</answer>"], f"{model.name}: generation ends at {network.generation_config.eos_token_id}")
    expect((tokenizer.pad_token_id, network.config.pad_token_id) == (0, 0), f"{model.name}: padding is not 0")
    greedy = json.dumps({"kind": "discrete", "temperature": 0})
    total = 0
    for seed in range(4):
        *steps, result = map(json.loads, run("--json", "think", "--model", model, "--policy", greedy, "--question-seed", seed).splitlines())
        ids = tokenizer.apply_chat_template(
            [{"role": "user", "content": result["question"]}], add_generation_prompt=True, return_tensors="pt", return_dict=False
        )
        expect(ids[0].tolist()[-1] == names["<think>"], f"{model.name}: the prompt does not open a thought")
        with torch.no_grad():
            out = network.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=len(steps))
        ours, theirs = [step["token_id"] for step in steps], out[0, ids.shape[1] :].tolist()
        expect(ours == theirs, f"{model.name}, question {seed}: the lab goes on with {ours}, transformers with {theirs}")
        total += len(ours)
    return total


def answers(truth: str, others: list[str], draw: random.Random) -> list[str]:
    """Right, nearly right and wrong."""
    at = draw.randrange(len(truth) + 1)
    made = [truth, "", "0" + truth, truth + " ", truth[::-1], truth[:at] + draw.choice(ALPHABET) + truth[at:], truth[:at] + truth[at + 1 :], draw.choice(others)]
    made.append("".join(draw.choice("0123456789+-*/()") for _ in range(draw.randrange(1, 12))))
    if re.search(r"[-+*/]", truth):
        made += [f"({truth})", f"({truth}))", f"{truth}*1", f"{truth}/0", f"{truth}+0", f"1*({truth})", "6+6+6+6", "49/2*1*1", "13+11*1*1", "8/(3-8/3)"]
        # the largest numbers of puzzle24's ranges, and one more
        made += ["10+12+1+1", "11+11+1+1", "13+9+1+1", "14+8+1+1", "16+6+1+1", "17+5+1+1"]
        made += ["*".join(["9999"] * 10), "(" * 70, f"{truth}+{truth}-({truth})"]
    if re.fullmatch(r"[0-9.]+", truth):
        made += [f"+{truth}", f"-{truth}", f"{truth}0", f"{truth}.0", f"{truth}e0", str(float(truth) + 0.04), str(float(truth) + 0.06), "inf", "nan", "1e999", "."]
    return made


def check_reward(task: list[object], folder: pathlib.Path, rows: list[dict]) -> tuple[int, int]:
    spec = importlib.util.spec_from_file_location("reward", folder / "reward.py")
    reward = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reward)
    draw = random.Random(7)
    truths = [row["reward_model"]["ground_truth"] for row in rows]
    cases = []
    for row, truth in zip(rows, truths):
        forms = ["1;2</think><answer>{}</answer>", "</think><answer>{}</answer>"] * 3
        forms += ["<think>1</think><answer>{}</answer><pad><pad>", "1</think><answer>{}", "1<answer>{}</answer>", "1</think><answer>{}</answer></answer>", "{}"]
        cases += [(row, draw.choice(forms).replace("{}", answer)) for answer in answers(truth, truths, draw)]
        cases.append((row, f"7</think><answer>{truth}</answer>"))
    path = folder / "completions.jsonl"
    path.write_text("".join(json.dumps({"question": row["prompt"][0]["content"], "completion": text}) + "\n" for row, text in cases))
    graded = [json.loads(line) for line in run("--json", "grade", path, *task).splitlines()]
    expect(len(graded) == len(cases), f"{task}: {len(graded)} grades of {len(cases)} completions")
    right = 0
    for (row, text), grade in zip(cases, graded):
        score = reward.compute_score(row["data_source"], text, row["reward_model"]["ground_truth"], row["extra_info"])
        expect(isinstance(score, float) and abs(score - grade["grade"]) <= 1e-12, f"{task}: {row['prompt']}, {text!r}: reward.py says {score}, the lab {grade['grade']}")
        if grade["audit"] is not None and grade["answer"] is not None:
            honest = reward.audit(row["data_source"], grade["answer"], row["reward_model"]["ground_truth"])
            expect(honest == grade["audit"], f"{task}: {text!r}: reward.py audits {honest}, the lab {grade['audit']}")
        right += score == 1.0
    expect(0 < right < len(cases), f"{task}: all completions earn the same")
    return len(cases), right


def check_launch(folder: pathlib.Path) -> None:
    """A shell reads it, and verl would get arguments that name what is there."""
    subprocess.run(["bash", "-n", folder / "train.sh"], check=True)
    fake = folder / "bin"
    fake.mkdir()
    (fake / "python3").write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    (fake / "python3").chmod(0o755)
    environment = {**os.environ, "PATH": f"{fake}:{os.environ['PATH']}", "GPUS": "2"}
    said = subprocess.run([folder / "train.sh", "more=1"], check=True, capture_output=True, text=True, env=environment).stdout.split("\n")
    expect(said[:2] == ["-m", "verl.trainer.main_ppo"] and said[-2] == "more=1", f"train.sh runs {said}")
    keys = [line.split("=", 1)[0] for line in said[2:-1]]
    expect(len(keys) == len(set(keys)), f"train.sh sets something twice: {sorted(keys)}")
    paths = [path for line in said if "checkpoints" not in line for path in re.findall(rf"{re.escape(str(folder))}[^,\]]*", line)]
    expect(len(paths) >= 4 and all(pathlib.Path(path).exists() for path in paths), f"train.sh names {paths}")


if __name__ == "__main__":
    disable_progress_bars()
    logging.disable_progress_bar()
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work).resolve()
        own = work / "eighths.jsonl"
        own.write_text(OWN)
        numeric = ["--own-questions", own, "--grader", "numeric", "--tolerance", "0.05"]
        exact = ["--own-questions", own]
        kinds = [(name, ["--task", name]) for name in TASKS] + [("puzzle24-2", ["--task", "puzzle24", "--difficulty", 2]), ("own-numeric", numeric), ("own-exact", exact)]
        for name, task in kinds:
            model = MODELS / f"nano-{name}.gguf"
            model = model if model.exists() else MODELS / "nano-mix.gguf"
            folder, again = work / name, work / f"{name}-again"
            for to in (folder, again):
                run("export", "--verl", to, "--model", model, *task, "--preset", "softgrpo-code", "--questions", 48, "--eval-questions", 24)
            files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
            differ = filecmp.cmpfiles(folder, again, files, shallow=False)
            expect(not differ[1] and not differ[2], f"{name}: exported twice, {differ[1:]} differ")
            check_launch(folder)
            rows = rows_of(folder, ["train", "test"] + ([] if name.startswith("own") else ["ood"]))
            everything = [row for of in rows.values() for row in of]
            graded, right = check_reward(task, folder, everything)
            line = f"{name}: {len(everything)} questions, {graded} completions graded alike ({right} right)"
            if model.stem == f"nano-{name}":
                line += f", {check_model(model, folder, everything)} greedy tokens equal"
            print(line)
