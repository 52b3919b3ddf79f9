"""The engine a profile names, and what has no effect there."""

from __future__ import annotations

from collections.abc import Iterator

from cardforge_desktop.profiles.rules.subject import Subject, Verdict, warning
from cardforge_desktop.profiles.validation import FindingCode, shortened


def engine_is_known(subject: Subject) -> Iterator[Verdict]:
    """Only a warning: a profile of another machine can be saved here."""
    engine = subject.content.config.engine.strip()
    if engine and subject.around.engine_named(engine) is None:
        told = (
            f"There is no engine “{shortened(engine)}” here; the one that is chosen in the app is used. "
            "Choose another, or add it in the settings."
        )
        yield warning("config.engine", told, FindingCode.ENGINE_UNKNOWN)


def model_has_its_engine(subject: Subject) -> Iterator[Verdict]:
    """A model is one of an engine."""
    config = subject.content.config
    if not config.model.strip():
        return
    if not config.engine.strip():
        told = "A model counts only at the engine it is of. Choose the engine too, or remove the model."
        yield warning("config.model", told, FindingCode.MODEL_WITHOUT_ENGINE)
        return
    name = subject.around.engine_named(config.engine)
    if name in subject.around.fixed_models:
        told = f"The model of “{name}” is chosen in the settings. Remove it here."
        yield warning("config.model", told, FindingCode.NO_EFFECT)


def sampling_has_effect(subject: Subject) -> Iterator[Verdict]:
    """Small models are asked with the sampling that was measured for them."""
    name = subject.around.engine_named(subject.content.config.engine)
    traits = subject.around.engines.get(name) if name else None
    if traits is None or not traits.stepwise:
        return
    for field, value in subject.content.config.sampling:
        if value is not None:
            told = f"“{name}” runs a small model, which has its own setting for this. Leave it empty."
            yield warning(f"config.sampling.{field}", told, FindingCode.NO_EFFECT)
