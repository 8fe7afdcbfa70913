"""Which language a text is in: by its script where that says it, else by langdetect among en, es, fr, pt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from langdetect.detector_factory import DetectorFactory

UNKNOWN = "und"
LATIN_LANGUAGES = ("en", "es", "fr", "pt")
ENOUGH_LETTERS = 16  # below this a guess is a coin toss
SURE_LETTERS = 90  # above this langdetect is right 99 times in 100, if the text is sentences
# Small words that sentences cannot do without: lists of names and numbers have none, and fool the detector.
SMALL_WORDS = {
    "en": "the of and to in for is are was were by with on that this from no not has have been",
    "es": "el los las del que en la y por con para se no una su al fue es lo como",
    "fr": "le les des du que et dans la pour par au aux une est sur ne pas ont été avec",
    "pt": "os das dos do que em da e para por com não uma ao foi no na se são pelo",
}
SHARE = 0.03  # a language below this share of the text is names and quotes, not a language of the report


def detect(text: str) -> str:
    """Return the language of `text`: one of ar en es fr pt ru zh, or "und" where there is too little of it."""
    script = _script(text)
    if script != "latin":
        return script
    return _guess(text) if _letters(text) >= ENOUGH_LETTERS else UNKNOWN


def detect_all(texts: Sequence[str]) -> list[str]:
    """Return the language of each text of one report; short Latin texts lean on the text around them."""
    found = [detect(text) for text in texts]
    usual = _usual_latin(texts, found)
    last = usual
    for i, text in enumerate(texts):
        if _script(text) != "latin":
            continue
        if _letters(text) >= SURE_LETTERS and (found[i] == usual or _is_sentences(text, found[i])):
            last = found[i]
        elif last != UNKNOWN and _letters(text):
            found[i] = found[i] if found[i] == last else last if _letters(text) < SURE_LETTERS else usual
    return found


def shares(texts: Iterable[str], languages: Iterable[str]) -> tuple[str, ...]:
    """Return the languages of a report by their share of its text, most first."""
    weight: Counter[str] = Counter()
    for text, language in zip(texts, languages, strict=True):
        weight[language] += _weight(text)
    weight.pop(UNKNOWN, None)
    total = sum(weight.values())
    return tuple(language for language, count in weight.most_common() if count >= SHARE * total)


def _script(text: str) -> str:
    """Return ar, ru or zh where the letters decide it, "latin", or "und" where there are no letters."""
    counts = Counter(map(_script_of, text))
    del counts[""]
    if not counts:
        return UNKNOWN
    counts["zh"] *= 3  # one Chinese character says about as much as three letters
    return counts.most_common(1)[0][0]


@lru_cache(maxsize=20_000)
def _script_of(char: str) -> str:
    if not char.isalpha():
        return ""
    code = ord(char)
    if code < 0x250 or 0x1E00 <= code < 0x1F00:
        return "latin"
    if 0x400 <= code < 0x530:
        return "ru"
    if 0x600 <= code < 0x780 or 0xFB50 <= code < 0xFE00 or 0xFE70 <= code < 0xFEFF:
        return "ar"
    return "zh" if 0x3400 <= code < 0xA000 or 0xF900 <= code < 0xFB00 else ""


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _weight(text: str) -> int:
    return sum(3 if _script_of(c) == "zh" else 1 for c in text if c.isalpha())


def _is_sentences(text: str, language: str) -> bool:
    words = text.lower().split()
    small = set(SMALL_WORDS.get(language, "").split())
    return sum(word in small for word in words) > 0.12 * len(words)


def _usual_latin(texts: Sequence[str], found: Sequence[str]) -> str:
    weight: Counter[str] = Counter()
    for text, language in zip(texts, found, strict=True):
        if language in LATIN_LANGUAGES:
            weight[language] += _letters(text)
    return weight.most_common(1)[0][0] if weight else UNKNOWN


def _guess(text: str) -> str:
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory().create()
    # Words in capitals look alike to the detector in every language.
    detector.append(text.lower() if text.isupper() else text)
    try:
        language = str(detector.detect())
    except LangDetectException:  # nothing it can use: addresses, codes
        return UNKNOWN
    return language if language in LATIN_LANGUAGES else UNKNOWN


@lru_cache(maxsize=1)
def _factory() -> DetectorFactory:
    import langdetect
    from langdetect.detector_factory import DetectorFactory

    profiles = Path(langdetect.__file__).parent / "profiles"
    factory = DetectorFactory()
    DetectorFactory.seed = 0  # without a seed one short text in thirty changes its answer from call to call
    factory.load_json_profile([(profiles / name).read_text("utf-8") for name in LATIN_LANGUAGES])
    return factory
