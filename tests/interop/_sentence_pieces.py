"""Write sentence_pieces.json here: a small SentencePiece model as a GGUF file lists it, and texts with their ids.

    python _sentence_pieces.py > sentence_pieces.json

Needs `sentencepiece` and `transformers` 5 from PyPI (no torch). The model is trained here, as Llama 2's was (BPE, bytes for what is
unknown, digits one by one, spaces kept), on this repository's own documents. The ids are sentencepiece's own. transformers makes the
same of the pieces and their scores, which is asserted, but for texts that begin with a space: it puts none before those, while
sentencepiece and the published tokenizer.json of Llama 2 (a `Prepend`) do.
"""

import json
import pathlib
import sys
import tempfile

import sentencepiece
from transformers.integrations.gguf.gguf_tokenizer_mapping import convert_gguf_tokenizer

ROOT = pathlib.Path(__file__).parents[2]
TEXTS = [
    "Once upon a time, in a small village",
    "  two spaces, a\ttab,\n\n a new line and trailing ones  \n",
    "12345 + 67 = 12412; 3.14159 and 2nd",
    "don't can't I'M we'LL",
    "naïve café — “quotes”, ellipsis… 🙂👩‍👩‍👧",
    "def f(x):\n    return x**2  # comment\n",
    "中文字符和日本語、한국어 русский",
    "<think>a thought</think>",
    "e\u0301 and é, ﬁ, ½, \u00a0nbsp\u200bzero\u3000wide",
    " ",
    "   ",
    "a" * 50,
    "the soft thought of the model is a blend of tokens",
    "▁under▁",
]

with tempfile.TemporaryDirectory() as folder:
    corpus = pathlib.Path(folder, "corpus.txt")
    sources = [ROOT / "README.md", ROOT / "src/methods.md", ROOT / "CONTRIBUTING.md", ROOT / "RESULTS.md"]
    corpus.write_text("\n".join(source.read_text() for source in sources))
    sentencepiece.SentencePieceTrainer.train(
        input=str(corpus), model_prefix=f"{folder}/m", vocab_size=620, model_type="bpe", byte_fallback=True,
        split_digits=True, allow_whitespace_only_pieces=True, remove_extra_whitespaces=False,
        normalization_rule_name="identity", character_coverage=0.99, minloglevel=2,
    )
    model = sentencepiece.SentencePieceProcessor(model_file=f"{folder}/m.model")

pieces = range(model.get_piece_size())
tokens = [model.id_to_piece(i) for i in pieces]
scores = [model.get_score(i) for i in pieces]
kind = lambda i: 2 if model.is_unknown(i) else 3 if model.is_control(i) else 6 if model.is_byte(i) else 1
kinds = [kind(i) for i in pieces]
described = {"tokenizer_type": "llama", "tokens": tokens, "scores": scores, "token_type": kinds, "bos_token_id": 1,
             "eos_token_id": 2, "unk_token_id": 0, "unknown_token_id": 0}
found = convert_gguf_tokenizer("llama", described)
other = found[0] if isinstance(found, tuple) else found
cases = []
for text in TEXTS:
    ids = model.encode(text)
    theirs = other.encode(text, add_special_tokens=False).ids
    assert theirs == ids or text[0] in " ▁", (text, ids, theirs)
    cases.append({"text": text, "ids": ids, "decoded": model.decode(ids)})
json.dump({"tokens": tokens, "scores": scores, "token_type": kinds, "cases": cases}, sys.stdout, ensure_ascii=False)
