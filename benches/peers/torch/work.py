"""The work of pages/work.mjs for PyTorch: sizes, the same first weights, the same tokens, the same AdamW; and the row that is printed.

Not here: how a step is made (step.py), the larger work for a real GPU (mini.py).
"""

import json
import math
import os
import platform
import time

import numpy as np
import torch

SIZES = {
    "small": {"V": 64, "D": 64, "H": 4, "L": 2, "B": 8, "T": 32},
    "mid": {"V": 64, "D": 128, "H": 4, "L": 4, "B": 16, "T": 64},
}
ADAMW = {"lr": 1e-3, "betas": (0.9, 0.999), "eps": 1e-5, "weight_decay": 1e-4}
NORM_EPSILON = 1e-5


def uniform(seed):
    """Mulberry32 as in work.mjs, in [0, 1)."""
    mask = 0xFFFFFFFF
    state = seed
    while True:
        state = (state + 0x6D2B79F5) & mask
        mixed = ((state ^ (state >> 15)) * (1 | state)) & mask
        mixed = ((mixed + (((mixed ^ (mixed >> 7)) * (61 | mixed)) & mask)) & mask) ^ mixed
        yield (mixed ^ (mixed >> 14)) / 2**32


def tensors(size):
    """Names and shapes in the order of work.mjs; matrices are (inputs, outputs)."""
    width, wide = size["D"], 4 * size["D"]
    layer = [
        ("norm1", (width,)), ("q", (width, width)), ("k", (width, width)), ("v", (width, width)), ("o", (width, width)),
        ("norm2", (width,)), ("gate", (width, wide)), ("up", (width, wide)), ("down", (wide, width)),
    ]  # fmt: skip
    layers = [(f"{i}.{name}", shape) for i in range(size["L"]) for name, shape in layer]
    return [("embedding", (size["V"], width)), *layers, ("norm", (width,))]


def weights(size):
    draw = uniform(1)
    parameters = {}
    for name, shape in tensors(size):
        if len(shape) == 1:
            values = np.ones(shape, np.float32)
        else:
            bound = 0.5 if name == "embedding" else 1 / math.sqrt(shape[0])
            numbers = [(next(draw) * 2 - 1) * bound for _ in range(shape[0] * shape[1])]
            values = np.array(numbers, np.float32).reshape(shape)
        parameters[name] = torch.nn.Parameter(torch.from_numpy(values))
    return parameters


def tokens(size):
    """(B, T)"""
    count = size["B"] * size["T"]
    return torch.tensor([(j * 7 + j // 3) % size["V"] for j in range(count)]).reshape(size["B"], size["T"])


def norm(x, gain):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + NORM_EPSILON) * gain


def milliseconds(work, device="cpu"):
    """What `work` returns, and how long it took until the device was done."""
    begun = time.perf_counter()
    result = work()
    if device == "cuda":
        torch.cuda.synchronize()
    return result, (time.perf_counter() - begun) * 1e3


def adapter(device):
    if device == "cuda":
        return torch.cuda.get_device_name()
    try:
        lines = open("/proc/cpuinfo").read().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


def row(**measured):
    """Prints one row in the words of `lab bench --json`."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    about = {"where": "native", "engine": "PyTorch", "version": torch.__version__, "load_average": load}
    print(json.dumps({**about, **measured}), flush=True)
