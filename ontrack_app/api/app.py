"""The REST application: every noun's routes under /api/v1, with their OpenAPI document."""

from fastapi import FastAPI

from ontrack_app.api import problems
from ontrack_app.api.audit import AUDIT
from ontrack_app.api.checklist_items import CHECKLIST_ITEMS
from ontrack_app.api.checklist_templates import CHECKLIST_TEMPLATES
from ontrack_app.api.clients import CLIENTS
from ontrack_app.api.conflicts import CONFLICTS
from ontrack_app.api.contacts import CONTACTS
from ontrack_app.api.devices import DEVICES
from ontrack_app.api.documents import DOCUMENTS
from ontrack_app.api.estimates import ESTIMATES
from ontrack_app.api.expenses import EXPENSES
from ontrack_app.api.files import FILES
from ontrack_app.api.invitations import INVITATIONS
from ontrack_app.api.invoices import INVOICES
from ontrack_app.api.jobs import JOBS
from ontrack_app.api.keys import KEYS
from ontrack_app.api.leads import LEADS
from ontrack_app.api.materials import MATERIALS
from ontrack_app.api.members import ME, MEMBERS
from ontrack_app.api.nouns import Noun, routes
from ontrack_app.api.payments import PAYMENTS
from ontrack_app.api.price_items import PRICE_ITEMS
from ontrack_app.api.properties import PROPERTIES
from ontrack_app.api.quarantine import QUARANTINE
from ontrack_app.api.rights import RIGHTS
from ontrack_app.api.sync.routes import SYNC
from ontrack_app.api.tasks import TASKS
from ontrack_app.api.tax_codes import TAX_CODES
from ontrack_app.api.time_entries import TIME_ENTRIES
from ontrack_app.api.uploads import UPLOADS
from ontrack_app.api.visits import VISITS

PREFIX = "/api/v1"
NOUNS: tuple[Noun, ...] = (
    LEADS, CLIENTS, CONTACTS, PROPERTIES, PRICE_ITEMS, TAX_CODES, ESTIMATES, JOBS, VISITS, INVOICES, PAYMENTS, MEMBERS,
    INVITATIONS, FILES, TIME_ENTRIES, EXPENSES, TASKS, MATERIALS, CHECKLIST_ITEMS, CHECKLIST_TEMPLATES,
)  # fmt: skip


def build() -> FastAPI:
    """The application that the front door mounts; it answers everything below /api/v1."""
    api = FastAPI(
        title="OnTrack",
        version="1",
        description="A contractor's job from the first call to the last cent.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    problems.install(api)
    api.include_router(ME, prefix=PREFIX)
    api.include_router(DOCUMENTS, prefix=PREFIX)
    api.include_router(RIGHTS, prefix=PREFIX)
    api.include_router(AUDIT, prefix=PREFIX)
    for own in (KEYS, CONFLICTS, QUARANTINE, DEVICES):
        api.include_router(own, prefix=PREFIX)
    api.include_router(UPLOADS)
    api.include_router(SYNC)
    for noun in NOUNS:
        api.router.routes.extend(routes(noun, PREFIX))
    return api
