"""Pipeline stages: a tenant's lead steps, their words and tints."""

from dataclasses import dataclass

from sqlmodel import col

from models.pipeline_stages import DEFAULT_STAGES, PipelineStage, tint
from ontrack_app.errors import Conflict, FieldError, Invalid
from ontrack_app.work import Work, standing

ALL = standing(PipelineStage).order_by(col(PipelineStage.position))


@dataclass(frozen=True, slots=True)
class StageWords:
    """One stage as people see it."""

    key: str
    label: str
    kind: str
    tint: str


def add_defaults(work: Work) -> None:
    """Gives a new tenant the usual five stages."""
    for position, (key, label, kind) in enumerate(DEFAULT_STAGES):
        work.add(
            PipelineStage(tenant_id=work.actor.tenant_id, key=key, label=label, kind=kind, position=position)
        )


def words(work: Work) -> dict[str, StageWords]:
    """The tenant's stages by key, in their order."""
    return work.once(words, lambda: _read(work))


def _read(work: Work) -> dict[str, StageWords]:
    stages: list[PipelineStage] = work.all(ALL)
    opens = [stage.key for stage in stages if stage.kind == "open"]
    return {
        stage.key: StageWords(
            stage.key,
            stage.label,
            stage.kind,
            tint(stage.kind, first=stage.key in opens[:1], last=stage.key in opens[1:][-1:]),
        )
        for stage in stages
    }


def of_kind(stages: dict[str, StageWords], kind: str) -> StageWords:
    """The first stage of that kind.

    Raises:
        Conflict: the tenant has none.
    """
    for stage in stages.values():
        if stage.kind == kind:
            return stage
    raise Conflict(f"The pipeline has no {kind} stage. An admin can add one.")


def open_stage(stages: dict[str, StageWords], key: str | None) -> StageWords:
    """The open stage of that key.

    Raises:
        Invalid: the key is missing, unknown, or not an open stage.
    """
    stage = stages.get(key or "")
    if stage is None or stage.kind != "open":
        known = ", ".join(item.key for item in stages.values() if item.kind == "open")
        words = f"“stage” names an open stage to go to: {known}."
        raise Invalid(words, errors=[FieldError("stage", words)])
    return stage
