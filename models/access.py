"""The only home of rights: the roles, every permission as a word `noun:verb`, and who has which by default.

Services `require` a permission, screens hide what `granted` lacks, API scopes are the same words.
"""

from enum import StrEnum


class Role(StrEnum):
    """What a person is in one tenant; `system` acts for OnTrack itself and is never given to a person."""

    ADMIN = "admin"
    OFFICE = "office"
    CREW = "crew"
    PROPERTY_MANAGER = "property_manager"
    CLIENT = "client"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """The role as people read it."""
        return self.value.replace("_", " ").capitalize()


PEOPLE_ROLES = tuple(role for role in Role if role is not Role.SYSTEM)
PORTAL_ROLES = frozenset({Role.CLIENT, Role.PROPERTY_MANAGER})
OFFICE_ROLES = frozenset({Role.ADMIN, Role.OFFICE})
STAFF_ROLES = OFFICE_ROLES | {Role.CREW}


class Permission(StrEnum):
    """One thing that may be done to one noun; alphabetical."""

    AUDIT_READ = "audit:read"
    CHECKLIST_ITEMS_READ = "checklist_items:read"
    CHECKLIST_ITEMS_WRITE = "checklist_items:write"
    CHECKLIST_TEMPLATES_DELETE = "checklist_templates:delete"
    CHECKLIST_TEMPLATES_READ = "checklist_templates:read"
    CHECKLIST_TEMPLATES_WRITE = "checklist_templates:write"
    CLIENTS_DELETE = "clients:delete"
    CLIENTS_READ = "clients:read"
    CLIENTS_WRITE = "clients:write"
    CONTACTS_DELETE = "contacts:delete"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    ESTIMATES_ANSWER = "estimates:answer"
    ESTIMATES_READ = "estimates:read"
    ESTIMATES_VOID = "estimates:void"
    ESTIMATES_WRITE = "estimates:write"
    EXPENSES_APPROVE = "expenses:approve"
    EXPENSES_READ = "expenses:read"
    FILES_DELETE = "files:delete"
    FILES_READ = "files:read"
    FILES_WRITE = "files:write"
    INVOICES_ISSUE = "invoices:issue"
    INVOICES_PAY = "invoices:pay"
    INVOICES_READ = "invoices:read"
    INVOICES_VOID = "invoices:void"
    INVOICES_WRITE = "invoices:write"
    JOBS_DELETE = "jobs:delete"
    JOBS_READ = "jobs:read"
    JOBS_WRITE = "jobs:write"
    KEYS_MANAGE = "keys:manage"
    LEADS_DELETE = "leads:delete"
    LEADS_READ = "leads:read"
    LEADS_WRITE = "leads:write"
    MATERIALS_READ = "materials:read"
    MEMBERS_MANAGE = "members:manage"
    MEMBERS_READ = "members:read"
    NOTES_WRITE = "notes:write"
    PAYMENTS_READ = "payments:read"
    PAYMENTS_RECORD = "payments:record"
    PRICE_ITEMS_DELETE = "price_items:delete"
    PRICE_ITEMS_READ = "price_items:read"
    PRICE_ITEMS_WRITE = "price_items:write"
    PROFILE_READ = "profile:read"
    PROPERTIES_DELETE = "properties:delete"
    PROPERTIES_READ = "properties:read"
    PROPERTIES_WRITE = "properties:write"
    SETTINGS_MANAGE = "settings:manage"
    TASKS_READ = "tasks:read"
    TASKS_WRITE = "tasks:write"
    TAX_CODES_READ = "tax_codes:read"
    TAX_CODES_WRITE = "tax_codes:write"
    TIME_ENTRIES_APPROVE = "time_entries:approve"
    TIME_ENTRIES_READ = "time_entries:read"
    TIME_ENTRIES_WRITE = "time_entries:write"
    VISITS_CORRECT = "visits:correct"
    VISITS_DELETE = "visits:delete"
    VISITS_PERFORM = "visits:perform"
    VISITS_READ = "visits:read"
    VISITS_WRITE = "visits:write"


P = Permission
ADMIN_ONLY = frozenset(
    {
        P.AUDIT_READ, P.ESTIMATES_VOID, P.INVOICES_VOID, P.KEYS_MANAGE, P.MEMBERS_MANAGE, P.SETTINGS_MANAGE,
        P.CLIENTS_DELETE, P.CONTACTS_DELETE, P.FILES_DELETE, P.JOBS_DELETE, P.LEADS_DELETE, P.PRICE_ITEMS_DELETE,
        P.PROPERTIES_DELETE, P.VISITS_DELETE, P.TAX_CODES_WRITE, P.CHECKLIST_TEMPLATES_WRITE, P.CHECKLIST_TEMPLATES_DELETE,
    }
)  # fmt: skip
OF_THE_CUSTOMER = frozenset(
    {
        P.CLIENTS_READ, P.ESTIMATES_ANSWER, P.ESTIMATES_READ, P.FILES_READ, P.INVOICES_PAY, P.INVOICES_READ, P.JOBS_READ,
        P.PAYMENTS_READ, P.PROFILE_READ, P.PROPERTIES_READ, P.VISITS_READ,
    }
)  # fmt: skip
OF_THE_CREW = frozenset(
    {
        P.CHECKLIST_ITEMS_READ,
        P.CLIENTS_READ,
        P.EXPENSES_READ,
        P.FILES_READ,
        P.FILES_WRITE,
        P.JOBS_READ,
        P.MATERIALS_READ,
        P.NOTES_WRITE,
        P.PROFILE_READ,
        P.PROPERTIES_READ,
        P.TASKS_READ,
        P.TIME_ENTRIES_READ,
        P.VISITS_PERFORM,
        P.VISITS_READ,
    }
)

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(P) - {P.INVOICES_PAY},
    Role.OFFICE: frozenset(P) - ADMIN_ONLY - {P.INVOICES_PAY},
    Role.CREW: OF_THE_CREW,
    Role.PROPERTY_MANAGER: OF_THE_CUSTOMER,
    Role.CLIENT: OF_THE_CUSTOMER,
    Role.SYSTEM: frozenset(P),
}

# What a tenant may give a role on top; everything that a role has by default it may take, but for what is locked.
GRANTABLE: dict[Role, frozenset[Permission]] = {
    Role.OFFICE: frozenset(
        {
            P.AUDIT_READ, P.ESTIMATES_VOID, P.INVOICES_VOID, P.CLIENTS_DELETE, P.CONTACTS_DELETE, P.JOBS_DELETE,
            P.FILES_DELETE, P.LEADS_DELETE, P.PRICE_ITEMS_DELETE, P.PROPERTIES_DELETE, P.VISITS_DELETE, P.TAX_CODES_WRITE,
            P.CHECKLIST_TEMPLATES_WRITE, P.CHECKLIST_TEMPLATES_DELETE,
        }
    ),
}  # fmt: skip
LOCKED: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(
        {P.MEMBERS_MANAGE, P.MEMBERS_READ, P.SETTINGS_MANAGE, P.PROFILE_READ, P.AUDIT_READ}
    ),
    Role.OFFICE: frozenset({P.PROFILE_READ}),
    Role.CREW: frozenset({P.PROFILE_READ}),
    Role.PROPERTY_MANAGER: frozenset({P.PROFILE_READ}),
    Role.CLIENT: frozenset({P.PROFILE_READ}),
}


def rights_of(role: Role, taken: frozenset[str], given: frozenset[str]) -> frozenset[Permission]:
    """What a role may do in a tenant that took and gave these rights; what may not be taken or given does not count."""
    kept = frozenset(right for right in GRANTS[role] if right.value not in taken)
    added = frozenset(right for right in GRANTABLE.get(role, frozenset()) if right.value in given)
    return kept | added | (GRANTS[role] & LOCKED.get(role, frozenset()))
