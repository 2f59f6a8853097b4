"""Open a GGUF file with the `gguf` package and compare it with a safetensors export of the same checkpoint.

    python gguf_check.py MODEL.gguf [MODEL.safetensors] [--list]

Needs `gguf`, `numpy` and `safetensors` from PyPI, nothing of this project: it is an outsider's reading of our files.
It checks llama.cpp's metadata keys, that the tensors are exactly those llama.cpp knows for the architecture, and that
every value (with the q/k rows of `llama` put back in Hugging Face's order) equals the export within what the tensor's
type can hold. Exit code 0 if all is well, 1 with a line for each fault otherwise.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np
from gguf import GGMLQuantizationType, GGUFReader, get_tensor_name_map, quants
from gguf.constants import MODEL_ARCH, MODEL_ARCH_NAMES
from safetensors import safe_open

F16_STEP = 2.0**-11  # relative rounding of a value or a scale kept in f16
F16_TINY = 128 * 2.0**-25  # the same for scales below f16's normal range, times the largest level


def tolerance(kind, values):
    """The largest error the type may make, for each block of 32 values (last axis)."""
    largest = np.abs(values).max(axis=-1, keepdims=True)
    spread = values.max(axis=-1, keepdims=True) - values.min(axis=-1, keepdims=True)
    rounding = largest * F16_STEP + F16_TINY
    return {
        GGMLQuantizationType.F32: 0.0 * largest,
        GGMLQuantizationType.F16: rounding,
        GGMLQuantizationType.Q8_0: largest / 127 / 2 + rounding,
        GGMLQuantizationType.Q4_0: largest / 8 + rounding,  # the end of the range without a level is a whole step off
        GGMLQuantizationType.Q4_1: spread / 15 / 2 + 3 * rounding,
    }[kind]


def unpermute(rows, heads):
    """llama.cpp's row order of q and k back to Hugging Face's (the inverse of convert_hf_to_gguf.py's `permute`)."""
    return rows.reshape(heads, rows.shape[0] // heads // 2, 2, -1).swapaxes(1, 2).reshape(rows.shape)


def permute(rows, heads):
    """convert_hf_to_gguf.py's `LlamaModel.permute`."""
    return rows.reshape(heads, 2, rows.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(rows.shape)


def value(reader, key, faults):
    field = reader.get_field(key)
    if field is None:
        faults.append(f"key {key} is missing")
        return None
    return field.contents()


def check_keys(reader, faults):
    """The keys llama.cpp needs; returns (architecture, layers, query heads, key-value heads)."""
    arch = value(reader, "general.architecture", faults)
    if arch not in ("llama", "qwen2"):
        faults.append(f"general.architecture is {arch!r}")
        return None
    value(reader, "general.name", faults)
    inner = ["context_length", "embedding_length", "feed_forward_length", "rope.freq_base", "rope.dimension_count",
             "vocab_size", "attention.layer_norm_rms_epsilon", "block_count", "attention.head_count",
             "attention.head_count_kv"]
    found = {key: value(reader, f"{arch}.{key}", faults) for key in inner}
    if value(reader, "tokenizer.ggml.model", faults) != "no_vocab":
        tokens = value(reader, "tokenizer.ggml.tokens", faults) or []
        types = value(reader, "tokenizer.ggml.token_type", faults) or []
        value(reader, "tokenizer.ggml.pre", faults)
        json.loads(value(reader, "tokenizer.huggingface.json", faults) or "null")
        if not len(tokens) == len(types) == found["vocab_size"]:
            faults.append(f"{len(tokens)} tokens and {len(types)} types for a vocabulary of {found['vocab_size']}")
    return arch, found["block_count"], found["attention.head_count"], found["attention.head_count_kv"]


def check_values(reader, export, keys, faults):
    """Compare every tensor; returns (largest error / tolerance, tensors compared, matrices equal byte for byte)."""
    arch, layers, heads, kv_heads = keys
    architecture = next(a for a in MODEL_ARCH if MODEL_ARCH_NAMES[a] == arch)
    names = get_tensor_name_map(architecture, layers)
    expected = {names.get_name(name, try_suffixes=(".weight", ".bias")): name for name in export.keys()}
    ours = {tensor.name: tensor for tensor in reader.tensors}
    if None in expected or set(expected) != set(ours):
        faults.append(f"tensor names differ: {sorted(set(map(str, expected)) ^ set(ours))}")
        return 0.0, 0, 0
    worst, same = 0.0, 0
    for name, tensor in ours.items():
        wanted = export.get_tensor(expected[name])
        rows = quants.dequantize(tensor.data, tensor.tensor_type).reshape(tuple(reversed(tensor.shape.tolist())))
        if rows.shape != wanted.shape:
            faults.append(f"{name}: shape {rows.shape}, expected {wanted.shape}")
            continue
        permuted = {"attn_q.weight": heads, "attn_k.weight": kv_heads}.get(re.sub(r"^blk\.\d+\.", "", name))
        permuted = permuted if arch == "llama" else None
        rows = unpermute(rows, permuted) if permuted else rows
        if not np.isfinite(rows).all():
            faults.append(f"{name}: not finite")
            continue
        blocked = wanted.astype(np.float64).reshape(-1, 32) if wanted.shape[-1] % 32 == 0 else wanted[..., None]
        allowed = tolerance(tensor.tensor_type, blocked)
        error = np.abs(rows.astype(np.float64).reshape(blocked.shape) - blocked)
        if not (error <= allowed).all():
            at = int((error - allowed).argmax())
            faults.append(f"{name} ({tensor.tensor_type.name}): error {error.flat[at]:.3g} at element {at}")
        worst = max(worst, float((error / np.maximum(allowed, 1e-30)).max()))
        source = permute(wanted, permuted) if permuted else wanted
        same += quants.quantize(source, tensor.tensor_type).tobytes() == tensor.data.tobytes()
    return worst, len(ours), same


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("gguf", nargs="?", help="default: every shipped model, against what `lab export` makes of it")
    parser.add_argument("safetensors", nargs="?", help="F32 export of the same checkpoint to compare with")
    parser.add_argument("--list", action="store_true", help="print every key and tensor")
    arguments = parser.parse_args()
    if arguments.gguf:
        sys.exit(0 if check(arguments.gguf, arguments.safetensors, arguments.list) else 1)
    models = sorted((pathlib.Path(__file__).resolve().parents[2] / "www" / "models").glob("*.gguf"))
    if not models:
        sys.exit("no shipped models found under www/models")
    good = True
    with tempfile.TemporaryDirectory() as work:
        for model in models:
            export = pathlib.Path(work) / f"{model.stem}.safetensors"
            lab = os.environ.get("LAB", "lab")
            command = [lab, "export", "--model", model, "--format", "safetensors", "--out", export]
            subprocess.run(command, check=True, capture_output=True)
            good &= check(model, export, False)
    sys.exit(0 if good else 1)


def check(path, export_path, listing):
    """Prints what was found; whether all of it is right."""
    reader = GGUFReader(path)
    faults = []
    keys = check_keys(reader, faults)
    if listing:
        for key, field in reader.fields.items():
            print(f"{key} = {str(field.contents())[:100]}")
        for tensor in reader.tensors:
            print(f"{tensor.name} {tensor.tensor_type.name} {tensor.shape.tolist()}")
    line = f"{path}: {len(reader.fields)} keys, {len(reader.tensors)} tensors"
    if export_path and keys and not faults:
        with safe_open(export_path, "numpy") as export:
            worst, compared, same = check_values(reader, export, keys, faults)
        line += f", {compared} compared, largest error {worst:.2f} of what the type allows"
        line += f", {same} byte for byte as the gguf package quantises"
    print(line)
    for fault in faults:
        print(f"  FAULT {fault}")
    return not faults


if __name__ == "__main__":
    main()
