"""A second profile, as no service makes one yet."""

from cardforge_desktop.profiles.tables import ProfileRow, ProfileVersionRow
from cardforge_desktop.store.types import now
from cardforge_desktop.workspace import Workspace


def add_profile(workspace: Workspace, name: str, **config: object) -> None:
    """A profile like the shipped one, with some of its settings changed."""
    shipped = workspace.profiles.by_name("Default")
    profile_id = f"profile_{name.casefold()}"
    with workspace._store.write() as session:
        session.add(ProfileRow(id=profile_id, name=name, version=1, created_at=now()))
        session.flush()
        session.add(
            ProfileVersionRow(
                profile_id=profile_id,
                version=1,
                name=name,
                config={**shipped.config.model_dump(mode="json"), **config},
                prompts=shipped.prompts.model_dump(mode="json"),
                updated_at=now(),
            )
        )
