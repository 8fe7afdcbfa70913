"""A trained model as it ships: passages in, suggestions out. Needs no torch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from annotations.codings import PassageVerdict, Suggestion
from models.calibrate import Calibration
from models.encoder import Encoder, Vectors
from models.reading import Excerpt, as_read

RELEASED = Path(__file__).parent / "released"
VERDICTS: tuple[PassageVerdict, ...] = ("yes", "partial", "planned", "no")
KEPT_SCORE = 0.05  # suggestions less likely than this are not worth a row


class ModelError(RuntimeError):
    """The model's folder cannot be used; the message says what is missing."""


class Description(BaseModel):
    """`model.json`: what the model is, what it was trained for, where its operating point lies."""

    model_config = ConfigDict(frozen=True)
    id: str
    name: str
    made: str
    codebook: str
    codebook_hash: str
    indicators: tuple[str, ...]
    threshold: float  # calibrated probability from which a suggestion counts
    calibration: Calibration


class Model:
    """The model in a folder: encoder, heads, description. Files are read when first needed."""

    def __init__(self, folder: Path = RELEASED, threads: int | None = None):
        """ModelError when the folder holds no model. `threads`: see Encoder."""
        for name in ("model.json", "heads.safetensors", "encoder.onnx", "tokenizer.json"):
            if not (folder / name).exists():
                raise ModelError(
                    f"{folder}: no {name} there, so it holds no model; leave out --model or name another"
                )
        self.folder = folder
        self.about = self._described()
        self.encoder = Encoder(folder, threads)

    def _described(self) -> Description:
        try:
            return Description(**json.loads((self.folder / "model.json").read_text("utf-8")))
        except (ValueError, TypeError, ValidationError) as error:
            raise ModelError(f"{self.folder / 'model.json'}: does not describe a model: {error}") from error

    @property
    def card(self) -> str:
        """The model card as it lies beside the model; empty when there is none."""
        card = self.folder / "README.md"
        return card.read_text("utf-8") if card.exists() else ""

    @cached_property
    def heads(self) -> dict[str, NDArray[Any]]:
        from safetensors.numpy import load_file

        return load_file(self.folder / "heads.safetensors")

    def vectors(self, excerpts: Sequence[Excerpt]) -> Vectors:
        """Return one vector a passage, read with its section; shape (passages, dimensions)."""
        return self.encoder.encode([as_read(excerpt.text, excerpt.section) for excerpt in excerpts])

    def raw_scores(self, vectors: Vectors) -> Vectors:
        """Return uncalibrated scores, shape (passages, indicators)."""
        return np.asarray(vectors @ self.heads["weight"].T + self.heads["bias"], np.float32)

    def verdict(self, vector: NDArray[np.float32], indicator: int) -> PassageVerdict:
        """Return the verdict of a passage on an indicator (its place in the description's list)."""
        row = verdict_features(vector, self.heads["weight"][indicator])
        return VERDICTS[int((self.heads["verdict_weight"] @ row + self.heads["verdict_bias"]).argmax())]

    def suggest(self, excerpts: Sequence[Excerpt], floor: float = KEPT_SCORE) -> list[tuple[Suggestion, ...]]:
        """Return for each passage its suggestions of at least `floor`, likeliest first."""
        if not excerpts:
            return []
        vectors = self.vectors(excerpts)
        probabilities = self.about.calibration.probabilities(self.raw_scores(vectors))
        return [self._suggestions(*pair, floor) for pair in zip(vectors, probabilities, strict=True)]

    def _suggestions(
        self, vector: NDArray[np.float32], probabilities: NDArray[np.float32], floor: float
    ) -> tuple[Suggestion, ...]:
        likely = [int(c) for c in np.argsort(-probabilities) if probabilities[c] >= floor]
        return tuple(
            Suggestion(self.about.indicators[c], self.verdict(vector, c), round(float(probabilities[c]), 4))
            for c in likely
        )


def verdict_features(vector: NDArray[np.float32], weight: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what the verdict head reads: the passage's vector, and the same seen from the indicator's side."""
    length = len(vector) ** 0.5  # both parts with values of about 1
    return np.concatenate([vector * length / 2, vector * weight / np.linalg.norm(weight) * length * 5])
