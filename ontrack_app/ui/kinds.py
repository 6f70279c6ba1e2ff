"""The only home of the types that the parts speak: what may be a value and what may be a Var."""

from typing import Any, TypeAlias

import reflex as rx

Text: TypeAlias = str | rx.Var[Any]
Flag: TypeAlias = bool | rx.Var[Any]
Items: TypeAlias = rx.Var[Any] | list[Any]
Child: TypeAlias = rx.Component | str | rx.Var[Any]
Handler: TypeAlias = (
    Any  # an event handler, an event, or a function that gives one: Reflex has no type for the three
)
Options: TypeAlias = rx.Var[Any] | list[tuple[str, str]]


def joined(*parts: Text) -> Any:
    """Texts and Vars behind each other, as one Var."""
    whole: Any = rx.Var.create("")
    for part in parts:
        whole = whole + part
    return whole


def shown(value: Text) -> bool:
    """Whether a text is known to be worth a place: any Var, or a text that is not empty."""
    return isinstance(value, rx.Var) or bool(value)


def when(value: Text, part: rx.Component) -> rx.Component:
    """The part if the text is not empty; decided now for plain text, in the browser for a Var."""
    if isinstance(value, rx.Var):
        return rx.cond(value, part, rx.fragment())
    return part if value else rx.fragment()
