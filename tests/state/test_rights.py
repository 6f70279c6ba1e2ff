"""Every handler × every role that lacks its permission: told so, and nothing of the handler runs."""

import types
from collections.abc import Iterator
from typing import Any, get_args, get_origin
from uuid import uuid4

import pytest
from reflex_base.registry import RegistrationContext

from models.access import GRANTS, PEOPLE_ROLES, Role
from ontrack_app.actor import Actor, TenantFacts
from ontrack_app.ontrack_app import app
from state.guarding import use_desk
from state.policies import is_framework, policy_of
from state.session import SessionDesk
from state.sockets import session_now
from tests.state.support import Screen

SAMPLES: dict[Any, Any] = {str: "x", int: 1, float: 1.5, bool: True, list: [], dict: {}, tuple: [], set: []}


class RoleDesk(SessionDesk):
    """A session's hash is the role it stands for."""

    async def actor(self) -> Actor:
        tenant = TenantFacts(uuid4(), "sample", "Sample", "UTC", "USD", "en")
        return Actor(tenant=tenant, role=Role(session_now()))


@pytest.fixture(autouse=True)
def _desk() -> Iterator[None]:
    use_desk(RoleDesk())
    yield
    use_desk(SessionDesk())


def guarded_names() -> list[str]:
    """Every handler of the app that asks for a permission."""
    assert app is not None
    found = []
    for name, registered in RegistrationContext.get().event_handlers.items():
        policy = policy_of(name)
        mine = not registered.states[0].__module__.startswith("tests.")
        if mine and policy is not None and policy.permission is not None and not is_framework(name):
            found.append(name)
    return sorted(found)


def sample(hint: Any) -> Any:
    """A value of the type, as JSON."""
    if get_origin(hint) in (types.UnionType, None) and type(None) in get_args(hint):
        return None
    kind = get_origin(hint) or hint
    return SAMPLES.get(kind, str(uuid4()))


@pytest.mark.parametrize("name", guarded_names())
def test_a_role_without_the_permission_runs_nothing(name: str) -> None:
    policy = policy_of(name)
    assert policy is not None
    assert policy.permission is not None
    payload = {
        key: sample(field.annotation)
        for key, field in policy.arguments.model_fields.items()
        if field.is_required()
    }
    for role in PEOPLE_ROLES:
        if policy.permission in GRANTS[role]:
            continue
        screen = Screen(role.value)
        screen.send_named(name, payload)
        assert [toast.text.startswith("The role ") for toast in screen.toasts] == [True], role
        assert not screen.events
        assert not screen.failures
        screen.close()
