"""Train a model: `python -m models.train --out FOLDER`. The only user of torch, transformers and scikit-learn.

Encoder and heads learn together from the labelled passages and from the cues of the codebook. A part of the States
is held out: calibration, threshold and the card's figures come from them. Same seed, same model.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from annotations.codebook import Codebook, load_codebook
from annotations.gold import GoldPassage, Label, load_gold
from models.base_encoder import base_encoder
from models.calibrate import best_threshold, fit
from models.card import Figures, write_card
from models.classifier import RELEASED, VERDICTS, Description, Model, verdict_features
from models.export import small_encoder, write_encoder
from models.network import Network, ranking_loss
from models.reading import Excerpt, as_read
from models.released_id import computed_id

NAME = "art7-e5-small"
VERDICT_STRENGTH = 0.03  # C of the verdict head


@dataclass(frozen=True)
class Settings:
    """How the training goes."""

    epochs: int = 8
    batch: int = 32
    encoder_rate: float = 1e-4
    heads_rate: float = 2e-3
    warm_up: float = 0.1
    max_pieces: int = 192
    hidden_sections: float = (
        0.3  # share of passages that are read without their section: it is not always known
    )
    held_out: float = 0.15  # share of States
    seed: int = 7


@dataclass
class Batch:
    """Passages of like length, as the network takes them."""

    states: Tensor  # output of the frozen layers, shape (passages, pieces, dimensions)
    mask: Tensor
    truth: Tensor
    passages: list[int] = field(default_factory=list)  # of each label: its row in the batch
    indicators: list[int] = field(default_factory=list)
    verdicts: list[int] = field(default_factory=list)


def indicators_of(book: Codebook) -> tuple[str, ...]:
    """Return the indicators that a passage can speak to."""
    return tuple(i.id for i in book.by_text if "metadata" not in i.sources)


def cue_passages(book: Codebook) -> list[GoldPassage]:
    """Return the codebook's cues as passages that report their indicator."""
    return [
        GoldPassage(id=f"cue-{i.id}-{n}", lang="en", section="unknown", text=cue,
                    labels=(Label(indicator=i.id, verdict="yes"),))
        for i in book.by_text
        if "metadata" not in i.sources
        for n, cue in enumerate(i.cues)
    ]  # fmt: skip


def split(
    passages: Sequence[GoldPassage], share: float, seed: int
) -> tuple[list[GoldPassage], list[GoldPassage]]:
    """Return passages to learn from and passages held out; no State is in both."""
    states = sorted({p.state or p.id for p in passages})
    held = set(np.random.default_rng(seed).permutation(states)[: int(len(states) * share)])
    return [p for p in passages if (p.state or p.id) not in held], [
        p for p in passages if (p.state or p.id) in held
    ]


class Trainer:
    """One training run."""

    def __init__(self, base: Path, settings: Settings, texts: Sequence[str]):
        torch.manual_seed(settings.seed)
        self.settings, self.random = settings, np.random.default_rng(settings.seed)
        self.book = load_codebook()
        self.indicators = indicators_of(self.book)
        encoder, self.tokenizer_json = small_encoder(base, texts)
        from tokenizers import Tokenizer

        self.tokenizer = Tokenizer.from_str(self.tokenizer_json)
        self.tokenizer.enable_truncation(settings.max_pieces)
        self.network = Network(encoder, self._descriptions(encoder))
        self.below: dict[str, Tensor] = {}  # of each text as read: what the frozen layers make of it

    def _descriptions(self, encoder: Any) -> Tensor:
        """Return one vector an indicator: of its name, question and cues."""
        entries = [self.book.indicator(i) for i in self.indicators]
        texts = [f"query: {e.name}. {e.question} {' '.join(e.cues)}" for e in entries]
        vectors = []
        with torch.no_grad():
            for text in texts:
                ids = torch.tensor([self.tokenizer.encode(text).ids])
                vectors.append(encoder(input_ids=ids).last_hidden_state.mean(dim=1)[0])
        return functional.normalize(torch.stack(vectors), dim=-1)

    def batches(self, passages: Sequence[GoldPassage]) -> list[Batch]:
        """Return shuffled batches; passages of like length stand together, so little is padding."""
        hidden = self.random.random(len(passages)) < self.settings.hidden_sections
        texts = [
            as_read(p.text, "unknown" if h else p.section) for p, h in zip(passages, hidden, strict=True)
        ]
        states = [self._below(text) for text in texts]
        noisy = [len(s) * self.random.uniform(0.8, 1.25) for s in states]
        order = sorted(range(len(states)), key=lambda i: noisy[i])
        size = self.settings.batch
        cut = [order[start : start + size] for start in range(0, len(order), size)]
        self.random.shuffle(cut)
        return [self._batch([passages[i] for i in rows], [states[i] for i in rows]) for rows in cut]

    def _below(self, text: str) -> Tensor:
        if text not in self.below:
            self.below[text] = self.network.below(torch.tensor(self.tokenizer.encode(text).ids))
        return self.below[text]

    def _batch(self, passages: Sequence[GoldPassage], states: Sequence[Tensor]) -> Batch:
        padded = torch.nn.utils.rnn.pad_sequence(list(states), batch_first=True)
        mask = torch.zeros(padded.shape[:2])
        truth = torch.zeros(len(passages), len(self.indicators), dtype=torch.bool)
        batch = Batch(padded, mask, truth)
        for row, passage in enumerate(passages):
            batch.mask[row, : len(states[row])] = 1
            for label in passage.labels:
                column = self.indicators.index(label.indicator)
                batch.truth[row, column] = True
                batch.passages.append(row)
                batch.indicators.append(column)
                batch.verdicts.append(VERDICTS.index(label.verdict))
        return batch

    def train(self, passages: Sequence[GoldPassage]) -> None:
        """Fit the network to the passages."""
        settings, network = self.settings, self.network
        encoder = list(network.tuned.parameters())
        heads = [p for n, p in network.named_parameters() if not n.startswith(("encoder.", "tuned."))]
        groups = [
            {"params": encoder, "lr": settings.encoder_rate},
            {"params": heads, "lr": settings.heads_rate},
        ]
        optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
        steps = settings.epochs * -(-len(passages) // settings.batch)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer,
            [settings.encoder_rate, settings.heads_rate],
            total_steps=steps,
            pct_start=settings.warm_up,
        )
        for epoch in range(1, settings.epochs + 1):
            network.train()
            started, losses = time.monotonic(), []
            for batch in self.batches(passages):
                loss = self._loss(batch)
                optimizer.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
                optimizer.step()
                schedule.step()
                losses.append(loss.item())
            seconds = time.monotonic() - started
            print(
                f"epoch {epoch} of {settings.epochs}: loss {np.mean(losses):.3f}, {seconds:.0f} s", flush=True
            )
        network.eval()

    def _loss(self, batch: Batch) -> Tensor:
        vectors = self.network.vectors(batch.states, batch.mask)
        loss = ranking_loss(self.network.scores(vectors), batch.truth)
        if batch.verdicts:
            verdicts = self.network.verdicts(
                vectors, torch.tensor(batch.passages), torch.tensor(batch.indicators)
            )
            loss = loss + functional.cross_entropy(verdicts, torch.tensor(batch.verdicts))
        return loss

    def write(self, folder: Path) -> None:
        """Write encoder, tokenizer and heads as they ship."""
        from safetensors.numpy import save_file

        folder.mkdir(parents=True, exist_ok=True)
        write_encoder(self.network.encoder, self.tokenizer_json, folder)
        network = self.network
        heads = {
            "weight": network.weight(),
            "bias": network.bias,
        }
        arrays = {name: tensor.detach().numpy().astype(np.float32).copy() for name, tensor in heads.items()}
        save_file(arrays, folder / "heads.safetensors")
        (folder / "heads.safetensors").chmod(0o644)


def fit_verdicts(model: Model, passages: Sequence[GoldPassage]) -> dict[str, NDArray[np.float32]]:
    """Return the verdict head fitted on the vectors of the encoder as it ships: it beats the one trained along."""
    from sklearn.linear_model import LogisticRegression

    vectors = model.vectors([Excerpt(p.text, p.section) for p in passages])
    rows, verdicts = [], []
    for vector, passage in zip(vectors, passages, strict=True):
        for label in passage.labels:
            weight = model.heads["weight"][model.about.indicators.index(label.indicator)]
            rows.append(verdict_features(vector, weight))
            verdicts.append(VERDICTS.index(label.verdict))
    head = LogisticRegression(C=VERDICT_STRENGTH, max_iter=2000).fit(np.stack(rows), verdicts)
    return {
        # safetensors writes memory as it lies: rows must follow each other
        "verdict_weight": np.ascontiguousarray(head.coef_, np.float32),
        "verdict_bias": np.ascontiguousarray(head.intercept_, np.float32),
    }


def settle(folder: Path, book: Codebook, learned: Sequence[GoldPassage], held: Sequence[GoldPassage]) -> None:
    """Fit the verdict head; choose calibration and threshold on the passages held out; write the card.

    All as the shipped files score them. The heads change here, so the model gets its id here.
    """
    from safetensors.numpy import save_file

    indicators = indicators_of(book)
    truth: NDArray[np.bool_] = np.array(
        [[i in {label.indicator for label in p.labels} for i in indicators] for p in held], bool
    )
    draft = Description(
        id=computed_id(folder, NAME), name=NAME, made=datetime.now(UTC).date().isoformat(), codebook=book.id,
        codebook_hash=book.hash, indicators=indicators, threshold=0.5, calibration={"slope": 1, "shift": 0},
    )  # fmt: skip
    _write_about(folder, draft)
    drafted = Model(folder)
    heads = {"weight": drafted.heads["weight"], "bias": drafted.heads["bias"]} | fit_verdicts(
        drafted, learned
    )
    save_file(heads, folder / "heads.safetensors")
    (folder / "heads.safetensors").chmod(0o644)
    model = Model(folder)
    vectors = model.vectors([Excerpt(p.text, p.section) for p in held])
    raw = model.raw_scores(vectors)
    calibration = fit(raw, truth)
    probabilities = calibration.probabilities(raw)
    threshold = round(best_threshold(probabilities, truth), 2)
    about = draft.model_copy(
        update={"id": computed_id(folder, NAME), "calibration": calibration, "threshold": threshold}
    )
    _write_about(folder, about)
    said = [
        [model.verdict(v, indicators.index(la.indicator)) for la in p.labels]
        for v, p in zip(vectors, held, strict=True)
    ]
    write_card(folder, about, Figures.of(probabilities, truth, said, about, held), learned, held)


def _write_about(folder: Path, about: Description) -> None:
    (folder / "model.json").write_text(json.dumps(about.model_dump(), indent=1) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=RELEASED, help="folder to write the model into")
    parser.add_argument("--base", type=Path, default=Path("base-encoder"), help="folder of the base encoder")
    parser.add_argument("--epochs", type=int, default=Settings.epochs)
    options = parser.parse_args()
    settings, passages = Settings(epochs=options.epochs), load_gold()
    learned, held = split(passages, settings.held_out, settings.seed)
    trainer = Trainer(base_encoder(options.base), settings, [p.text for p in passages])
    trainer.train([*learned, *cue_passages(trainer.book)])
    trainer.write(options.out)
    settle(options.out, trainer.book, learned, held)
    print(f"wrote {options.out}")


if __name__ == "__main__":
    main()
