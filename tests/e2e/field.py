"""The only home of the ground of a crew's walk: a visit made in the running OnTrack, and what the office's tables say of it.

Run as a program beside the running OnTrack, which tests/e2e/beside.py asks: `["make", …]` on a line, the answer on a line.
"""

import json
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col

from models.access import Role
from models.clients import Client
from models.contacts import Contact
from models.devices import Device
from models.ids import new_id, now
from ontrack_app.cli.people import credential, member_of
from ontrack_app.db import begin
from ontrack_app.embedded.database import database
from ontrack_app.schemas.clients import PropertyBody
from ontrack_app.schemas.common import Address
from ontrack_app.schemas.crew_work import ItemBody
from ontrack_app.schemas.jobs import JobBody, VisitBody, VisitMoveBody, VisitPatch
from ontrack_app.schemas.members import MemberPatch
from ontrack_app.services import checklist_items, devices, jobs, members, properties, visits
from ontrack_app.work import Work

STEPS = (("Photo before", "photo"), ("Magnet over the lawn", "check"), ("Gutter length", "number"), ("What the owner said", "text"), ("Photo after", "photo"), ("Customer signature", "signature"))  # fmt: skip
TOLD = {
    "visit": "SELECT stage FROM visits WHERE id = :visit",
    "moves": "SELECT word FROM audit_entries WHERE row_id = :visit AND noun = 'visits' AND word ~ '^visits[.](depart|arrive|pause|resume|finish|no_access)' ORDER BY n",
    "steps": "SELECT label, stage, value FROM checklist_items WHERE visit_id = :visit ORDER BY position",
    "answers": "SELECT i.label, r.outcome, r.value FROM checklist_results r JOIN checklist_items i ON i.id = r.item_id WHERE r.visit_id = :visit ORDER BY r.created_at, r.id",
    "notes": "SELECT text FROM notes WHERE row_id = :visit ORDER BY created_at, id",
    "hours": "SELECT kind, ended_at IS NOT NULL AS ended, skewed FROM time_entries WHERE visit_id = :visit ORDER BY started_at, id",
    "materials": "SELECT name, quantity::float AS quantity, unit FROM materials WHERE visit_id = :visit ORDER BY id",
    "expenses": "SELECT title, claimed_cents, receipt_id::text FROM expenses WHERE visit_id = :visit ORDER BY id",
    "tasks": "SELECT kind, text, wanted FROM tasks WHERE visit_id = :visit ORDER BY id",
    "signatures": "SELECT name, kind, document_hash FROM signatures WHERE row_id = :visit ORDER BY id",
    "files": "SELECT kind, phase, stage, sha256 FROM files WHERE row_id = :visit ORDER BY taken_at, id",
    "numbers": "SELECT c.phone FROM contacts c JOIN jobs j ON j.client_id = c.client_id JOIN visits v ON v.job_id = j.id WHERE v.id = :visit",
    "clocks": "SELECT extract(epoch FROM now() - started_at)::float AS late_s FROM time_entries WHERE visit_id = :visit",
    "conflicts": "SELECT field, lost, decision FROM conflicts WHERE row_id IN (:visit, :property) ORDER BY created_at",
    "quarantine": "SELECT kind, decision FROM quarantine WHERE member_id = :member ORDER BY received_at, id",
}


def make(work: Work, email: str, title: str) -> dict[str, str]:
    """A client with a house, a job, and a visit of this hour with a step of each kind, for the crew member of that mail."""
    tenant = work.actor.tenant_id
    client = Client(tenant_id=tenant, id=new_id(), name=f"Owner of {title}")
    work.add(client)
    work.add(Contact(tenant_id=tenant, id=new_id(), client_id=client.id, name="Ana Owner", phone="+13125550142", is_primary=True))  # fmt: skip
    home = properties.create(work, PropertyBody(client_id=client.id, address=Address(street=f"12 {title} St", city="Elgin", region="IL"), access_notes="Gate code 12"))  # fmt: skip
    job = jobs.create(work, JobBody(client_id=client.id, property_id=home.id, title=title))
    start = now() - timedelta(minutes=30)
    crew = member_of(work, email)
    visit = visits.create(work, VisitBody(job_id=job.id, title=title, planned_start=start, planned_end=start + timedelta(hours=2), assignee_ids=[crew.id]))  # fmt: skip
    steps = [checklist_items.create(work, ItemBody(visit_id=visit.id, label=label, kind=kind, required=True)) for label, kind in STEPS]  # type: ignore[arg-type]  # fmt: skip
    return {
        "visit": str(visit.id),
        "property": str(home.id),
        "job": str(job.id),
        "member": str(crew.id),
        "step": str(steps[0].id),
    }


def hire(work: Work, email: str) -> dict[str, str]:
    """A new crew member."""
    return {"member": str(members.add(work, email, email.partition("@")[0], Role.CREW).id)}


def told(work: Work, visit: str, home: str, member: str) -> dict[str, Any]:
    """Everything that the tables hold about a visit, in the order in which it happened."""
    given = {"visit": UUID(visit), "property": UUID(home), "member": UUID(member)}
    return {name: [dict(row) for row in work.session.execute(text(query), given).mappings()] for name, query in TOLD.items()}  # fmt: skip


def sign_off(work: Work, member: str) -> dict[str, Any]:
    """Ends every session of a member: what their browsers hold opens nothing any more."""
    return {"ended": members.end_sessions(work, UUID(member))}


def promote(work: Work, member: str) -> dict[str, Any]:
    """A crew member becomes one of the office."""
    return {"role": members.patch(work, UUID(member), MemberPatch(role=Role.OFFICE)).role}


def take_away(work: Work, visit: str) -> dict[str, Any]:
    """Nobody goes on the visit any more."""
    return {"stage": visits.patch(work, UUID(visit), VisitPatch(assignee_ids=[])).stage}


def revoke(work: Work, member: str) -> dict[str, Any]:
    """Signs a member's phones off."""
    query = work.of(Device).where(col(Device.member_id) == UUID(member))
    return {"phones": [devices.revoke(work, one.id).label for one in work.all(query)]}


def move(work: Work, visit: str, name: str) -> dict[str, Any]:
    """Makes a move of the visit, as whoever is on it would."""
    return {"stage": visits.move(work, UUID(visit), name, VisitMoveBody()).stage}


DO = {
    "make": make,
    "move": move,
    "told": told,
    "hire": hire,
    "sign_off": sign_off,
    "promote": promote,
    "take_away": take_away,
    "revoke": revoke,
}


def main(slug: str) -> None:
    with database():
        for line in sys.stdin:
            what, *words = json.loads(line)
            with begin(credential(slug)) as work:
                said = DO[what](work, *words)
            sys.stdout.write(json.dumps(said, default=str) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
