"""Profiles as JSON for programs: the command line and the local API (specification, section 2.1)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from cardforge_desktop.profiles.errors import ProfileConflict
from cardforge_desktop.profiles.model import Profile
from cardforge_desktop.profiles.service import Version


def profile_report(profile: Profile) -> dict[str, Any]:
    """The whole profile at one version."""
    plain = profile.model_dump(mode="json", include={"description", "type", "config", "prompts"})
    return {
        "id": profile.id,
        "name": profile.name,
        "description": plain["description"],
        "type": plain["type"],
        "version": profile.version,
        "config": plain["config"],
        "prompts": plain["prompts"],
        "created_at": utc(profile.created_at),
        "updated_at": utc(profile.updated_at),
        "created_by": profile.created_by,
        "updated_by": profile.updated_by,
    }


def version_report(version: Version, cards: int) -> dict[str, Any]:
    """A line of the history; `cards` of the library were made with that version."""
    return {
        "version": version.number,
        "name": version.name,
        "updated_at": utc(version.saved_at),
        "updated_by": version.saved_by,
        "reason": version.reason,
        "cards": cards,
    }


def conflict_report(conflict: ProfileConflict) -> dict[str, Any]:
    """The body that goes with status 412."""
    return {
        "error": conflict.code.value,
        "message": conflict.message,
        "current_version": conflict.current.version,
        "your_version": conflict.your_version,
        "updated_by": conflict.current.updated_by,
        "updated_at": utc(conflict.current.updated_at),
    }


def utc(moment: datetime) -> str:
    """``2026-11-26T17:04:05Z``."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
