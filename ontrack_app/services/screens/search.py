"""Search on screen: one box over leads, clients, contacts, properties, estimates, jobs and invoices."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from models.access import Permission
from models.clients import KINDS, Client
from models.contacts import Contact
from models.estimates import Estimate
from models.invoices import Invoice
from models.jobs import Job
from models.leads import Lead
from models.properties import Property
from ontrack_app.schemas.screens.common import Badge
from ontrack_app.schemas.screens.home import Hit, Hits
from ontrack_app.services import listing, pipeline_stages, properties
from ontrack_app.services.listing import Query
from ontrack_app.services.screens import estimates, facts, invoices, jobs, related, words
from ontrack_app.work import Work

MOST = 6
FEWEST = 2


def search(work: Work, typed: str) -> list[Hits]:
    """What the words are found in, a group for each noun that has any; nothing for fewer than two letters."""
    work.actor.require(Permission.LEADS_READ)
    asked = " ".join(typed.replace("\x00", "").split())[:200]
    if len(asked) < FEWEST:
        return []
    groups = [
        find(work, asked) for find in (_clients, _contacts, _leads, _properties, _estimates, _jobs, _invoices)
    ]
    return [group for group in groups if group.rows]


def _found(work: Work, model: Any, asked: str) -> tuple[list[Any], str]:
    """The latest rows that hold the words, and how many hold them in all."""
    rows = listing.page(work, model, Query(limit=MOST + 1, q=asked)).rows
    number = len(rows) if len(rows) <= MOST else listing.count(work, model, Query(q=asked))
    return rows[:MOST], f"{number:,}"


def _group(
    title: str, icon: str, found: tuple[list[Any], str], hit: Callable[[Any], Hit], href: str = ""
) -> Hits:
    rows, count = found
    return Hits(title=title, icon=icon, count=count, all_href=href, rows=[hit(row) for row in rows])


def _all(path: str, tab: str, asked: str) -> str:
    return f"/{path}?{urlencode({'tab': tab, 'q': asked})}"


def _clients(work: Work, asked: str) -> Hits:
    kinds = dict(KINDS)
    return _group(
        "Clients",
        "building-2",
        _found(work, Client, asked),
        lambda row: Hit(title=row.name, more=kinds[row.kind], href=f"/clients/{row.id}"),
        _all("clients", "all", asked),
    )


def _contacts(work: Work, asked: str) -> Hits:
    found = _found(work, Contact, asked)
    names = _names(work, found[0])
    return _group(
        "Contacts",
        "users",
        found,
        lambda row: Hit(
            title=row.name,
            more=names.get(row.client_id, ""),
            line=row.phone or row.email,
            href=f"/clients/{row.client_id}",
        ),
    )


def _leads(work: Work, asked: str) -> Hits:
    stages = pipeline_stages.words(work)
    return _group(
        "Leads",
        "user-plus",
        _found(work, Lead, asked),
        lambda row: Hit(
            title=row.name,
            more=facts.one_line(row),
            line=" ".join(row.need.split())[:120],
            href=f"/leads/{row.id}",
            badge=Badge(word=stages[row.stage].label, tint=stages[row.stage].tint),
        ),
    )


def _properties(work: Work, asked: str) -> Hits:
    found = _found(work, Property, asked)
    names = _names(work, found[0])
    return _group(
        "Properties",
        "map-pin",
        found,
        lambda row: Hit(
            title=properties.one_line(row), more=names.get(row.client_id, ""), href=f"/properties/{row.id}"
        ),
        _all("properties", "all", asked),
    )


def _estimates(work: Work, asked: str) -> Hits:
    return _papers(work, Estimate, "file-text", asked, estimates.badge)


def _jobs(work: Work, asked: str) -> Hits:
    return _papers(work, Job, "briefcase", asked, jobs.badge)


def _invoices(work: Work, asked: str) -> Hits:
    return _papers(work, Invoice, "receipt", asked, invoices.badge)


def _papers(work: Work, model: Any, icon: str, asked: str, badge: Callable[[str], Badge]) -> Hits:
    found = _found(work, model, asked)
    names = _names(work, found[0])
    noun = str(model.__tablename__)
    return _group(
        noun.capitalize(),
        icon,
        found,
        lambda row: Hit(
            title=row.number or "Draft",
            more=names.get(row.client_id, ""),
            line=" · ".join(
                part for part in (row.title, words.money(work, getattr(row, "total_cents", None))) if part
            ),
            href=f"/{noun}/{row.id}",
            badge=badge(row.stage),
        ),
        _all(noun, "all", asked),
    )


def _names(work: Work, rows: list[Any]) -> dict[UUID, str]:
    return related.client_names(work, [row.client_id for row in rows])
