"""The only home of the list of server-rendered pages, in the order in which they are tried."""

from starlette.routing import BaseRoute, Route

from ontrack_app.settings import Settings
from ontrack_app.web import (
    account,
    account_factor,
    account_identities,
    account_sessions,
    adding_files,
    audit,
    confirm,
    development,
    factor,
    files,
    invitations,
    keys,
    links,
    magic_links,
    oidc,
    public_forms,
    sandbox,
    sign_in,
    webhooks,
)
from ontrack_app.web.pages import Who, nothing_here, route

KB = 1024
BODY_LIMITS = {
    "/auth/": 16 * KB,
    "/f/": 33 * 1024 * KB,  # a few photos of what is wrong
    "/files/add": 200 * 1024 * KB,
    "/portal/link/": 16 * KB,
    "/dev/": 16 * KB,
    "/sandbox/": 16 * KB,
    "/webhooks/": 256 * KB,
    "/api/sync/v1/uploads/": 17 * 1024 * KB,  # one piece of a file
    "/api/sync/v1/push": 256 * KB,
}
OURS = ("/auth/", "/files/", "/f/", "/portal/link/", "/dev/", "/sandbox/", "/webhooks/")


def routes(settings: Settings) -> list[BaseRoute]:
    """Every page for people without a session, and a page in words for what is not there. Development pages and the TEST
    gateway exist in development only."""
    found: list[Route] = [
        *sign_in.ROUTES,
        *magic_links.ROUTES,
        *account.ROUTES,
        *account_factor.ROUTES,
        *account_identities.ROUTES,
        *oidc.ROUTES,
        *account_sessions.ROUTES,
        *factor.ROUTES,
        *confirm.ROUTES,
        *audit.ROUTES,
        *keys.ROUTES,
        *invitations.ROUTES,
        *links.ROUTES,
        *public_forms.ROUTES,
        *adding_files.ROUTES,
        *files.ROUTES,
    ]
    if not settings.is_production:
        found += [*development.ROUTES, *sandbox.ROUTES, *webhooks.SANDBOX_ROUTES]
    return [*found, *(_rest(prefix) for prefix in OURS)]


def _rest(prefix: str) -> Route:
    return route(prefix + "{rest:path}", get=nothing_here, post=nothing_here, who=Who.ANYBODY)
