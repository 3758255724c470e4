"""Sums that run along: a row that comes or goes changes them, so that adding up reads no rows.

Triggers do it within the transaction that changes the rows.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

_PAST = "COALESCE({0}.generation, 0) < b.cut"
_VALUES = {
    "rows": "1",
    "scored": "({0}.score NOT NULL)",
    "total": "COALESCE({0}.score, 0)",
    "squares": "COALESCE({0}.score * {0}.score, 0)",
    "below": "COALESCE({0}.score < b.floor, 0)",
    "below_total": "CASE WHEN {0}.score < b.floor THEN {0}.score ELSE 0 END",
    "good": "COALESCE({0}.score >= b.good, 0)",
    "told": "({0}.completeness NOT NULL)",
    "told_total": "COALESCE({0}.completeness, 0)",
    "told_squares": "COALESCE({0}.completeness * {0}.completeness, 0)",
}
_PARTS = ("scored", "total", "below", "below_total")
_VALUES |= {f"past_{name}": f"(({_PAST}) * ({_VALUES[name]}))" for name in _PARTS}
"""What each sum of a stratum adds up, of a row and the bounds `b`."""

_NAMES = ", ".join(_VALUES)
_MORE = ", ".join(f"{name} = {name} + excluded.{name}" for name in _VALUES)
_COLUMNS = ", ".join(f"{name} INTEGER NOT NULL" for name in _VALUES)
_IN_ARMS = (
    "{0}.measure NOT NULL AND {0}.complete = 1 AND {0}.generation NOT NULL "
    "AND {0}.arm IN ('control', 'steered')"
)

TABLES = f"""
CREATE TABLE bounds (floor REAL NOT NULL, good INTEGER NOT NULL, cut INTEGER NOT NULL);
INSERT INTO bounds VALUES (50, 90, 0);
CREATE TABLE sums (stratum INTEGER NOT NULL, make INTEGER NOT NULL, {_COLUMNS},
    PRIMARY KEY (stratum, make)) WITHOUT ROWID;
CREATE TABLE arm_sums (measure TEXT NOT NULL, generation INTEGER NOT NULL, arm TEXT NOT NULL,
    n INTEGER NOT NULL, total INTEGER NOT NULL, squares INTEGER NOT NULL,
    PRIMARY KEY (measure, generation, arm)) WITHOUT ROWID;
CREATE TABLE shape_sums (measure TEXT NOT NULL, shape INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (measure, shape)) WITHOUT ROWID
"""  # noqa: S608


def _add(row: str, sign: str) -> str:
    """Return the statements that add a row to all sums, or take it away."""
    values = ", ".join(f"{sign}({value.format(row)})" for value in _VALUES.values())
    return f"""
INSERT INTO sums (stratum, make, {_NAMES})
    SELECT {row}.stratum, {row}.make, {values} FROM bounds AS b WHERE 1
    ON CONFLICT (stratum, make) DO UPDATE SET {_MORE};
INSERT INTO arm_sums SELECT {row}.measure, {row}.generation, {row}.arm,
    {sign}1, {sign}{row}.score, {sign}{row}.score * {row}.score WHERE {_IN_ARMS.format(row)}
    ON CONFLICT (measure, generation, arm) DO UPDATE SET
    n = n + excluded.n, total = total + excluded.total, squares = squares + excluded.squares;
INSERT INTO shape_sums SELECT {row}.measure, {row}.shape, {sign}1 WHERE {row}.measure NOT NULL
    ON CONFLICT (measure, shape) DO UPDATE SET n = n + excluded.n;
"""  # noqa: S608


TRIGGERS = (
    f"CREATE TRIGGER evidence_comes AFTER INSERT ON evidence WHEN NEW.latest = 1 "
    f"BEGIN {_add('NEW', '+')} END",
    f"CREATE TRIGGER evidence_goes AFTER UPDATE OF latest ON evidence "
    f"WHEN OLD.latest = 1 AND NEW.latest = 0 BEGIN {_add('OLD', '-')} END",
)


class Bounds(NamedTuple):
    """What the sums are told apart by: the floor, what is good, and the generation of the cut."""

    floor: float
    good: int
    cut: int


def sums_of(bounds: Bounds, kept: Bounds) -> str:
    """Return where the sums within these bounds stand: in their table, or in the rows."""
    return "sums" if bounds == kept else f"({_from_rows(bounds)})"


def _from_rows(bounds: Bounds) -> str:
    summed = ", ".join(f"SUM({value.format('e')}) AS {name}" for name, value in _VALUES.items())
    b = f"SELECT {float(bounds.floor)!r} AS floor, {int(bounds.good)} AS good, "
    b += f"{int(bounds.cut)} AS cut"
    return (
        f"SELECT e.stratum, e.make, {summed} FROM evidence AS e, ({b}) AS b "  # noqa: S608
        "WHERE e.latest = 1 GROUP BY e.stratum, e.make"
    )


def move(db: sqlite3.Connection, bounds: Bounds) -> None:
    """Keep the running sums within other bounds from now on.

    A cut that moves costs as much as there are sums and rows after it; anything else as much as
    there are rows.
    """
    kept = Bounds(*db.execute("SELECT * FROM bounds").fetchone())
    if kept == bounds:
        return
    db.execute("UPDATE bounds SET floor = ?, good = ?, cut = ?", bounds)
    if kept[:2] == bounds[:2]:
        _move_cut(db, bounds.cut)
        return
    db.execute("DELETE FROM sums")
    db.execute(f"INSERT INTO sums (stratum, make, {_NAMES}) {_from_rows(bounds)}")


def _move_cut(db: sqlite3.Connection, cut: int) -> None:
    older = ", ".join(f"past_{name} = {name if cut else 0}" for name in _PARTS)
    db.execute(f"UPDATE sums SET {older}")  # noqa: S608
    if not cut:
        return
    fresh = ", ".join(f"SUM({_VALUES[name].format('e')})" for name in _PARTS)
    less = ", ".join(f"past_{name} = past_{name} - ?" for name in _PARTS)
    found = db.execute(
        f"SELECT {fresh}, stratum, make FROM evidence AS e INDEXED BY evidence_turns, "  # noqa: S608
        "bounds AS b WHERE e.latest = 1 AND e.generation >= ? GROUP BY stratum, make",
        (cut,),
    )
    db.executemany(
        f"UPDATE sums SET {less} WHERE stratum = ? AND make = ?",  # noqa: S608
        found.fetchall(),
    )


def forget(db: sqlite3.Connection) -> None:
    """Empty all sums, together with the rows."""
    for table in ("sums", "arm_sums", "shape_sums"):
        db.execute(f"DELETE FROM {table}")  # noqa: S608
