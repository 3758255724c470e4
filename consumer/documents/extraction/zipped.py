"""Office files are ZIP archives: looked at before they are unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib

from consumer.documents.extraction.finding import Source, Unreadable

_MAX_MEMBERS = 100_000
_MAX_RATIO = 400
_SMALL = 50_000_000


def open_zip(source: Source) -> zipfile.ZipFile:
    """Open the archive; raises Unreadable when it is broken, locked, or would burst."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(source.data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("truncated", f"the archive is cut off or broken: {error}") from error
    if any(member.flag_bits & 1 for member in members):
        raise Unreadable("encrypted", "the archive is encrypted")
    refuse_bombs(members, len(source.data), source.unpacked_bytes)
    return archive


def refuse_bombs(members: list[zipfile.ZipInfo], packed: int, allowed: int) -> None:
    """Raise Unreadable when members would unpack to more than allowed, or suspiciously much."""
    total = sum(member.file_size for member in members)
    if total > allowed:
        raise Unreadable("bomb", f"it unpacks to {total:,} bytes; {allowed:,} are allowed")
    if total > _SMALL and total > packed * _MAX_RATIO:
        raise Unreadable("bomb", f"{packed:,} bytes that unpack to {total:,}")
    if len(members) > _MAX_MEMBERS:
        raise Unreadable("bomb", f"an archive of {len(members):,} members")


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a member's bytes, or none when it is missing; raises Unreadable when it is broken."""
    try:
        return archive.read(name)
    except KeyError:
        return b""
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise Unreadable("truncated", f"{name} in the archive is broken: {error}") from error
