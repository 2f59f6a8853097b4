"""Adapters across the border: one that the lab trained, opened by Hugging Face PEFT, and one that PEFT made, opened by the lab.

Needs LAB, the path of the native `lab`, and torch, transformers, peft and gguf. Two small random models, a Llama and a Qwen2, are written
as llama.cpp's converter writes them (q and k of the Llama with their rows turned). Log-probabilities after tokens and after a blend must
agree. Exits with 1 and a sentence if anything differs.

    python peft_check.py MODEL.gguf ADAPTER

compares an adapter that is there already instead, such as one that learned in a browser (benches/peers/adapter.mjs).
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import torch
from gguf import GGUFWriter
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM
from transformers.convert_slow_tokenizer import bytes_to_unicode

LAB = os.environ.get("LAB", "lab")
# f32 on both sides, other orders of summation, two layers.
TOLERANCE = 1e-3
# Without a merged word, what the lab feeds after a thought that was cut short would be too many tokens.
MERGES = ["f i", "fi n", "fin a", "fina l", "b o", "bo x", "box e", "boxe d"]
SIZES = {
    "vocab_size": 256 + len(MERGES) + 1, "hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "max_position_embeddings": 1024, "tie_word_embeddings": True, "initializer_range": 0.3,
}
NAMES = {
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm",
}
# Without those words.
TEXTS = ["12 apples and 3 more", "A b", "zebras, lions; 7 of 9?"]


def run(*arguments: object) -> str:
    done = subprocess.run([LAB, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"lab {' '.join(map(str, arguments))}: {done.stdout}{done.stderr}")
    return done.stdout


def letters() -> list[str]:
    """Each byte's letter, then the merged ones and the end."""
    of = bytes_to_unicode()
    return [of[byte] for byte in range(256)] + [merge.replace(" ", "") for merge in MERGES] + ["<|endoftext|>"]


def gguf_name(name: str) -> str:
    fixed = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}
    stem, side = name.rsplit(".", 1)
    if stem in fixed:
        return f"{fixed[stem]}.{side}"
    _, _, layer, inner = stem.split(".", 3)
    return f"blk.{layer}.{NAMES[inner]}.{side}"


def write_gguf(path: pathlib.Path, model: torch.nn.Module, family: str) -> None:
    config = model.config
    writer = GGUFWriter(path, family)
    writer.add_name(f"a small random {family}")
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_freq_base(10_000.0)
    writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(letters())
    writer.add_token_types([1] * (256 + len(MERGES)) + [3])
    writer.add_token_merges(MERGES)
    writer.add_eos_token_id(256 + len(MERGES))
    writer.add_chat_template("{{ messages[0].content }}")
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight":
            continue  # tied
        values = tensor.float()
        heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}.get(name.split(".")[-2])
        if family == "llama" and heads:
            turned = values.reshape(heads, 2, values.shape[0] // heads // 2, *values.shape[1:]).swapaxes(1, 2)
            values = turned.reshape(values.shape)
        writer.add_tensor(gguf_name(name), values.contiguous().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def spelled() -> list[tuple[str, list[int]]]:
    """Texts and their tokens, a byte each."""
    words = letters()
    of = bytes_to_unicode()
    return [(text, [words.index(of[byte]) for byte in text.encode()]) for text in TEXTS]


def cases(model: torch.nn.Module, texts: list[tuple[str, list[int]]]) -> dict:
    """What a model says, in the schema of tests/golden/smollm2-135m-instruct.q4_1.json."""
    found = []
    for text, ids in texts:
        candidates, mixture = [70, 101, 3], [0.5, 0.25, 0.25]
        table = model.get_input_embeddings().weight
        blend = torch.tensor(mixture) @ table[candidates]
        with torch.no_grad():
            first = model(torch.tensor([ids])).logits[0, -1].double().log_softmax(-1)
            inputs = torch.cat([table[ids], blend[None]])[None]
            after = model(inputs_embeds=inputs).logits[0, -1].double().log_softmax(-1)
        tops = [own.topk(20) for own in (first, after)]
        greedy = [int(first.argmax())]
        found.append({
            "text": text, "ids": ids, "top_ids": tops[0].indices.tolist(), "top_log_probs": tops[0].values.tolist(),
            "greedy": greedy, "greedy_text": "", "soft_candidates": candidates, "soft_mixture": mixture,
            "after_soft_top_ids": tops[1].indices.tolist(), "after_soft_log_probs": tops[1].values.tolist(),
        })
    return {"what": "an adapter", "cases": found}


def compare(
    what: str, model: torch.nn.Module, file: pathlib.Path, adapter: pathlib.Path, work: pathlib.Path, texts: list | None = None,
    engine: str = "cpu",
) -> None:
    golden = work / f"{what.replace(' ', '-')}.json"
    golden.write_text(json.dumps(cases(model, texts or spelled())))
    # The text of a token of arbitrary bytes is not compared: the exit code may say so.
    done = subprocess.run(
        [LAB, "--json", "--engine", engine, "verify", golden, "--model", file, "--adapter", adapter], capture_output=True, text=True
    )
    reports = {one["group"]: one for one in map(json.loads, done.stdout.splitlines()) if "group" in one}
    for group in ("language/log_probs", "language/after_soft"):
        if group not in reports:
            sys.exit(f"{what}: no {group}: {done.stdout}{done.stderr}")
        if not reports[group]["max_error"] <= TOLERANCE:
            sys.exit(f"{what}, {group}: differs by {reports[group]['max_error']} nats")
    worst = max(reports[group]["max_error"] for group in ("language/log_probs", "language/after_soft"))
    print(f"{what}: log-probabilities within {worst:.1e} nats")


def largest_change(model: torch.nn.Module, other: torch.nn.Module) -> float:
    ids = torch.tensor([[1, 2, 3, 4, 5]])
    with torch.no_grad():
        return float((model(ids).logits.log_softmax(-1) - other(ids).logits.log_softmax(-1)).abs().max())


def check(family: str, work: pathlib.Path) -> None:
    torch.manual_seed(7)
    config, kind = {"llama": (LlamaConfig, LlamaForCausalLM), "qwen2": (Qwen2Config, Qwen2ForCausalLM)}[family]
    made = {}

    def base() -> torch.nn.Module:
        model = kind(config(**SIZES))
        made.setdefault("weights", {name: value.clone() for name, value in model.state_dict().items()})
        model.load_state_dict(made["weights"])
        return model.eval()

    bare, file = base(), work / f"{family}.gguf"
    if family == "qwen2":
        for name, value in made["weights"].items():
            if name.endswith("bias"):
                value.copy_(0.3 * torch.randn_like(value))
        bare.load_state_dict(made["weights"])
    write_gguf(file, bare, family)

    settings = {
        "lora_r": 4, "lora_alpha": 6, "max_steps": 3, "num_generations": 8, "generation_batch_size": 8, "steps_per_generation": 1,
        "max_completion_length": 24, "soft_punish_cache": 23, "eval_steps": 0, "learning_rate": 0.02, "collapse_watch": "false",
        "top_p": 1.0, "temperature": 2.0,
    }
    out = work / f"{family}-run"
    chosen = [part for key, value in settings.items() for part in ("--set", f"{key}={value}")]
    run("train", "--model", file, "--out", out, "--objective", "soft_grpo", *chosen)
    trained = PeftModel.from_pretrained(base(), out / "adapter").eval()
    change = largest_change(trained, bare)
    if not change > 0.01:
        sys.exit(f"{family}: the lab's training changed log-probabilities by {change} only: nothing would be compared")
    compare(f"{family} trained by the lab", trained, file, out / "adapter", work)
    again = work / f"{family}-exported"
    run("export", "--model", out, "--format", "peft", "--out", again)
    for name in ("adapter_config.json", "adapter_model.safetensors"):
        if (again / name).read_bytes() != (out / "adapter" / name).read_bytes():
            sys.exit(f"{family}: `lab export --format peft` writes another {name} than the run did")

    asked = LoraConfig(r=3, lora_alpha=7, target_modules=["q_proj", "k_proj", "down_proj", "up_proj"], task_type="CAUSAL_LM")
    own = get_peft_model(base(), asked).eval()
    for name, value in own.named_parameters():
        if "lora_B" in name:
            value.data.normal_(0.0, 0.2)
    own.save_pretrained(work / f"{family}-peft")
    compare(f"{family} made by PEFT", own, file, work / f"{family}-peft", work)


def check_learned(file: pathlib.Path, adapter: pathlib.Path, work: pathlib.Path) -> None:
    base = AutoModelForCausalLM.from_pretrained(file.parent, gguf_file=file.name, dtype=torch.float32).eval()
    words = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    texts = [(text, words(text)["input_ids"]) for text in ("Mia has 3 apples and buys 4 more.", "def double(x):", "Once upon a time")]
    with torch.no_grad():
        bare = [base(torch.tensor([ids])).logits[0, -1].log_softmax(-1) for _, ids in texts]
        model = PeftModel.from_pretrained(base, adapter).eval()
        learned = [model(torch.tensor([ids])).logits[0, -1].log_softmax(-1) for _, ids in texts]
    change = max(float((a - b).abs().max()) for a, b in zip(bare, learned))
    if not change > TOLERANCE:
        sys.exit(f"the adapter changes log-probabilities by {change} only: nothing would be compared")
    print(f"the adapter changes log-probabilities by up to {change:.2g} nats")
    # The CPU engine rounds what it multiplies with packed weights: 2.5e-3 nats here.
    compare("the adapter", model, file, adapter, work, texts, "gpu")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        given = [pathlib.Path(one) for one in sys.argv[1:]]
        if given:
            check_learned(*given, pathlib.Path(folder))
        else:
            for each in ("llama", "qwen2"):
                check(each, pathlib.Path(folder))
