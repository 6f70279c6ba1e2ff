"""The only home of the doors to our small browser parts in assets/widgets: typed text, choices, grid keys, signature, uploads, news."""

from typing import Any, ClassVar

import reflex as rx
from reflex_components_core.el.elements.forms import Input, Select  # type: ignore[import-untyped]

_FROM = "$/public/widgets/"


class Entry(Input):  # type: ignore[misc]
    """A field that keeps typed text in the browser and commits it when left, on Enter, or after `delay` ms."""

    library = _FROM + "entry.jsx"
    tag = "Entry"
    _is_tag_in_global_scope: ClassVar[bool] = False

    delay: rx.Var[int]
    area: rx.Var[bool]
    cell: rx.Var[bool]
    rows: rx.Var[int]
    on_commit: rx.EventHandler[rx.event.passthrough_event_spec(str)]  # type: ignore[type-arg, valid-type]


class Tick(Input):  # type: ignore[misc]
    """A box that is ticked at once, and shows the server's word when it comes."""

    library = _FROM + "choice.jsx"
    tag = "Tick"
    _is_tag_in_global_scope: ClassVar[bool] = False

    on_tick: rx.EventHandler[rx.event.passthrough_event_spec(bool)]  # type: ignore[type-arg, valid-type]


class Choice(Select):  # type: ignore[misc]
    """A list whose choice shows at once, and the server's word when it comes."""

    library = _FROM + "choice.jsx"
    tag = "Choice"
    _is_tag_in_global_scope: ClassVar[bool] = False

    on_choose: rx.EventHandler[rx.event.passthrough_event_spec(str)]  # type: ignore[type-arg, valid-type]


class GridKeys(rx.Component):
    """A box whose cells are walked by Enter and the arrow keys; `rows` is how many rows it holds."""

    library = _FROM + "grid.jsx"
    tag = "GridKeys"

    rows: rx.Var[int]


class SignaturePad(rx.Component):
    """A drawn or typed signature; `on_sign(kind, value)` with kind drawn or typed."""

    library = _FROM + "signature.jsx"
    tag = "SignaturePad"

    signer: rx.Var[str]
    label: rx.Var[str]
    on_sign: rx.EventHandler[rx.event.passthrough_event_spec(str, str)]  # type: ignore[type-arg, valid-type]


class News(rx.Component):
    """Nothing to see: calls `on_news()` when `word` becomes another one, once the page is looked at."""

    library = _FROM + "news.jsx"
    tag = "News"

    word: rx.Var[str]
    on_news: rx.EventHandler[rx.event.no_args_event_spec]  # type: ignore[type-arg, valid-type]


class UploadBox(rx.Component):
    """A box around a form with files, which sends them piece by piece, shows how far they are and takes what is dropped;
    `on_added` after each."""

    library = _FROM + "uploads.jsx"
    tag = "UploadBox"

    noun: rx.Var[str]
    row: rx.Var[str]
    on_added: rx.EventHandler[rx.event.no_args_event_spec]  # type: ignore[type-arg, valid-type]


def entry(value: Any, **props: Any) -> rx.Component:
    """An `Entry` showing `value`."""
    return Entry.create(value=value, **props)
