"""Cut the encoder's vocabulary down to what our seven languages use: most of the model's weight is unused scripts."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from extract.records import LANGUAGES

SCRIPTS = (
    "LATIN",
    "CYRILLIC",
    "ARABIC",
    "CJK UNIFIED",
    "CJK COMPATIBILITY",
    "DIGIT",
    "FULLWIDTH",
    "IDEOGRAPHIC",
)
HAN = ("CJK",)  # too many characters to keep those that no word of the list has
FIELD_WEIGHT = 6e-5  # of one use in the field's own texts, beside shares of a whole language
WORDS = 120_000  # a language, of the frequency list


def chosen_pieces(tokenizer_json: dict[str, Any], size: int, texts: Iterable[str]) -> list[int]:
    """Return the ids to keep, rising: special tokens, single characters, then pieces by use in words and `texts`."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(json.dumps(tokenizer_json))
    vocabulary = tokenizer_json["model"]["vocab"]
    keep = {token["id"] for token in tokenizer_json["added_tokens"]}
    use = piece_use(tokenizer, texts)
    keep |= {
        i for i, (piece, _) in enumerate(vocabulary) if is_character(piece) and (ours(piece, HAN) or use[i])
    }
    for piece_id, _ in use.most_common():
        if len(keep) >= size:
            break
        if ours(vocabulary[piece_id][0]):
            keep.add(piece_id)
    return sorted(keep)


def is_character(piece: str) -> bool:
    return len(piece.strip("▁")) <= 1


def ours(piece: str, but: tuple[str, ...] = ()) -> bool:
    """Return True when every letter of the piece is of a script that we read (and not of those in `but`)."""
    return all(
        (name := unicodedata.name(character, "")).startswith(SCRIPTS) and not name.startswith(but or ("-",))
        for character in piece.strip("▁")
        if unicodedata.category(character)[0] in "LM" and not unicodedata.combining(character)
    )


def piece_use(tokenizer: Any, texts: Iterable[str]) -> Counter[int]:
    """Return how much each piece is used, each language weighing the same."""
    use: Counter[int] = Counter()  # of weights, not whole numbers
    for language in LANGUAGES:
        for text, weight in weighted_words(language):
            for piece_id in tokenizer.encode(text, add_special_tokens=False).ids:
                use[piece_id] += weight  # type: ignore[assignment]
    for text in texts:  # the words of our own field count for much
        for piece_id in tokenizer.encode(text, add_special_tokens=False).ids:
            use[piece_id] += FIELD_WEIGHT  # type: ignore[assignment]
    return use


def weighted_words(language: str) -> Iterator[tuple[str, float]]:
    """Yield words of a language as they stand in text, with their share of it."""
    import wordfreq

    shares = wordfreq.get_frequency_dict(language, wordlist="best")
    for word, share in sorted(shares.items(), key=lambda pair: -pair[1])[:WORDS]:
        yield word, share
        if language == "zh":
            yield f"，{word}", share
        elif language != "ar":
            yield word.capitalize(), share * 0.2
            yield word.upper(), share * 0.02


def trimmed(tokenizer_json: dict[str, Any], keep: list[int]) -> dict[str, Any]:
    """Return the tokenizer with only the kept pieces, numbered anew from 0 in their old order."""
    number = {old: new for new, old in enumerate(keep)}
    vocabulary = tokenizer_json["model"]["vocab"]
    model = dict(tokenizer_json["model"], vocab=[vocabulary[old] for old in keep if old < len(vocabulary)])
    model["unk_id"] = number[tokenizer_json["model"]["unk_id"]]
    added = [dict(token, id=number[token["id"]]) for token in tokenizer_json["added_tokens"]]
    after = json.loads(json.dumps(tokenizer_json["post_processor"]))
    for token in after.get("special_tokens", {}).values():
        token["ids"] = [number[old] for old in token["ids"]]
    return dict(tokenizer_json, model=model, added_tokens=added, post_processor=after)
