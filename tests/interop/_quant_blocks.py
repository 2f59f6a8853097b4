"""Write tests/golden/quant_blocks.json: blocks of random bytes of every kind, and what the `gguf` package reads from them.

    python _quant_blocks.py > ../golden/quant_blocks.json

Needs `gguf` and `numpy` from PyPI. Scales are ordinary numbers; every other byte is random, so that each bit of a block counts.
Values are f32 in hexadecimal, little-endian, so that the comparison is bit for bit.
"""

import json

import numpy as np
from gguf import GGMLQuantizationType as Kind
from gguf import quants

# Where f16 numbers lie in a block: they must be finite.
HALVES = {"Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
BYTES = {"F16": 2, "BF16": 2, "Q8_0": 34, "Q4_0": 18, "Q4_1": 20, "Q5_0": 22, "Q5_1": 24, "Q4_K": 144, "Q5_K": 176, "Q6_K": 210}
BLOCKS = 3

random = np.random.default_rng(11)
cases = []
for name, size in BYTES.items():
    blocks = random.integers(0, 256, (BLOCKS, size), dtype=np.uint8)
    if size == 2:
        values = random.normal(size=(BLOCKS, 1)).astype(np.float32)
        blocks = quants.quantize(values, Kind[name]).view(np.uint8).reshape(BLOCKS, 2)
    for at in HALVES.get(name, []):
        scales = random.uniform(-0.1, 0.1, BLOCKS).astype(np.float16)
        blocks[:, at : at + 2] = scales.view(np.uint8).reshape(BLOCKS, 2)
    data = blocks.view(np.float16) if name == "F16" else blocks
    values = quants.dequantize(data.reshape(1, -1) if size != 2 else data.reshape(1, -1), Kind[name])
    values = np.ascontiguousarray(values, dtype="<f4")
    cases.append({"kind": name, "bytes": blocks.tobytes().hex(), "values": values.tobytes().hex()})
print(json.dumps({"what": "blocks of random bytes and the values that gguf-py's dequantize reads from them", "cases": cases}))
