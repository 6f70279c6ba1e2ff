"""The only home of leaving for a page that the server makes: the one hard navigation a State can ask for.

A redirect of Reflex stays inside the front end, and a script would need `unsafe-eval`; an element that refreshes does neither.
"""

from typing import Any

import reflex as rx


def leave(to: rx.Var[str]) -> rx.Component:
    """Loads the address from the server as soon as it is not empty. A path of ours only: the State sees to that."""
    refresh: Any = rx.el.meta(http_equiv="refresh", content="0;url=" + to)
    return rx.cond(to != "", refresh)
