"""Text to vectors with the shipped encoder, by ONNX Runtime."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
MAX_PIECES = 256  # a passage of 120 words has about 200


class Encoder:
    """The encoder in a folder with `encoder.onnx` and `tokenizer.json`. Loads on first use; not for many threads."""

    def __init__(self, folder: Path, threads: int | None = None):
        """`threads` is how many cores one text may use; all the machine's when None."""
        self.folder = folder
        self.threads = threads or len(os.sched_getaffinity(0))

    @cached_property
    def tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.enable_truncation(MAX_PIECES)
        return tokenizer

    @cached_property
    def session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        path = str(self.folder / "encoder.onnx")
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one vector of length 1 a text, shape (texts, dimensions); equal texts are encoded once.

        One text a run: 8-bit figures depend on what stands in the same batch, and a passage must not mean
        something else in other company. On one core it takes no longer.
        """
        distinct = list(dict.fromkeys(texts))
        pieces = [encoding.ids for encoding in self.tokenizer.encode_batch(distinct)]
        vectors = {text: self._run(ids) for text, ids in zip(distinct, pieces, strict=True)}
        return np.stack([vectors[text] for text in texts]) if texts else np.zeros((0, 0), np.float32)

    def _run(self, pieces: Sequence[int]) -> Vectors:
        ids = np.array([pieces], np.int64)
        (vectors,) = self.session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        return np.asarray(vectors[0], np.float32)
