"""The settings' part on files: where they are kept, who looks at them, how much of the quota is used, and whether photos keep their place."""

from typing import cast

from sqlalchemy import func, select
from sqlmodel import col

from models.access import Permission
from models.base import TenantRow
from models.files import File
from models.tenants import Tenant
from ontrack_app.schemas.screens.files import FilePlace
from ontrack_app.services.files import uploads
from ontrack_app.services.screens import words
from ontrack_app.settings import settings
from ontrack_app.work import Work

MB = 1024 * 1024
ON_DISK = "On the disk of the server that runs OnTrack"
IN_BUCKET = "In a bucket that speaks the S3 protocol"
SCANNER = "ClamAV looks into every file before anybody can open it"
NO_SCANNER = "No virus scanner is configured"
SCANNER_NOTE = "While it does not answer, files wait; none is shown unchecked."
POLICY_NOTE = (
    "A content policy stands in its place. Only photos and PDF are taken, photos are drawn anew, and PDFs that run scripts are "
    "refused. It is no antivirus. Whoever runs the server sets CLAMD_URL to have one."
)


def facts(work: Work) -> FilePlace:
    """What the page says.

    Raises:
        Forbidden: the actor may not change settings.
    """
    work.actor.require(Permission.SETTINGS_MANAGE)
    tenant, given = work.find_tenant(Tenant), settings()
    used, quota = uploads.used_bytes(work), tenant.file_quota_mb * MB
    alive = select(func.count()).select_from(File).where(
        col(File.tenant_id) == work.actor.tenant_id, col(File.archived_at).is_(None)
    )  # fmt: skip
    return FilePlace(
        store=IN_BUCKET if given.s3_bucket else ON_DISK,
        scanner=SCANNER if given.clamd_url else NO_SCANNER,
        scanner_note=SCANNER_NOTE if given.clamd_url else POLICY_NOTE,
        has_scanner=bool(given.clamd_url),
        used=f"{size(used)} of {size(quota)}",
        used_share=min(100, round(100 * used / quota)) if quota else 100,
        count=words.some(work.session.execute(alive).scalar_one(), "file"),
        keeps_place=tenant.keeps_photo_place,
    )


def keep_place(work: Work, is_kept: bool) -> None:
    """Says whether photos that come from now on keep the place where they were taken.

    Raises:
        Forbidden: the actor may not change settings.
    """
    work.actor.require(Permission.SETTINGS_MANAGE)
    tenant = work.find_tenant(Tenant)
    if tenant.keeps_photo_place == is_kept:
        return
    tenant.keeps_photo_place = is_kept
    tenant.version += 1
    tenant.updated_at = work.at
    row = cast(TenantRow, tenant)  # the company's own row: it has all that the trail reads of a row
    before, after = {"keeps_photo_place": not is_kept}, {"keeps_photo_place": is_kept}
    work.record("settings.photo_place", row, before=before, after=after)


def size(count: int) -> str:
    """Bytes as people read them: 640 KB, 3.2 MB, 20 GB."""
    for unit, step in (("GB", MB * 1024), ("MB", MB), ("KB", 1024)):
        if count >= step:
            return f"{count / step:.1f}".removesuffix(".0") + f" {unit}"
    return words.some(count, "byte")
