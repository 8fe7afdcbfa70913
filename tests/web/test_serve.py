"""What is refused before anything is served."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from art7.serve import ServeError, make_datasette

from .conftest import Corpus


def test_missing_database_names_the_command_that_makes_it(tmp_path: Path) -> None:
    with pytest.raises(ServeError, match=r"gone\.db: no such database; .*art7 code"):
        make_datasette(tmp_path / "gone.db")


def test_something_else_than_a_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Sir or Madam, " * 100)
    with pytest.raises(ServeError, match="cannot be read as a database"):
        make_datasette(path)


def test_database_without_codings_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(ServeError, match=r"other\.db: holds no codings"):
        make_datasette(tmp_path / "other.db")


async def test_another_database_keeps_datasettes_own_start_page(tmp_path: Path) -> None:
    from datasette.app import Datasette

    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    datasette = Datasette([str(tmp_path / "other.db")])
    assert "recipes" in (await datasette.client.get("/")).text
    answer = await datasette.client.get("/search?q=mine")
    assert answer.status_code == 404
    assert "No open database holds codings" in answer.text


async def test_a_report_coded_while_serving_shows_at_once(corpus: Corpus) -> None:
    datasette = make_datasette(corpus.db)
    before = (await datasette.client.get("/")).text
    with closing(sqlite3.connect(corpus.db)) as connection:
        connection.execute(
            "INSERT INTO problems (file_name, stage, kind, detail, run_id, found_at)"
            " SELECT 'late.pdf', 'triage', 'password', 'Ask for the password', id, started FROM runs"
        )
        connection.commit()
        try:
            after = (await datasette.client.get("/")).text
        finally:
            connection.execute("DELETE FROM problems WHERE file_name = 'late.pdf'")
            connection.commit()
    assert before != after
