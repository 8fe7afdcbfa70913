"""The tables of an art7 database, made and upgraded by named steps that each run in one transaction."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

migrations = Migrations("art7")

VERDICTS = ("yes", "partial", "planned", "no", "silent", "not_applicable")
STATUSES = ("coded", "coded_with_problems", "refused", "failed")

_CODEBOOK_TABLES = """
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
CREATE TABLE states (
    iso3 TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    is_party INTEGER NOT NULL,
    party_from TEXT,
    party_to TEXT,
    note TEXT
) STRICT;
CREATE TABLE state_groups (
    id INTEGER PRIMARY KEY,
    state TEXT NOT NULL REFERENCES states(iso3),
    group_id TEXT NOT NULL,
    valid_from TEXT,
    valid_to TEXT,
    source TEXT NOT NULL,
    certainty TEXT NOT NULL,
    note TEXT
) STRICT;
CREATE TABLE actions (
    id INTEGER PRIMARY KEY,
    chapter TEXT NOT NULL,
    name TEXT NOT NULL
) STRICT;
CREATE TABLE indicators (
    id TEXT PRIMARY KEY,
    action INTEGER NOT NULL REFERENCES actions(id),
    chapter TEXT NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    question TEXT NOT NULL,
    statistic TEXT NOT NULL,
    unit TEXT NOT NULL,
    group_id TEXT NOT NULL,
    base TEXT REFERENCES indicators(id),
    sources TEXT NOT NULL,
    register TEXT,
    facets TEXT NOT NULL,
    cues TEXT NOT NULL,
    exclusions TEXT NOT NULL,
    look_alikes TEXT NOT NULL,
    note TEXT
) STRICT;
CREATE TABLE models (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    made TEXT NOT NULL,
    codebook_hash TEXT NOT NULL,
    card TEXT NOT NULL
) STRICT;
CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'interrupted')),
    paths TEXT NOT NULL,
    model_id TEXT NOT NULL,
    codebook_hash TEXT NOT NULL,
    version TEXT NOT NULL,
    files INTEGER NOT NULL DEFAULT 0,
    coded INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    with_problems INTEGER NOT NULL DEFAULT 0
) STRICT;
"""

_REPORT_TABLES = """
CREATE TABLE reports (
    id TEXT PRIMARY KEY,
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    state TEXT REFERENCES states(iso3),
    year INTEGER,
    period_start TEXT,
    period_end TEXT,
    submitted TEXT,
    languages TEXT NOT NULL,
    template TEXT,
    page_count INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('coded', 'coded_with_problems', 'refused', 'failed')),
    cover TEXT NOT NULL,
    model_id TEXT NOT NULL REFERENCES models(id),
    codebook_hash TEXT NOT NULL,
    version TEXT NOT NULL,
    run_id TEXT NOT NULL REFERENCES runs(id),
    coded_at TEXT NOT NULL
) STRICT;
CREATE INDEX reports_by_state ON reports(state, year);
CREATE TABLE pages (
    id TEXT PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports(id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    width REAL NOT NULL,
    height REAL NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('typed', 'scanned', 'mixed', 'empty')),
    confidence REAL,
    furniture TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (report_id, number)
) STRICT;
CREATE TABLE passages (
    id TEXT PRIMARY KEY,
    report_id TEXT NOT NULL REFERENCES reports(id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    page INTEGER NOT NULL,
    section TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL,
    characters TEXT,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    boilerplate INTEGER NOT NULL,
    boxes TEXT NOT NULL,
    UNIQUE (report_id, place)
) STRICT;
CREATE TABLE suggestions (
    passage_id TEXT NOT NULL REFERENCES passages(id) ON DELETE CASCADE,
    indicator_id TEXT NOT NULL REFERENCES indicators(id),
    verdict TEXT NOT NULL CHECK (verdict IN ('yes', 'partial', 'planned', 'no')),
    score REAL NOT NULL CHECK (score BETWEEN 0 AND 1),
    model_id TEXT NOT NULL REFERENCES models(id),
    PRIMARY KEY (passage_id, indicator_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE codings (
    report_id TEXT NOT NULL REFERENCES reports(id) ON DELETE CASCADE,
    indicator_id TEXT NOT NULL REFERENCES indicators(id),
    verdict TEXT NOT NULL
        CHECK (verdict IN ('yes', 'partial', 'planned', 'no', 'silent', 'not_applicable')),
    score REAL CHECK (score BETWEEN 0 AND 1),
    reason TEXT NOT NULL,
    model_id TEXT NOT NULL REFERENCES models(id),
    codebook_hash TEXT NOT NULL,
    run_id TEXT NOT NULL REFERENCES runs(id),
    PRIMARY KEY (report_id, indicator_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE evidence (
    report_id TEXT NOT NULL,
    indicator_id TEXT NOT NULL,
    passage_id TEXT NOT NULL REFERENCES passages(id) ON DELETE CASCADE,
    rank INTEGER NOT NULL,
    verdict TEXT NOT NULL,
    score REAL NOT NULL,
    PRIMARY KEY (report_id, indicator_id, rank),
    FOREIGN KEY (report_id, indicator_id) REFERENCES codings(report_id, indicator_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_by_passage ON evidence(passage_id);
CREATE INDEX codings_by_indicator ON codings(indicator_id, verdict);
CREATE TABLE problems (
    id INTEGER PRIMARY KEY,
    report_id TEXT REFERENCES reports(id) ON DELETE CASCADE,
    file_name TEXT NOT NULL,
    page INTEGER,
    stage TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    run_id TEXT NOT NULL REFERENCES runs(id),
    found_at TEXT NOT NULL
) STRICT;
CREATE INDEX problems_by_report ON problems(report_id);
"""

# What people browse: one row per report and indicator with the words that carry it.
_VIEWS = """
CREATE VIEW coded AS
SELECT
    states.name AS state,
    reports.year AS year,
    codings.indicator_id AS indicator,
    indicators.name AS indicator_name,
    indicators.chapter AS chapter,
    codings.verdict AS verdict,
    codings.score AS score,
    passages.text AS evidence,
    passages.page AS page,
    passages.language AS language,
    codings.reason AS reason,
    reports.file_name AS file_name,
    codings.report_id AS report_id,
    evidence.passage_id AS passage_id
FROM codings
JOIN reports ON reports.id = codings.report_id
JOIN indicators ON indicators.id = codings.indicator_id
LEFT JOIN states ON states.iso3 = reports.state
LEFT JOIN evidence ON evidence.report_id = codings.report_id
    AND evidence.indicator_id = codings.indicator_id AND evidence.rank = 1
LEFT JOIN passages ON passages.id = evidence.passage_id
ORDER BY reports.state, reports.year, indicators.place;
"""


@migrations()
def m001_codebook(db: Database) -> None:
    """States, groups, actions, indicators, models, runs."""
    _run(db, _CODEBOOK_TABLES)


@migrations()
def m002_reports(db: Database) -> None:
    """Reports and all that hangs on one, gone with it when it is coded again."""
    _run(db, _REPORT_TABLES)


@migrations()
def m003_search(db: Database) -> None:
    """Full-text search over passages; Chinese is found character by character."""
    db.table("passages").enable_fts(
        ["text", "characters"], create_triggers=True, tokenize="unicode61 remove_diacritics 2"
    )


@migrations()
def m004_views(db: Database) -> None:
    """What people browse."""
    _run(db, _VIEWS)


def _run(db: Database, statements: str) -> None:
    # one by one: executescript would commit the step's transaction first
    for statement in statements.split(";\n"):
        if statement.strip():
            db.execute(statement)
