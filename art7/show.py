"""What `art7 states` and `art7 codebook show` print."""

from __future__ import annotations

from datetime import UTC, datetime

from rich.console import Console

from annotations.codebook import Codebook, load_codebook
from art7.coder import register
from art7.screen import print_rows
from extract.states import load_names, state_name, state_of


def show_states() -> None:
    """Print every State with the time it has been a Party."""
    parties = {party.iso3: party for party in register().parties}
    rows = []
    for iso3 in sorted(register().states, key=state_name):
        party = parties.get(iso3)
        rows.append(
            (iso3, state_name(iso3), *((party.party_from, party.party_to) if party else ("not party", "")))
        )
    print_rows(Console(), "States", ("code", "name", "Party from", "to"), rows)


def show_state(name: str) -> bool:
    """Print one State's groups today and its names; False when there is no such State."""
    iso3 = name.upper() if name.upper() in register().states else state_of(name)
    if iso3 is None:
        return False
    console, today = Console(), datetime.now(UTC).date()
    groups = sorted(register().groups_of(iso3, today, load_codebook()))
    console.print(
        f"{state_name(iso3)} ({iso3}): groups on {today}: {', '.join(groups) or 'none'}", highlight=False
    )
    names = [n for n in load_names() if n.iso3 == iso3]
    print_rows(console, "Names", ("language", "name", "kind"), [(n.language, n.name, n.kind) for n in names])
    return True


def show_indicators(book: Codebook) -> None:
    """Print the list of indicators."""
    rows = [(i.id, i.name, i.statistic, i.group, ", ".join(i.sources)) for i in book.indicators]
    print_rows(Console(), book.title, ("indicator", "name", "statistic", "group", "from"), rows)


def show_indicator(book: Codebook, indicator_id: str) -> None:
    """Print all that the codebook says of one indicator; KeyError when there is none."""
    i = book.indicator(indicator_id)
    group = next(g for g in book.groups if g.id == i.group)
    lines = [
        f"[bold]{i.id} {i.name}[/]",
        i.question,
        f"Action {i.action}, chapter {book.chapter_of(i.action).id}. {i.statistic.capitalize()}, counted: {i.unit}.",
        f"Of: {group.name}. {group.definition}",
        f"Read from: {', '.join(i.sources)}" + (f" ({i.register_name})" if i.register_name else ""),
        *_list("Facets", [facet.name for facet in i.facets]),
        *_list("Counts", i.cues),
        *_list("Does not count", i.exclusions),
        *_list("Easily confused with", [f"{x} {book.indicator(x).name}" for x in i.look_alikes]),
    ]
    Console().print("\n".join([*lines, *([i.note] if i.note else [])]), highlight=False, soft_wrap=True)


def _list(title: str, items: tuple[str, ...] | list[str]) -> list[str]:
    return [f"\n{title}:", *(f"  - {item}" for item in items)] if items else []
