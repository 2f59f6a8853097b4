"""llama.cpp itself, by the library that node-llama-cpp ships: files quantised, texts cut into tokens, log-probabilities.

Fetched by npm, MIT. Not here: what is compared with what (`quantizer_check.py`).
"""

import ctypes
import pathlib
import subprocess
from ctypes import POINTER, c_bool, c_char_p, c_float, c_int8, c_int32, c_uint32, c_void_p

import numpy as np

# llama.cpp v0.5.0. The structures below are the beginnings of those of its llama.h, with room for the rest.
PACKAGE = "@node-llama-cpp/linux-x64@3.22.1"
# `enum llama_ftype` of llama.h.
FILE_TYPES = {"F16": 1, "Q4_0": 2, "Q8_0": 7, "Q5_0": 8, "Q5_1": 9, "Q4_K_M": 15, "Q5_K_M": 17, "Q6_K": 18, "BF16": 32}


class QuantiseSettings(ctypes.Structure):
    _fields_ = [("threads", c_int32), ("file_type", c_int32), ("output_type", c_int32), ("embedding_type", c_int32),
                ("allow_requantise", c_bool), ("rest", c_int8 * 239)]


class ModelSettings(ctypes.Structure):
    _fields_ = [("all", c_void_p * 32)]


class ContextSettings(ctypes.Structure):
    _fields_ = [("context", c_uint32), ("batch", c_uint32), ("rest", c_void_p * 40)]


class Batch(ctypes.Structure):
    _fields_ = [("count", c_int32), ("token", POINTER(c_int32)), ("embedding", POINTER(c_float)), ("position", POINTER(c_int32)),
                ("sequences", POINTER(c_int32)), ("sequence", POINTER(POINTER(c_int32))), ("logits", POINTER(c_int8))]


LOGGER = ctypes.CFUNCTYPE(None, c_int32, c_char_p, c_void_p)


@LOGGER
def _only_errors(level, text, _):
    if level == 4:  # GGML_LOG_LEVEL_ERROR
        print(text.decode(errors="replace"), end="")


class LlamaCpp:
    def __init__(self, work: pathlib.Path):
        subprocess.run(["npm", "install", "--ignore-scripts", "--no-save", "--no-audit", "--no-fund", "--silent", "--prefix", work, PACKAGE],
                       check=True)
        folder = work / "node_modules" / PACKAGE.rsplit("@", 1)[0] / "bins" / "linux-x64"

        def library(name: str) -> ctypes.CDLL:
            return ctypes.CDLL(str(next(folder.glob(name))), ctypes.RTLD_GLOBAL)

        library("libggml-base.so*")
        ggml, self.lib = library("libggml.*so*"), library("libllama.*so*")
        for owner, name, given, taken in [
            (ggml, "ggml_backend_load_all_from_path", None, [c_char_p]),
            (self.lib, "llama_log_set", None, [LOGGER, c_void_p]),
            (self.lib, "llama_backend_init", None, []),
            (self.lib, "llama_model_quantize_default_params", QuantiseSettings, []),
            (self.lib, "llama_model_quantize", c_uint32, [c_char_p, c_char_p, POINTER(QuantiseSettings)]),
            (self.lib, "llama_model_default_params", ModelSettings, []),
            (self.lib, "llama_model_load_from_file", c_void_p, [c_char_p, ModelSettings]),
            (self.lib, "llama_model_get_vocab", c_void_p, [c_void_p]),
            (self.lib, "llama_model_free", None, [c_void_p]),
            (self.lib, "llama_vocab_n_tokens", c_int32, [c_void_p]),
            (self.lib, "llama_tokenize", c_int32, [c_void_p, c_char_p, c_int32, POINTER(c_int32), c_int32, c_bool, c_bool]),
            (self.lib, "llama_context_default_params", ContextSettings, []),
            (self.lib, "llama_init_from_model", c_void_p, [c_void_p, ContextSettings]),
            (self.lib, "llama_set_n_threads", None, [c_void_p, c_int32, c_int32]),
            (self.lib, "llama_batch_init", Batch, [c_int32, c_int32, c_int32]),
            (self.lib, "llama_batch_free", None, [Batch]),
            (self.lib, "llama_decode", c_int32, [c_void_p, Batch]),
            (self.lib, "llama_get_logits_ith", POINTER(c_float), [c_void_p, c_int32]),
            (self.lib, "llama_free", None, [c_void_p]),
        ]:
            function = getattr(owner, name)
            function.restype, function.argtypes = given, taken
        self.lib.llama_log_set(_only_errors, None)
        ggml.ggml_backend_load_all_from_path(str(folder).encode())
        self.lib.llama_backend_init()

    def quantise(self, source: pathlib.Path, target: pathlib.Path, kind: str) -> None:
        settings = self.lib.llama_model_quantize_default_params()
        settings.threads, settings.file_type, settings.allow_requantise = 1, FILE_TYPES[kind], True
        code = self.lib.llama_model_quantize(str(source).encode(), str(target).encode(), settings)
        if code != 0:
            raise RuntimeError(f"llama.cpp does not make {kind} of {source.name}: {code}")

    def open(self, path: pathlib.Path) -> "Judge":
        return Judge(self.lib, path)


class Judge:
    """A file as llama.cpp runs it: weights in their blocks, the vectors they meet rounded to 8 bits, keys and values to F16."""

    def __init__(self, lib: ctypes.CDLL, path: pathlib.Path):
        self.lib = lib
        self.model = lib.llama_model_load_from_file(str(path).encode(), lib.llama_model_default_params())
        if not self.model:
            raise RuntimeError(f"llama.cpp does not open {path.name}")
        self.vocabulary = lib.llama_model_get_vocab(self.model)
        self.words = lib.llama_vocab_n_tokens(self.vocabulary)

    def tokens(self, text: str) -> list[int]:
        """Of a text with its marks read as marks, nothing put before it."""
        raw = text.encode()
        room = (c_int32 * (len(raw) + 8))()
        return list(room[: self.lib.llama_tokenize(self.vocabulary, raw, len(raw), room, len(room), False, True)])

    def log_probs(self, ids: list[int]) -> np.ndarray:
        """After each of the tokens, [positions, words]."""
        settings = self.lib.llama_context_default_params()
        settings.context = settings.batch = 256
        context = self.lib.llama_init_from_model(self.model, settings)
        self.lib.llama_set_n_threads(context, 1, 1)
        batch = self.lib.llama_batch_init(len(ids), 0, 1)
        for place, token in enumerate(ids):
            batch.token[place], batch.position[place] = token, place
            batch.sequences[place], batch.sequence[place][0], batch.logits[place] = 1, 0, 1
        batch.count = len(ids)
        if self.lib.llama_decode(context, batch) != 0:
            raise RuntimeError("llama.cpp could not decode")
        rows = [np.ctypeslib.as_array(self.lib.llama_get_logits_ith(context, place), (self.words,)) for place in range(len(ids))]
        logits = np.stack(rows).astype(np.float64)
        self.lib.llama_batch_free(batch)
        self.lib.llama_free(context)
        peak = logits.max(-1, keepdims=True)
        return logits - peak - np.log(np.exp(logits - peak).sum(-1, keepdims=True))

    def close(self) -> None:
        self.lib.llama_model_free(self.model)
