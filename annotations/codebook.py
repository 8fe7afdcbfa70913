"""The codebook: actions and indicators as versioned data, read from YAML and checked."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

CODEBOOKS = Path(__file__).parent / "codebooks"
DEFAULT = "siem-reap-angkor-2025-2029"

Source = Literal["text", "table", "metadata", "register"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3)]
IndicatorId = Annotated[str, StringConstraints(pattern=r"^\d+\.\d+$")]


class CodebookError(ValueError):
    """The codebook file is wrong; the message names the place and what to do."""


class _Record(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Chapter(_Record):
    """A chapter of the action plan, with the actions it holds."""

    id: Annotated[str, StringConstraints(pattern=r"^[IVX]+$|^[a-z0-9-]+$")]
    name: Text
    first_action: int
    last_action: int


class Group(_Record):
    """A set of States that an indicator counts over; its members are dated rows of the register."""

    id: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]*$")]
    name: Text
    definition: Text
    # Groups whose members are members of this one too; ALL needs none: it is every State Party.
    union_of: tuple[str, ...] = ()


class Rule(_Record):
    """A rule that holds for every indicator (N1 to N14 in the shipped codebook)."""

    id: str
    name: Text
    rule: Text


class Action(_Record):
    """An action of the plan."""

    id: int
    name: Text


class Facet(_Record):
    """One of several qualities that a bundled indicator asks for at once."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]*$")]
    name: Text


class Indicator(_Record):
    """One indicator: what is asked, of whom, and what counts."""

    id: IndicatorId
    name: Text  # short, for lists
    question: Text
    statistic: Literal["percentage", "number"]
    unit: Text  # what is counted: State, organisation, delegate, vote, ...
    group: str
    base: IndicatorId | None = None  # nested denominator: the indicator whose count is the base
    sources: Annotated[tuple[Source, ...], Field(min_length=1)]
    register_name: str | None = Field(
        default=None, alias="register"
    )  # outside register, where one decides or adds
    section_hints: tuple[str, ...] = ()  # where it mostly stands: form letters, guide sections
    facets: tuple[Facet, ...] = ()
    cues: Annotated[tuple[Text, ...], Field(min_length=1)]
    exclusions: tuple[Text, ...] = ()
    look_alikes: tuple[IndicatorId, ...] = ()
    note: str | None = None

    @property
    def action(self) -> int:
        return int(self.id.split(".")[0])

    @property
    def codable(self) -> bool:
        """True when a report's text, tables or metadata can answer it."""
        return any(source != "register" for source in self.sources)

    @property
    def by_text(self) -> bool:
        """True when a model reads passages for it."""
        return "text" in self.sources or "table" in self.sources


class Codebook(_Record):
    """Chapters, groups, rules, actions and indicators of one action plan."""

    id: str
    title: Text
    version: str
    source: Text
    baseline_due: date
    chapters: tuple[Chapter, ...]
    groups: tuple[Group, ...]
    rules: tuple[Rule, ...]
    actions: tuple[Action, ...]
    indicators: tuple[Indicator, ...]
    hash: str = ""

    @model_validator(mode="after")
    def _check(self) -> Codebook:
        for fault in _faults(self):
            raise ValueError(fault)
        return self

    def indicator(self, indicator_id: str) -> Indicator:
        """Return the indicator; KeyError with the nearest help when there is none."""
        for indicator in self.indicators:
            if indicator.id == indicator_id:
                return indicator
        raise KeyError(f"no indicator {indicator_id} in {self.id}; the first is {self.indicators[0].id}")

    def chapter_of(self, action: int) -> Chapter:
        return next(c for c in self.chapters if c.first_action <= action <= c.last_action)

    @property
    def codable(self) -> tuple[Indicator, ...]:
        return tuple(i for i in self.indicators if i.codable)

    @property
    def by_text(self) -> tuple[Indicator, ...]:
        return tuple(i for i in self.indicators if i.by_text)


def _faults(book: Codebook) -> list[str]:
    """Return what is wrong across entries, each naming the entry."""
    ids = [i.id for i in book.indicators]
    actions = [a.id for a in book.actions]
    groups = {g.id for g in book.groups}
    faults = [f"indicator {i} stands twice" for i in sorted({i for i in ids if ids.count(i) > 1})]
    faults += [f"action {a} stands twice" for a in sorted({a for a in actions if actions.count(a) > 1})]
    faults += [
        f"action {a} belongs to {n} chapters, not one"
        for a in actions
        if (n := sum(c.first_action <= a <= c.last_action for c in book.chapters)) != 1
    ]
    for group in book.groups:
        faults += [f"group {group.id}: no group {m} to unite" for m in group.union_of if m not in groups]
    for indicator in book.indicators:
        faults += _indicator_faults(indicator, set(ids), set(actions), groups)
    return faults


def _indicator_faults(indicator: Indicator, ids: set[str], actions: set[int], groups: set[str]) -> list[str]:
    name = f"indicator {indicator.id}"
    faults = [f"{name}: look-alike {x} is not an indicator" for x in indicator.look_alikes if x not in ids]
    if indicator.id in indicator.look_alikes:
        faults.append(f"{name}: names itself as look-alike")
    if indicator.action not in actions:
        faults.append(f"{name}: no action {indicator.action}")
    if indicator.group not in groups:
        faults.append(f"{name}: no group {indicator.group}")
    if indicator.base and indicator.base not in ids:
        faults.append(f"{name}: base {indicator.base} is not an indicator")
    if ("register" in indicator.sources) != (indicator.register_name is not None):
        faults.append(f"{name}: the source 'register' and the key 'register' go together")
    return faults


def read_codebook(path: Path) -> Codebook:
    """Read and check one codebook file; CodebookError names file, place and fault."""
    raw = path.read_bytes()
    try:
        data = yaml.load(raw, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise CodebookError(f"{path.name}: not readable as YAML: {error}") from error
    if not isinstance(data, dict):
        raise CodebookError(f"{path.name}: not a codebook: it must hold keys such as id, actions, indicators")
    try:
        return Codebook(**{**data, "hash": hashlib.sha256(raw).hexdigest()[:16]})
    except ValidationError as error:
        first = error.errors()[0]
        raise CodebookError(f"{path.name}: {_place(first['loc'], data)}: {first['msg']}") from error


def _place(location: tuple[int | str, ...], data: dict[str, Any]) -> str:
    """Return where in the file a fault is, an entry of a list by its id where it has one."""
    if len(location) < 2:
        return str(location[0]) if location else "whole file"
    entries, index, *rest = location
    entry = data[str(entries)][index] if isinstance(index, int) else {}
    name = entry.get("id", index) if isinstance(entry, dict) else index
    return ", ".join([f"{entries} {name}", *(str(part) for part in rest)])


@lru_cache
def load_codebook(name: str = DEFAULT) -> Codebook:
    """Return a shipped codebook by its id, or one from a path ending in .yaml."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else CODEBOOKS / f"{name}.yaml"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in CODEBOOKS.glob("*.yaml")))
        raise CodebookError(f"no codebook {name}; shipped are: {known}. Or give the path of a .yaml file")
    return read_codebook(path)
