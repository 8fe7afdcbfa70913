"""The id of a model: a name and 8 hex digits over all that decides what it says."""

from __future__ import annotations

import hashlib
from pathlib import Path

PARTS = ("encoder.onnx", "tokenizer.json", "heads.safetensors")


def computed_id(folder: Path, name: str) -> str:
    """Return the id that the files in the folder give."""
    digest = hashlib.sha256()
    for part in PARTS:
        digest.update(hashlib.sha256((folder / part).read_bytes()).digest())
    return f"{name}-{digest.hexdigest()[:8]}"
