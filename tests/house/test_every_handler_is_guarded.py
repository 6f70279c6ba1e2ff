"""Every event handler of every State and every route has a policy; what the framework opens by itself stays shut.

A public method of a State can be called by any socket, decorated or not. The story: a helper without an underscore was once
a way to read another tab. There is no escape from this check; a helper's name starts with an underscore.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.shared import SharedState
from reflex.state import BaseState
from reflex_base.config import get_config
from reflex_base.constants import Endpoint
from reflex_base.registry import RegistrationContext
from starlette.routing import BaseRoute, Mount

from ontrack_app.ontrack_app import app, outside
from ontrack_app.settings import PROJECT_ROOT, settings
from ontrack_app.web.guard import OPEN_PREFIXES, PROBES, SOCKET_PATHS, is_hidden
from ontrack_app.web.origins import ourselves
from state.guarding import DenyByDefault
from state.policies import framework_policies, policy_of, refusal_of
from state.sockets import ClosedNamespace

SCREENS = ("pages", "portal", "state", "ontrack_app/ui")
SCRIPT_EVENTS = {
    "call_script", "run_script", "call_function", "toast", "set_clipboard", "scroll_to", "set_value", "window_alert", "console_log",
    "remove_cookie", "remove_local_storage", "clear_local_storage", "clear_session_storage", "remove_session_storage",
}  # fmt: skip
NEVER = {
    "Cookie",
    "LocalStorage",
    "SessionStorage",
    "SharedState",
    "html",
    "upload",
    "upload_files",
    "session",
    "Model",
}


def all_states() -> Iterator[type[BaseState]]:
    """Every State of the app; tests define some of their own, which are not its."""
    for state in RegistrationContext.get().base_states.values():
        if not state.__module__.startswith("tests."):
            yield state


def handler_names() -> list[str]:
    return sorted(
        f"{state.get_full_name()}.{name}" for state in all_states() for name in state.event_handlers
    )


def is_ours(name: str) -> bool:
    state = RegistrationContext.get().event_handlers[name].states[0]
    return not state.__module__.startswith(("reflex", "reflex_base", "reflex_components"))


@pytest.mark.parametrize("name", handler_names())
def test_every_handler_has_a_policy_or_is_refused(name: str) -> None:
    if name.endswith(".setvar"):
        assert refusal_of(name, {"var_name": "x", "value": 1})
    elif is_ours(name):
        assert policy_of(name) is not None, (
            f"{name} can be called by any socket: add @guarded, or an underscore to a helper's name"
        )
    elif name not in framework_policies():
        assert refusal_of(name, {})


def test_the_framework_has_no_event_that_is_let_through_but_by_name() -> None:
    known = RegistrationContext.get().event_handlers
    assert set(framework_policies()) <= set(known)
    assert {name.rpartition(".")[2] for name in framework_policies()} == {
        "hydrate", "hydrate_and_load", "set_is_hydrated", "on_load_internal", "handle_frontend_exception",
    }  # fmt: skip


def test_the_doors_are_built_in() -> None:
    assert isinstance(app.event_namespace, ClosedNamespace)
    assert any(isinstance(rule, DenyByDefault) for rule in app._middlewares)
    assert app.sio is not None
    assert app.sio.namespace_handlers[app.event_namespace.namespace] is app.event_namespace


def test_state_is_never_written_to_disk() -> None:
    if not settings().redis_url:
        assert isinstance(app.state_manager, StateManagerMemory)


def test_no_origin_but_ours() -> None:
    config = get_config()
    assert set(config.cors_allowed_origins) == ourselves(settings()).origins
    assert config.transport == "websocket"
    assert not config.state_auto_setters


def test_the_browser_stores_nothing_that_a_state_believes() -> None:
    stored = [
        f"{state.__name__}.{name}"
        for state in all_states()
        for name in state.base_vars
        if state._is_client_storage(name)
    ]
    assert stored == []
    assert not [state for state in all_states() if issubclass(state, SharedState)]


def test_no_route_of_the_framework_is_reachable() -> None:
    for endpoint in Endpoint:
        path = str(endpoint)
        assert is_hidden(path) or path in SOCKET_PATHS
    assert all(is_hidden(path) for path in SOCKET_PATHS)


def paths_of(routes: list[BaseRoute]) -> Iterator[str]:
    for route in routes:
        path = getattr(route, "path", "")
        if isinstance(route, Mount) and path == "":
            continue
        yield path if path.endswith("/") or not isinstance(route, Mount) else path + "/"


def test_every_route_outside_the_screens_is_named_as_open() -> None:
    paths = set(paths_of(outside.routes))
    assert paths
    for path in paths:
        assert path in PROBES or path.startswith(OPEN_PREFIXES) or is_hidden(path), (
            f"{path} is no page and stands in no open prefix"
        )


def test_no_page_is_open() -> None:
    routes = [f"/{route}" for route in app._unevaluated_pages] + [
        str(given.get("route", "")) for _, given in RegistrationContext.get().decorated_pages
    ]
    assert routes
    for route in routes:
        assert not route.startswith(OPEN_PREFIXES), f"{route} would be served to people without a session"


def source_files() -> Iterator[Path]:
    for name in (*SCREENS, "ontrack_app/ontrack_app.py"):
        top = PROJECT_ROOT / name
        yield from [top] if top.is_file() else sorted(top.rglob("*.py"))


@pytest.mark.parametrize("path", list(source_files()), ids=lambda path: str(path.relative_to(PROJECT_ROOT)))
def test_no_event_is_a_script_and_no_identity_is_in_the_browser(path: Path) -> None:
    """What the server returns as script is silently dropped by the content security policy; toasts are drawn from state."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "rx":
            assert node.attr not in SCRIPT_EVENTS | NEVER, (
                f"line {node.lineno}: rx.{node.attr} (see docs of this check)"
            )


def test_the_list_of_script_events_is_true() -> None:
    assert all(hasattr(rx, name) for name in SCRIPT_EVENTS - {"call_function", "run_script"})
