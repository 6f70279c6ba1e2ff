"""The only home of the frame of settings pages: one heading, and a tab for each part that the person may open."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from ontrack_app.ui.filters import page_header
from ontrack_app.ui.kinds import Child, Flag, Text
from ontrack_app.ui.words import nav_link


@dataclass(frozen=True)
class SettingsTab:
    """One part of the settings; `shown` says whether this person may open it."""

    key: str
    label: str
    href: str
    shown: Flag = True


def settings_frame(
    *children: Child, active: str, tabs: Sequence[SettingsTab], actions: Sequence[rx.Component] = ()
) -> rx.Component:
    """A settings page: the heading with what may be started here, the tabs, the part that is `active`."""
    links = [_tab(tab, active) for tab in tabs]
    return rx.fragment(
        page_header("Settings", *actions),
        rx.el.nav(*links, class_name="ot-tabs", aria_label="Settings"),
        *children,
    )


def first_shown(tabs: Sequence[SettingsTab]) -> Text:
    """The address of the first part that the person may open; empty where there is none."""
    found: Any = ""
    for tab in reversed(tabs):
        found = rx.cond(tab.shown, tab.href, found)
    href: Text = found
    return href


def _tab(tab: SettingsTab, active: str) -> rx.Component:
    here = {"aria-current": "page"} if tab.key == active else {}
    shown: rx.Component = rx.cond(tab.shown, nav_link(tab.href, tab.label, custom_attrs=here))
    return shown
