"""The `documents` part of system.yaml: how document jobs are worked."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from syntx.settings.section import Seconds, Section, Share

Format = Literal["docx", "pdf", "xlsx", "html", "md", "csv", "txt", "json"]


class DocumentModels(Section):
    """Chains of models, the first first; an empty chain: the gateway chooses by operation."""

    plan: tuple[str, ...] = Field(default=(), description="plan and choose actions")
    analyse: tuple[str, ...] = Field(default=(), description="read what was extracted")
    write: tuple[str, ...] = Field(default=(), description="write the document")
    judge: tuple[str, ...] = Field(
        default=(), description="have a say in the check of small documents; none: rules alone"
    )


class Extraction(Section):
    """What the extraction of one file may take."""

    seconds: Seconds = Field(default=300.0, description="seconds for one file")
    memory_bytes: int = Field(
        default=2_000_000_000, ge=100_000_000, description="memory for one file, in bytes"
    )
    unpacked_bytes: int = Field(
        default=1_000_000_000, ge=1_000_000, description="what an archive may unpack to, in bytes"
    )
    ocr: Literal["auto", "off"] = Field(
        default="auto", description="read scans with tesseract where it is installed"
    )


class Documents(Section):
    """Document jobs: models, limits, and what is kept."""

    models: DocumentModels = DocumentModels()
    extraction: Extraction = Extraction()
    format: Format = Field(default="docx", description="the format where a job names none")
    language: str = Field(
        default="de", description="the language where neither job.yaml nor the request tells"
    )
    accept_quality: Share = Field(
        default=0.7, description="below it a document job ends as `low_score`"
    )
    max_steps: int = Field(default=12, ge=1, le=100, description="actions of one task")
    max_parts: int = Field(default=50, ge=1, le=1000, description="answers one document may take")
    max_new_tokens: int = Field(default=4096, ge=1, description="the longest answer, in tokens")
    deadline: Seconds = Field(
        default=7200.0, description="seconds for one document job, all its runs together"
    )
    large_bytes: int = Field(
        default=262_144, ge=1_024, description="larger ones are checked by structure alone"
    )
    neutralize: bool = Field(
        default=False, description="replace personal data before remote calls; a job may say so too"
    )
    names: Path | None = Field(
        default=None, description="a file in the home with names to replace, one a line"
    )
    debug_files: bool = Field(
        default=False, description="keep prompt and answer of every call in the job's folder"
    )
