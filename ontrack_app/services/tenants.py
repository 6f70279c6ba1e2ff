"""Tenants: setting a new company up, whole."""

from dataclasses import dataclass

from models.access import Permission
from models.ids import new_id
from models.numbers import check_pattern
from models.tenants import NumberPattern, Tenant
from ontrack_app.services import numbers, pipeline_stages
from ontrack_app.work import Work


@dataclass(frozen=True)
class CompanyFacts:
    """What is known of a company when it starts; what is left empty keeps the usual value."""

    legal_name: str = ""
    timezone: str = "America/Chicago"
    currency: str = "USD"
    locale: str = "en_US"
    country: str = "US"
    phone: str = ""
    email: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    document_terms: str = ""


def set_up(work: Work, facts: CompanyFacts) -> None:
    """Gives a company that was just added its facts, its pipeline and its number patterns.

    Raises:
        Forbidden: the actor may not change settings.
    """
    work.actor.require(Permission.SETTINGS_MANAGE)
    tenant = work.find_tenant(Tenant)
    for name, value in vars(facts).items():
        if value:
            setattr(tenant, name, value)
    pipeline_stages.add_defaults(work)
    for kind, pattern in numbers.DEFAULTS.items():
        check_pattern(pattern)
        work.add(NumberPattern(tenant_id=work.actor.tenant_id, id=new_id(), kind=kind, pattern=pattern))


def brand(work: Work, colours: dict[str, str]) -> None:
    """Sets the company's own accent.

    Raises:
        Forbidden: the actor may not change settings.
    """
    work.actor.require(Permission.SETTINGS_MANAGE)
    work.find_tenant(Tenant).brand = colours
