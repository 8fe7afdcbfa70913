"""What screens call verdicts, languages, layouts and sections."""

from __future__ import annotations

from markupsafe import Markup, escape

VERDICTS = {
    "yes": "yes",
    "partial": "partial",
    "planned": "planned",
    "no": "no",
    "silent": "silent",
    "not_applicable": "not applicable",
}
LANGUAGES = {
    "ar": "Arabic",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "pt": "Portuguese",
    "ru": "Russian",
    "zh": "Chinese",
}
TEMPLATES = {
    "forms": "forms A to J",
    "guide": "Guide to Reporting",
    "cover_only": "cover sheet only",
    "unknown": "unknown layout",
}
STATUSES = {
    "coded": "coded",
    "coded_with_problems": "coded, with problems",
    "refused": "refused",
    "failed": "failed",
}
FACTS = {
    "state": "State",
    "period_start": "Period from",
    "period_end": "Period to",
    "submitted": "Submitted",
    "template": "Layout",
    "voluntary": "Voluntary report",
}


def language_name(code: str | None) -> str:
    """Return the English name of a language, its code when it is none of ours."""
    return LANGUAGES.get(code or "", code or "unknown language")


def section_name(section: str) -> str:
    """Return a section's name: 'Form F', 'Guide section 4', 'cover'."""
    if len(section) == 1:
        return f"Form {section}"
    if section.startswith("guide-"):
        return f"Guide section {section.removeprefix('guide-')}"
    return section.replace("_", " ")


def percent(score: float | None) -> str:
    """Return a probability as whole per cent, nothing for none."""
    return "" if score is None else f"{score:.0%}"


def badge(verdict: str | None) -> Markup:
    """Return the verdict as a coloured word."""
    if verdict is None:
        return Markup("")
    shown = VERDICTS.get(verdict, verdict)
    kind = verdict if verdict in VERDICTS else "silent"
    return Markup('<span class="verdict verdict-{}">{}</span>').format(kind, shown)


def quoted(text: str, language: str | None) -> Markup:
    """Return a State's words with their language and direction marked."""
    lang = Markup(' lang="{}"').format(language) if language and language != "und" else Markup("")
    return Markup('<span dir="auto"{}>{}</span>').format(lang, escape(text))
