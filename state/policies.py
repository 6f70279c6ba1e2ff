"""The only home of "which event may run": the policy each handler carries, and the short list of the framework's own.

What has no policy does not run: not `setvar`, which exists on every State, not a public method that somebody forgot.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, get_type_hints

import pydantic_core
from pydantic import BaseModel, ConfigDict, ValidationError, create_model
from reflex.state import FrontendEventExceptionState, OnLoadInternalState, State
from reflex_base.registry import RegistrationContext
from reflex_base.utils.form import FormData, form_data_as_dict
from reflex_base.utils.format import format_event_handler

from models.access import Permission

MARK = "_ontrack_policy"
SERVER_ONLY = frozenset({"set_is_hydrated"})
FRAMEWORK = (
    (State, "hydrate"),
    (State, "hydrate_and_load"),
    (State, "set_is_hydrated"),
    (OnLoadInternalState, "on_load_internal"),
    (OnLoadInternalState, "set_is_hydrated"),
    (FrontendEventExceptionState, "handle_frontend_exception"),
)


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may run a handler (None: every member), and the arguments it takes."""

    permission: Permission | None
    arguments: type[BaseModel]


def arguments_of(handler: Callable[..., Any]) -> type[BaseModel]:
    """A model of a handler's arguments, made from its signature; `checked` reads it strictly.

    Raises:
        TypeError: an argument has no type, or collects others.
    """
    hints = get_type_hints(handler)
    fields: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(handler).parameters.items())[1:]:
        collects = parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
        if collects or hints.get(name, Any) is Any:
            raise TypeError(f"{handler.__qualname__}: the argument {name} needs a type of its own.")
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[name] = (hints[name], default)
    config = ConfigDict(extra="forbid")
    return create_model(f"{handler.__qualname__}.Arguments", __config__=config, **fields)


def checked(arguments: type[BaseModel], payload: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments as the handler's types, read as strictly as JSON allows ("5" is no number, a date is a string).

    Raises:
        ValueError: a value is of another type, missing, or not asked for.
    """
    plain = {
        name: dict(value) if isinstance(value, FormData) else form_data_as_dict(value)
        for name, value in payload.items()
    }
    try:
        found = arguments.model_validate_json(pydantic_core.to_json(plain), strict=True)
    except ValidationError as error:
        places = sorted(
            {".".join(map(str, item["loc"])) or "all" for item in error.errors(include_input=False)}
        )
        raise ValueError(f"arguments {', '.join(places)[:200]}") from None
    return {name: getattr(found, name) for name in type(found).model_fields}


@lru_cache(maxsize=1)
def framework_policies() -> Mapping[str, Policy]:
    """The policies of the framework's own events, by full name."""
    found = {}
    for state, name in FRAMEWORK:
        handler = state.event_handlers[name]
        found[format_event_handler(handler)] = Policy(None, arguments_of(handler.fn))
    return found


def policy_of(name: str) -> Policy | None:
    """The policy of a registered handler; None where there is no such handler or it carries none."""
    registered = RegistrationContext.get().event_handlers.get(name)
    if registered is None:
        return None
    if name in framework_policies():
        return framework_policies()[name]
    found = getattr(registered.handler.fn, MARK, None)
    return found if isinstance(found, Policy) else None


def is_framework(name: str) -> bool:
    """Whether an event is one of the framework's own that are let through."""
    return name in framework_policies()


def refusal_of(name: str, payload: Mapping[str, Any], *, from_client: bool = True) -> str:
    """Why an event may not run, for the log; empty where it may. No value that was sent is repeated."""
    last = name.rpartition(".")[2]
    if name not in RegistrationContext.get().event_handlers:
        return "there is no event of that name"
    policy = policy_of(name)
    if policy is None or last == "setvar" or (from_client and last in SERVER_ONLY):
        return f"{name} is not let through: only a handler with @guarded is"
    try:
        checked(policy.arguments, payload)
    except (ValueError, TypeError, RecursionError) as error:
        return f"{name}: {error}"
    return ""
