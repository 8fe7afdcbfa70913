"""Properties of calibration, its error, F1 and the choice of a threshold."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from models.calibrate import Calibration, best_threshold, calibration_error, fit, micro_f1

FLOATS = st.floats(-100, 100, width=32)
SHARES = st.floats(0, 1, width=32)


def scored(
    elements: st.SearchStrategy[float],
) -> st.SearchStrategy[tuple[NDArray[np.float32], NDArray[np.bool_]]]:
    shapes = st.tuples(st.integers(1, 8), st.integers(1, 8))
    return shapes.flatmap(
        lambda shape: st.tuples(arrays(np.float32, shape, elements=elements), arrays(np.bool_, shape))
    )


@given(scored(FLOATS), st.floats(0.01, 10), st.floats(-10, 10))
def test_probabilities_lie_between_0_and_1_and_keep_the_order(
    pair: tuple[NDArray[np.float32], NDArray[np.bool_]], slope: float, shift: float
) -> None:
    raw = pair[0]
    with np.errstate(over="ignore"):
        probabilities = Calibration(slope=slope, shift=shift).probabilities(raw)
    assert probabilities.shape == raw.shape
    assert probabilities.dtype == np.float32
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert (np.diff(probabilities.reshape(-1)[np.argsort(raw.reshape(-1), kind="stable")]) >= 0).all()


def test_no_shift_makes_zero_a_half() -> None:
    assert Calibration(slope=3, shift=0).probabilities(np.zeros(1, np.float32)) == pytest.approx(0.5)


@given(scored(SHARES))
def test_the_error_lies_between_0_and_1(pair: tuple[NDArray[np.float32], NDArray[np.bool_]]) -> None:
    error = calibration_error(*pair)
    assert math.isnan(error) == bool((pair[0] < 0.05).all())
    assert math.isnan(error) or 0 <= error <= 1


def test_the_error_of_known_scores() -> None:
    kept = np.full(10, 0.8, np.float32)
    truth = np.arange(10) < 8
    assert calibration_error(kept, truth) == pytest.approx(0, abs=1e-6)  # four in five are right
    assert calibration_error(kept, np.ones(10, bool)) == pytest.approx(0.2, abs=1e-6)
    assert calibration_error(kept, np.zeros(10, bool)) == pytest.approx(0.8, abs=1e-6)
    many_sure_zeros = np.concatenate([kept, np.zeros(990, np.float32)])
    longer = np.concatenate([np.ones(10, bool), np.zeros(990, bool)])
    assert calibration_error(many_sure_zeros, longer) == pytest.approx(0.2, abs=1e-6)  # they hide nothing


@given(scored(SHARES))
def test_no_other_threshold_is_better(pair: tuple[NDArray[np.float32], NDArray[np.bool_]]) -> None:
    probabilities, truth = pair
    chosen = best_threshold(probabilities, truth)
    best = micro_f1(probabilities >= chosen, truth) or 0
    for step in (percent / 100 for percent in range(5, 95)):
        assert best >= (micro_f1(probabilities >= step, truth) or 0)


def test_f1_of_known_cells() -> None:
    truth = np.array([True, True, False, False])
    assert micro_f1(truth, truth) == 1
    assert micro_f1(~truth, truth) == 0
    assert micro_f1(np.array([True, False, True, False]), truth) == pytest.approx(0.5)
    assert micro_f1(np.zeros(4, bool), np.zeros(4, bool)) is None


def test_fitting_finds_the_line_that_made_the_truth() -> None:
    pytest.importorskip("sklearn", reason="fitting needs scikit-learn, which comes with the extra 'train'")
    chance = np.random.default_rng(7)
    raw = chance.normal(0, 3, 20_000).astype(np.float32)
    made = Calibration(slope=1.5, shift=-1.0)
    truth = chance.random(20_000) < made.probabilities(raw)
    found = fit(raw, truth)
    assert found.slope == pytest.approx(made.slope, abs=0.15)
    assert found.shift == pytest.approx(made.shift, abs=0.15)
    assert calibration_error(found.probabilities(raw), truth) < 0.02
