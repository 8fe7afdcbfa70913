"""The model that ships: encoder, heads and description fit together, whatever it has learnt."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from annotations.codebook import load_codebook
from extract.records import SECTIONS
from models.classifier import KEPT_SCORE, RELEASED, VERDICTS, Model, ModelError
from models.reading import PREFIX, Excerpt, as_read
from models.released_id import PARTS, computed_id

# Invented lines; no State wrote them.
TEXTS = (
    "Teams cleared twelve minefields in the northern district.",
    "Les victimes reçoivent des soins dans deux centres.",
    "El Estado retiene 500 minas para el entrenamiento.",
    "Nenhuma mina foi encontrada durante o ano.",
    "Запасы были уничтожены в прошлом году.",
    "تم تدمير المخزون بالكامل في العام الماضي.",
    "库存已于去年全部销毁。",
    "The list of areas. " * 200,
    "",
)


@pytest.fixture(scope="module")
def model() -> Model:
    return Model(threads=1)


def test_equal_texts_have_equal_vectors_in_the_given_order(model: Model) -> None:
    vectors = model.encoder.encode([*TEXTS, *reversed(TEXTS)])
    assert vectors.shape == (2 * len(TEXTS), model.heads["weight"].shape[1])
    assert (vectors[: len(TEXTS)] == vectors[len(TEXTS) :][::-1]).all()


def test_equal_texts_are_encoded_once(model: Model) -> None:
    # what the network is given decides its figures to the last bit: once or a hundred times makes no difference
    once = model.encoder.encode(TEXTS[:3])
    many = model.encoder.encode([TEXTS[n % 3] for n in range(300)])
    assert all((many[n] == once[n % 3]).all() for n in range(300))


def test_a_text_reads_the_same_alone_and_among_others(model: Model) -> None:
    together = model.encoder.encode(TEXTS)
    alone = np.stack([model.encoder.encode([text])[0] for text in TEXTS])
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-4)
    assert (alone == together).all()


def test_nothing_to_encode(model: Model) -> None:
    assert len(model.encoder.encode([])) == 0
    assert model.suggest([]) == []


def test_suggestions_are_sorted_and_above_the_floor(model: Model) -> None:
    excerpts = [Excerpt(text) for text in TEXTS]
    for floor in (KEPT_SCORE, 0.5, 1.1):
        for suggestions in model.suggest(excerpts, floor):
            scores = [s.score for s in suggestions]
            assert scores == sorted(scores, reverse=True)
            assert all(floor - 5e-5 <= score <= 1 for score in scores)  # scores are rounded to four digits
            assert {s.verdict for s in suggestions} <= set(VERDICTS)
    assert model.suggest(excerpts, 1.1) == [()] * len(TEXTS)


def test_without_a_floor_every_indicator_is_named_once(model: Model) -> None:
    for suggestions in model.suggest([Excerpt(text) for text in TEXTS], 0):
        assert sorted(s.indicator for s in suggestions) == sorted(model.about.indicators)


def test_the_section_is_read(model: Model) -> None:
    plain, donor = model.vectors([Excerpt(TEXTS[0]), Excerpt(TEXTS[0], "guide-8")])
    assert not np.allclose(plain, donor, atol=1e-3)


@pytest.mark.parametrize(
    ("section", "read"),
    [("unknown", "x"), ("C", "form C | x"), ("guide-4", "guide 4 | x"), ("note_verbale", "note verbale | x")],
)
def test_how_a_passage_is_read(section: str, read: str) -> None:
    assert as_read("x", section) == PREFIX + read


def test_every_section_reads_differently() -> None:
    assert len({as_read("x", section) for section in SECTIONS}) == len(SECTIONS)


def test_the_description_fits_the_codebook_and_the_heads(model: Model) -> None:
    by_text = {indicator.id for indicator in load_codebook().by_text}
    assert set(model.about.indicators) <= by_text
    assert len(set(model.about.indicators)) == len(model.about.indicators)
    assert model.heads["weight"].shape[0] == model.heads["bias"].shape[0] == len(model.about.indicators)
    assert model.heads["verdict_weight"].shape[0] == len(VERDICTS)
    assert 0 < model.about.threshold < 1
    assert model.about.calibration.slope > 0
    assert load_codebook(model.about.codebook).id == model.about.codebook


def test_the_id_is_that_of_the_files(model: Model) -> None:
    assert computed_id(RELEASED, model.about.name) == model.about.id


@pytest.mark.parametrize("part", PARTS)
def test_the_id_changes_with_each_file(part: str, tmp_path: Path) -> None:
    for name in PARTS:
        (tmp_path / name).write_bytes(name.encode())
    before = computed_id(tmp_path, "m")
    assert before == computed_id(tmp_path, "m")
    (tmp_path / part).write_bytes(b"changed")
    assert computed_id(tmp_path, "m") != before


@pytest.mark.parametrize("part", [*PARTS, "model.json"])
def test_a_folder_that_lacks_a_file_is_no_model(part: str, tmp_path: Path) -> None:
    for name in (*PARTS, "model.json"):
        if name != part:
            (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(ModelError, match=f"no {part} there, so it holds no model; leave out --model"):
        Model(tmp_path)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"id": 5}'])
def test_a_wrong_description_is_named(text: str, tmp_path: Path) -> None:
    for name in PARTS:
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "model.json").write_text(text)
    with pytest.raises(ModelError, match=r"model\.json: does not describe a model"):
        Model(tmp_path)


def test_a_model_without_a_card_can_be_used(tmp_path: Path) -> None:
    for name in PARTS:
        (tmp_path / name).write_bytes(b"")
    shutil.copy(RELEASED / "model.json", tmp_path)
    assert Model(tmp_path).card == ""
    assert json.loads((tmp_path / "model.json").read_text())["id"] == Model(tmp_path).about.id
    assert Model().card
