"""Periodic work: what becomes due by the clock alone, in every tenant, and what nobody needs any more.

All of it may run twice, or in two workers at once: each chore changes what it still finds to change.
"""

import logging
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import text

from models.access import Permission
from ontrack_app.background.queue import NOBODY, SystemCredential, begin, relay
from ontrack_app.services import checkouts, estimates, idempotency_keys
from ontrack_app.services.files import checks, uploads
from ontrack_app.services.sync import pull
from ontrack_app.work import Work

logger = logging.getLogger("ontrack.background")
WHEN = {"minute": "*/15"}
TENANTS = text("SELECT auth.tenant_ids()")
FORGET = text("SELECT auth.forget_old()")
DROP_DONE = text("""
    DELETE FROM public.outbox_messages WHERE (tenant_id, id) IN (
      SELECT tenant_id, id FROM public.outbox_messages
      WHERE state = 'done' AND done_at < now() - interval '7 days' LIMIT 10000)
""")

Chore = Callable[[Work], object]
CHORES: tuple[tuple[Chore, frozenset[Permission]], ...] = (
    (estimates.expire_due, frozenset({Permission.ESTIMATES_WRITE})),
    (checkouts.give_up, frozenset({Permission.PAYMENTS_RECORD})),
    (uploads.expire, frozenset({Permission.FILES_WRITE})),
    (checks.take_up, frozenset({Permission.FILES_WRITE})),
    (idempotency_keys.purge, frozenset()),
    (pull.forget, frozenset()),
)


def tidy() -> None:
    """Every chore in every tenant, then what has no tenant; one that fails leaves the others to go on."""
    with relay() as connection:
        tenants = list(connection.execute(TENANTS).scalars())
    for tenant_id in tenants:
        for chore, rights in CHORES:
            do(chore, rights, tenant_id)
    with relay() as connection:
        connection.execute(FORGET)
        connection.execute(DROP_DONE)


def do(chore: Chore, rights: frozenset[Permission], tenant_id: UUID) -> None:
    """One chore in one tenant, in a transaction of its own; a failure is logged, and the next tick tries again."""
    try:
        with begin(SystemCredential(tenant_id, NOBODY, only=rights)) as work:
            chore(work)
    except Exception:
        logger.exception("The chore %s failed in tenant %s.", chore.__name__, tenant_id)
