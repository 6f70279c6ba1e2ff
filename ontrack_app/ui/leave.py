"""The only home of leaving for a page that the server makes: the one hard navigation a State can ask for.

A redirect of Reflex stays inside the front end, and a script would need `unsafe-eval`; an element that refreshes does neither.
"""

from typing import Any

import reflex as rx

from ontrack_app.ui.kinds import Text


def leave(to: Text) -> rx.Component:
    """Loads the address from the server as soon as it is not empty. A path of ours only: the State sees to that."""
    address: Any = to
    return rx.cond(address != "", rx.el.meta(http_equiv="refresh", content="0;url=" + address))
