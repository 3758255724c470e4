"""The names in a spool's folders, and what they tell (pure, standard library only)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from syntx.ids import ID_LIMIT, ID_PATTERN, day_of

INCOMING, PROCESSING, RETRY = "incoming", "processing", "retry"
PROCESSED, ERROR, ARCHIVE, TMP = "processed", "error", "archive", ".tmp"
FOLDERS = (INCOMING, PROCESSING, RETRY, PROCESSED, ERROR, ARCHIVE, TMP)

INTAKE_SUFFIX = "~intake"
REFUSED_SUFFIX = ".refused"
BIRTH_PREFIX = "new-"
DISCARDED = "discarded"

FRESH_NS = 2_000_000_000
"""A folder changed so recently may change again without its mtime telling (nanoseconds)."""

ENVELOPE = "job.json"
"""The envelope's name inside an entry that is a folder."""
ATTACHMENTS, OUTPUTS, WORKFLOW = "attachments", "outputs", "workflow"
"""What came with such a job, what its work yields, and what the work keeps to be resumed."""

_ENTRY = re.compile(rf"({ID_PATTERN})(?:\.t(\d{{1,9}}))?(\.json)?", re.ASCII)
_DUE = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)~(.+)", re.ASCII | re.DOTALL)
_MOMENT = re.compile(r"(?:.-)?(\d{8}T\d{6}\.\d{6}Z)", re.ASCII | re.DOTALL)
_STAMP = "%Y%m%dT%H%M%S.%fZ"
_OLDER = re.compile(r"(\d{8})_(\d{6})_(\d{6})__", re.ASCII)
_IN_THE_MAKING = ("~", ".part", ".tmp", ".swp", ".crdownload")


class Entry(NamedTuple):
    """What an entry's name tells: the job's ID, how often a worker died holding it, its form."""

    id: str
    rescues: int = 0
    is_folder: bool = False
    """Whether the job is a folder with its envelope inside, as document jobs are."""

    @property
    def name(self) -> str:
        """The entry's name."""
        return entry_name(*self)

    @property
    def bare(self) -> str:
        """The entry's name without the count of rescues, as it is finished under."""
        return entry_name(self.id, 0, self.is_folder)


class Kind(Enum):
    """What a name in `incoming/` that is no entry promises to be."""

    PROMPT = "prompt"
    JSON = "json"
    ANSWER = "answer"
    IN_THE_MAKING = "in the making"
    UNKNOWN = "unknown"


def parse_entry(name: str) -> Entry | None:
    """Read `ID.json` or `ID.tK.json`, a folder's `ID` or `ID.tK`; None for any other name."""
    match = _ENTRY.fullmatch(name)
    if match is None or len(match[1]) > ID_LIMIT:
        return None
    return Entry(match[1], int(match[2] or 0), match[3] is None)


def entry_name(job_id: str, rescues: int = 0, is_folder: bool = False) -> str:
    """Return the entry's name of a job that was rescued so often."""
    count = f".t{rescues}" if rescues else ""
    return f"{job_id}{count}" if is_folder else f"{job_id}{count}.json"


def bare_name(entry: str) -> str:
    """Return an entry's name without its count of rescues; other names stay as they are."""
    parsed = parse_entry(entry)
    return entry if parsed is None else parsed.bare


def envelope_of(entry: str) -> str:
    """Return where the envelope of an entry (a name or a path) lies: it itself, or inside it."""
    return entry if entry.endswith(".json") else f"{entry}/{ENVELOPE}"


def stamp(moment: datetime) -> str:
    """Return a time as IDs and retry names carry it: UTC, sortable, to the microsecond."""
    return moment.astimezone(UTC).strftime(_STAMP)


def moment_of(text: str) -> datetime | None:
    """Read a sortable UTC stamp at the start of an ID; None when there is no valid one."""
    match = _MOMENT.match(text)
    try:
        return datetime.fromisoformat(match[1]) if match else None
    except ValueError:
        return None


def due_name(due: datetime, entry: str) -> str:
    """Return the name an entry waits under in `retry/`."""
    return f"{stamp(due)}~{entry}"


def parse_due(name: str) -> tuple[datetime, str] | None:
    """Read `DUE~ENTRY`; None for any other name."""
    match = _DUE.fullmatch(name)
    due = moment_of(match[1]) if match else None
    if match is None or due is None or parse_entry(match[2]) is None:
        return None
    return due, match[2]


def kind_of(name: str) -> Kind:
    """Tell what a dropped name promises; only names that are no entry are asked for."""
    lowered = name.lower()
    if name.startswith(".") or lowered.endswith(_IN_THE_MAKING):
        return Kind.IN_THE_MAKING
    if lowered.endswith("_response.txt"):
        return Kind.ANSWER
    if lowered.endswith((".txt", ".md")):
        return Kind.PROMPT
    return Kind.JSON if lowered.endswith(".json") else Kind.UNKNOWN


def stem_of(name: str) -> str:
    """Return a name without its last extension."""
    return name.rpartition(".")[0] or name


def sidecar_of(prompt: str) -> str:
    """Return the name the metadata of a dropped prompt would have."""
    return stem_of(prompt) + ".json"


def arrival_stamp(name: str, modified: float) -> str:
    """Return where a dropped file stands in the order: by its older name, else by its mtime."""
    match = _OLDER.match(name)
    if match is not None:
        try:
            # Names of the older layout carry local time.
            return stamp(datetime.strptime("".join(match.groups()), "%Y%m%d%H%M%S%f").astimezone())
        except (ValueError, OverflowError):
            pass
    try:
        return stamp(datetime.fromtimestamp(modified, UTC))
    except (ValueError, OverflowError, OSError):
        return stamp(datetime.now(UTC))


@dataclass(frozen=True, slots=True)
class Folders:
    """The paths inside one spool."""

    root: str

    @classmethod
    def at(cls, root: Path) -> Folders:
        """Return the folders below `root`."""
        return cls(str(root.absolute()))

    def path(self, *parts: str) -> str:
        """Return a path below the root."""
        return "/".join((self.root, *parts))

    def hold(self, worker: str) -> str:
        """Return the folder of the jobs a worker holds."""
        return f"{self.root}/{PROCESSING}/{worker}"

    def scratch(self, worker: str) -> str:
        """Return the scratch folder whose lock says that a worker lives."""
        return f"{self.root}/{TMP}/{worker}"

    def day(self, state: str, job_id: str) -> str:
        """Return the day folder a job of that ID lies in once it is in `state`."""
        return f"{self.root}/{state}/{day_of(job_id)}"
