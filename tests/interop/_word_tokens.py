"""Write tests/golden/smollm2_tokens.json: texts, their ids by Hugging Face transformers, and a chat prompt by its template.

    python _word_tokens.py SmolLM2-135M-Instruct.Q4_1.gguf > ../golden/smollm2_tokens.json

Needs `transformers` 5, `gguf` and `jinja2` from PyPI (no torch). transformers makes its fast tokenizer from the file's lists. What it
leaves out is put as the published tokenizer.json files have it: SmolLM's digits one by one, Qwen2's NFC, Llama 3's whole words first.
The other splittings are tried on SmolLM2's words too, so that one file proves the four.
"""

import json
import sys

from gguf import GGUFReader
from jinja2.sandbox import ImmutableSandboxedEnvironment
from tokenizers import normalizers, pre_tokenizers
from transformers.integrations.gguf.gguf_tokenizer_mapping import convert_gguf_tokenizer

TEXTS = [
    "Once upon a time, in a small village",
    "  two spaces, a\ttab,\n\n a new line and trailing ones  \n",
    "12345 + 67 = 12412; 3.14159, 1,000,000 and 2nd",
    "don't can't I'M we'LL they've it's",
    "naïve café — “quotes”, ellipsis… and emoji 🙂👩‍👩‍👧",
    "def f(x):\n    return x**2  # comment\n",
    "中文字符和日本語、한국어 русский العربية",
    "<think>a thought</think> and <|im_start|>user\nhello<|im_end|>\n",
    "e\u0301 and é, ﬁ, ½, Ⅷ, \u00a0nbsp\u200bzero\u3000wide",
    "UPPER lower MiXeD_snake-kebab.dotted/path?query=1&b=2#frag",
    " ",
    "\r\n\r\n",
    "a" * 100,
    "x<|endoftext|>y",
]

SPLITTINGS = ["smollm", "gpt-2", "llama-bpe", "qwen2"]
GPT_2 = pre_tokenizers.ByteLevel(add_prefix_space=False)
QUESTION = "How many legs have 3 cats?"


def field(reader, key):
    found = reader.get_field(f"tokenizer.{key}")
    return found.contents() if found else None


reader = GGUFReader(sys.argv[1])
lists = {name: field(reader, f"ggml.{name}") for name in ("tokens", "token_type", "merges")}
cases = []
for splitting in SPLITTINGS:
    described = dict(lists, tokenizer_type="gpt2", pre_tokenizer_type=splitting)
    tokenizer, _ = convert_gguf_tokenizer("llama", described)
    if splitting == "smollm":
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), GPT_2])
    if splitting == "qwen2":
        tokenizer.normalizer = normalizers.NFC()
    if splitting == "llama-bpe":
        tokenizer.model.ignore_merges = True
    for text in TEXTS:
        cases.append({"splitting": splitting, "text": text, "ids": tokenizer.encode(text, add_special_tokens=False).ids})
environment = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
template = environment.from_string(field(reader, "chat_template"))
prompt = template.render(messages=[{"role": "user", "content": QUESTION}], add_generation_prompt=True)
what = "texts and their ids by Hugging Face, and a chat prompt (interop/_word_tokens.py)"
print(json.dumps({"what": what, "cases": cases, "question": QUESTION, "prompt": prompt}))
