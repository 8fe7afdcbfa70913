"""What a machine says: suggestions for passages, codings for the whole report, with their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PassageVerdict = Literal["yes", "partial", "planned", "no"]
Verdict = Literal["yes", "partial", "planned", "no", "silent", "not_applicable"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the model says of one passage and one indicator; score is a calibrated probability."""

    indicator: str
    verdict: PassageVerdict
    score: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage (its place in the report) that carries a coding, with what it says by itself."""

    passage: int
    verdict: PassageVerdict
    score: float


@dataclass(frozen=True, slots=True)
class Coding:
    """The machine's verdict for one report and indicator.

    Every verdict but silent and not_applicable has evidence. `score` is the probability that the report says
    something of the indicator; None where a rule, the register or silence decided. `reason` is one sentence for
    a person.
    """

    indicator: str
    verdict: Verdict
    score: float | None
    reason: str
    evidence: tuple[Evidence, ...] = ()
