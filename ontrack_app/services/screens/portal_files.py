"""Photos and files in the portal: those of the reader's own work that the office shows, by visit or job, the newest first."""

from uuid import UUID

from sqlmodel import col

from models.access import Permission
from models.files import PHASES as CHOICES
from models.files import File
from models.jobs import Job
from models.visits import Visit
from ontrack_app.schemas.files import FileCard
from ontrack_app.schemas.screens.files import FileGroup, Tile
from ontrack_app.services.files.cards import cards, readable
from ontrack_app.services.screens import files, portal, related, words
from ontrack_app.work import Work

MOST = 300
MOMENTS = dict(CHOICES)
PHASES = (*MOMENTS, None)


def shown(work: Work) -> list[FileGroup]:
    """What the reader is shown; row-level security leaves nothing else to be found.

    Raises:
        Forbidden: the reader may see no files.
    """
    work.actor.require(Permission.FILES_READ)
    query = work.of(File).where(
        col(File.stage) == "clean", col(File.is_visible), col(File.archived_at).is_(None)
    )
    query = query.where(col(File.noun).in_([noun for noun in readable(work) if noun in ("jobs", "visits")]))
    found = cards(work, work.all(query.order_by(col(File.created_at).desc(), col(File.id)).limit(MOST)))
    by_row: dict[tuple[str, UUID], list[FileCard]] = {}
    for file in found:
        by_row.setdefault((file.noun, file.row_id), []).append(file)
    heads = _heads(work, list(by_row))
    return [
        FileGroup(
            title=heads[row][0],
            note=heads[row][1],
            tiles=[_tile(work, file) for file in _in_order(some)],
        )
        for row, some in by_row.items()
        if row in heads
    ]


def _tile(work: Work, file: FileCard) -> Tile:
    """A file for a customer: when and which moment, not who of the company took it."""
    when = words.ago(work, file.taken_at or file.created_at)
    tile = files.tile(work, file)
    return tile.model_copy(
        update={"quiet": _quiet(MOMENTS.get(file.phase or "", ""), when), "is_visible": False}
    )


def _in_order(some: list[FileCard]) -> list[FileCard]:
    return sorted(some, key=lambda file: (PHASES.index(file.phase), file.created_at))


def _heads(work: Work, listed: list[tuple[str, UUID]]) -> dict[tuple[str, UUID], tuple[str, str]]:
    """What each group is called, and where and when it was."""
    visits = related.by_id(work, Visit, (row_id for noun, row_id in listed if noun == "visits"))
    jobs = related.by_id(work, Job, (row_id for noun, row_id in listed if noun == "jobs"))
    where = portal.visit_places(work, visits.values())
    places = portal.places(work, (job.property_id for job in jobs.values()))
    heads = {
        ("visits", row.id): (
            row.title,
            _quiet(where[row.id], words.window(work, row.planned_start, row.planned_end)),
        )
        for row in visits.values()
    }
    for job in jobs.values():
        heads[("jobs", job.id)] = (
            job.title,
            _quiet(places.get(job.property_id, "") if job.property_id else "", ""),
        )
    return heads


def _quiet(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
