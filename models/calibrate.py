"""Raw scores to probabilities that hold: of the suggestions with 0.8, four in five are right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

Scores = NDArray[np.float32]
Truth = NDArray[np.bool_]


class Calibration(BaseModel):
    """Platt scaling, one for all indicators: the rare ones have too few examples for one of their own."""

    model_config = ConfigDict(frozen=True)
    slope: float
    shift: float

    def probabilities(self, raw: Scores) -> Scores:
        return np.asarray(1 / (1 + np.exp(-(self.slope * raw + self.shift))), np.float32)


def fit(raw: Scores, truth: Truth) -> Calibration:
    """Return the calibration that fits held-out raw scores best. Needs scikit-learn."""
    from sklearn.linear_model import LogisticRegression

    line = LogisticRegression(C=1e6).fit(raw.reshape(-1, 1), truth.reshape(-1))
    return Calibration(slope=float(line.coef_[0, 0]), shift=float(line.intercept_[0]))


def calibration_error(probabilities: Scores, truth: Truth, bins: int = 15, floor: float = 0.05) -> float:
    """Return the expected calibration error over the scores of at least `floor`; NaN when there is none.

    The many scores near 0 are left out: they are right nearly always and would hide all else.
    """
    p, y = probabilities.reshape(-1), truth.reshape(-1)
    p, y = p[p >= floor], y[p >= floor]
    if not len(p):
        return float("nan")
    bin_of = np.minimum((p * bins).astype(int), bins - 1)
    gaps = [
        abs(p[bin_of == b].mean() - y[bin_of == b].mean()) * (bin_of == b).sum() for b in set(bin_of.tolist())
    ]
    return float(sum(gaps) / len(p))


def best_threshold(probabilities: Scores, truth: Truth) -> float:
    """Return the probability from which counting suggestions gives the best micro-F1, in steps of 0.01."""
    steps = [percent / 100 for percent in range(5, 95)]
    return max(steps, key=lambda step: micro_f1(probabilities >= step, truth) or 0.0)


def micro_f1(said: Truth, truth: Truth) -> float | None:
    """Return F1 over all cells; None when nothing was said and nothing is true."""
    both = int((said & truth).sum())
    total = int(said.sum() + truth.sum())
    return 2 * both / total if total else None
