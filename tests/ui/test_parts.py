"""The parts: what they promise to people, to the browser and to the stylesheet."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import reflex as rx

from ontrack_app import ui

ROOT = Path(__file__).parents[2]
CSS = (ROOT / "assets" / "ui.css").read_text()


@dataclass
class Option:
    """A choice."""

    value: str = ""
    label: str = ""


@dataclass
class Thing:
    """One object with everything that a part may ask of an item."""

    id: str = ""
    key: str = ""
    name: str = ""
    label: str = ""
    value: str = ""
    count: str = ""
    text: str = ""
    tint: str = ""
    href: str = ""
    tone: str = ""
    note: str = ""
    amount: str = ""
    end: bool = False
    primary: bool = False
    danger: bool = False
    needs_reason: bool = False
    confirm_title: str = ""
    confirm_text: str = ""
    required: bool = False
    kind: str = ""
    help: str = ""
    options: list[Option] = field(default_factory=list)


class Page(rx.State):
    """A page that uses parts."""

    things: list[Thing] = []
    texts: dict[str, str] = {}
    word: str = ""

    @rx.event
    def two(self, first: str, second: str) -> None:
        """Takes two texts."""

    @rx.event
    def one(self, first: str) -> None:
        """Takes one text."""


def drawn(part: rx.Component) -> str:
    """Everything a part renders to, as text."""
    return str(part.render())


def test_a_native_form_is_posted_by_the_browser_with_its_token() -> None:
    text = drawn(ui.native_form("/auth/sign-out", ui.hidden("tenant", "7"), token=Page.word))
    assert 'action:"/auth/sign-out"' in text and 'method:"post"' in text
    assert '"form_token"' in text and "onSubmit" not in text


def test_a_row_is_a_real_link_and_sorting_says_so() -> None:
    table = ui.data_table(
        [ui.Column("name", "Name", sort=True, phone="title"), ui.Column("value", "Value", num=True)],
        Page.things,
        lambda row: [ui.lead_name(row.name), row.value],
        lambda row: rx.Var.create("/leads/") + row.id,
        ui.Sort(Page.word, False, Page.one),
    )
    text = drawn(table)
    assert "ReactRouterLink" in text and '"aria-sort"' in text and 'scope:"col"' in text


def parts_in_tables() -> dict[str, rx.Component]:
    """The parts that stand inside a table, where a style element would break hydration."""
    columns = [ui.Column("name", "Name", width="40%"), ui.Column("value", "Value", num=True, width="96px")]
    return {
        "records": ui.data_table(columns, Page.things, lambda row: [row.name, row.value], None),
        "skeleton": ui.skeleton_rows(3),
    }


@pytest.mark.parametrize("name", parts_in_tables())
def test_nothing_inside_a_table_is_styled_by_emotion(name: str) -> None:
    assert "css:({" not in drawn(parts_in_tables()[name])


def test_a_dangerous_move_asks_and_the_form_stands_outside_the_loop() -> None:
    part = ui.moves(Page.things, Page.two)
    forms = [form for form in every(part) if getattr(form, "tag", "") == "form"]
    assert len(forms) == 1
    assert "alert_dialog" in drawn(part).lower() or "AlertDialog" in drawn(part)


def every(part: Any) -> list[Any]:
    """A part and all its children."""
    return [part, *(deeper for child in getattr(part, "children", []) for deeper in every(child))]


def test_a_field_list_draws_every_kind() -> None:
    text = drawn(ui.field_list_form(Page.things, Page.texts, Page.texts, Page.two))
    for kind in ("email", "tel", "date", "Tick", "select", "Entry"):
        assert kind in text


def test_classes_that_parts_use_are_in_the_stylesheet() -> None:
    used = set()
    for file in [*(ROOT / "ontrack_app" / "ui").glob("*.py"), *(ROOT / "assets" / "widgets").glob("*.jsx")]:
        used |= set(re.findall(r"\bot-[a-z-]*[a-z]\b", file.read_text()))
    known = set(re.findall(r"\.(ot-[a-z-]*[a-z])\b", CSS))
    without_rule = {"ot-tone", "ot-tax-codes", "ot-form", "ot-row-link"}
    assert used - known - without_rule == set()


def rgb(colour: str) -> tuple[float, float, float]:
    """The linear channels of #rrggbb."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    """WCAG contrast of two colours."""
    lights = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (rgb(one), rgb(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def token(name: str) -> tuple[str, str]:
    """A token's value in light and dark."""
    found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", CSS)
    assert found, name
    return found[1], found[2]


TINTS = ("idle", "planned", "moving", "waiting", "good", "bad")
PAIRS = [
    (ink, ground)
    for ink in ("ink", "ink-2", "ink-3")
    for ground in ("surface", "rail", "well", "raised", "hover", "selected")
]
PAIRS += [(f"{tint}-fg", f"{tint}-bg") for tint in TINTS] + [("brand-11", "surface"), ("brand-11", "brand-2")]


@pytest.mark.parametrize(("ink", "ground"), PAIRS)
def test_words_are_readable_in_both_themes(ink: str, ground: str) -> None:
    for over, under in zip(token(ink), token(ground), strict=True):
        assert contrast(over, under) >= 4.5


@pytest.mark.parametrize("step", ["brand-9", "brand-10"])
def test_white_is_readable_on_the_accent(step: str) -> None:
    assert all(contrast("#ffffff", colour) >= 4.5 for colour in token(step))


def test_nothing_is_returned_as_script() -> None:
    for file in (ROOT / "ontrack_app" / "ui").glob("*.py"):
        assert not re.search(
            r"rx\.(call_script|toast|set_clipboard|scroll_to|run_script)", file.read_text()
        ), file
