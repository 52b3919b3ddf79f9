"""A second profile."""

from cardforge_desktop.profiles.model import ProfileConfig
from cardforge_desktop.workspace import Workspace


def add_profile(workspace: Workspace, name: str, **config: object) -> None:
    """A profile like the shipped one, with some of its settings changed."""
    shipped = workspace.profiles.by_name("Default").content
    changed = ProfileConfig.model_validate(shipped.config.model_dump() | config)
    workspace.profiles.create(shipped.model_copy(update={"name": name, "config": changed}))
