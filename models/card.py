"""The model card: what the model is, what it learned from, how well it does, where it fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from annotations.gold import GoldPassage
from models.calibrate import calibration_error, micro_f1
from models.classifier import Description


@dataclass(frozen=True)
class Figures:
    """How well a model does on passages of States it never saw. None: not defined."""

    micro_f1: float | None
    macro_f1: float
    verdicts_right: float
    calibration_error: float
    per_language: dict[str, float | None]
    per_indicator: dict[str, float | None]

    @classmethod
    def of(
        cls,
        probabilities: NDArray[np.float32],
        truth: NDArray[np.bool_],
        verdicts: Sequence[Sequence[str]],
        about: Description,
        passages: Sequence[GoldPassage],
    ) -> Figures:
        """Compute them from calibrated scores and the verdicts said of each passage's true labels."""
        said = probabilities >= about.threshold
        languages = np.array([p.lang for p in passages])
        right = [
            v == label.verdict
            for row, p in zip(verdicts, passages, strict=True)
            for v, label in zip(row, p.labels, strict=True)
        ]
        per_indicator = {i: micro_f1(said[:, c], truth[:, c]) for c, i in enumerate(about.indicators)}
        return cls(
            micro_f1(said, truth),
            float(np.mean([value for value in per_indicator.values() if value is not None])),
            float(np.mean(right)),
            calibration_error(probabilities, truth),
            {la: micro_f1(said[languages == la], truth[languages == la]) for la in sorted(set(languages))},
            per_indicator,
        )


def write_card(
    folder: Path,
    about: Description,
    figures: Figures,
    learned: Sequence[GoldPassage],
    held: Sequence[GoldPassage],
) -> None:
    """Write `README.md` in the form that model hubs read."""
    (folder / "README.md").write_text(_HEAD + _body(about, figures, learned, held), "utf-8")


def shown(value: float | None) -> str:
    """Return a score for a table; empty when it is not defined."""
    return "" if value is None or value != value else f"{value:.2f}"


_HEAD = """---
license: mit
language: [ar, en, es, fr, pt, ru, zh]
base_model: intfloat/multilingual-e5-small
tags: [text-classification, multi-label, mine-action]
---
"""


def _body(
    about: Description, figures: Figures, learned: Sequence[GoldPassage], held: Sequence[GoldPassage]
) -> str:
    languages, held_languages = Counter(p.lang for p in learned), Counter(p.lang for p in held)
    language_rows = "\n".join(
        f"| {la} | {languages[la]} | {held_languages[la]} | {shown(f1)} |"
        for la, f1 in figures.per_language.items()
    )
    labels = Counter(label.indicator for p in learned for label in p.labels)
    held_labels = Counter(label.indicator for p in held for label in p.labels)
    indicator_rows = "\n".join(
        f"| {i} | {labels[i]} | {held_labels[i]} | {shown(f1)} |" for i, f1 in figures.per_indicator.items()
    )
    return f"""
# {about.name}

Says of one passage of an Article 7 report which of {len(about.indicators)} indicators of the codebook
`{about.codebook}` it speaks to, with a calibrated probability, and whether what it says
is in place (yes), partial, planned or denied (no). Model id `{about.id}`, made {about.made}, for the codebook with
the hash `{about.codebook_hash}`.

## What it is
multilingual-e5-small (MIT), its weights expanded from a four-bit copy, its vocabulary cut to the pieces that our
seven languages use, fine-tuned together with one vector an indicator that is tied to the indicator's question and
cues and with a head for the verdict; 8-bit weights, run by ONNX Runtime. Nothing in it needs torch to run. Of a
passage's context it reads the section; the neighbouring passages are not used yet.

## What it learned from
{len(learned)} **invented** passages in the manner of such reports, written and labelled for this project, each by
one person with no second reader, and the cues of the codebook. No passage is a State's words. They are shorter and
denser than real reports: expect worse on real ones. Some of the writers' habits are in both parts of the split.

## How well it does
On {len(held)} passages of States that it did not learn from. Calibration and threshold were chosen on these same
passages, so the figures flatter a little; there is no independent test set yet. Many indicators have one or two
passages here: read their F1 as a hint, no more. Empty: not defined.

| measure | value |
|---|---|
| micro-F1 (right indicator for a passage) | {shown(figures.micro_f1)} |
| macro-F1 | {shown(figures.macro_f1)} |
| verdict right, of the true labels | {shown(figures.verdicts_right)} |
| expected calibration error, scores from 0.05 | {figures.calibration_error:.3f} |
| operating threshold | {about.threshold} |

| language | passages learned from | held out | micro-F1 |
|---|---|---|---|
{language_rows}

## Use it for
Finding the passages a person should look at, and a first verdict that a person checks. Do not publish its verdicts
unchecked.

| indicator | labels learned from | held out | F1 |
|---|---|---|---|
{indicator_rows}
"""
