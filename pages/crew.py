"""The crew's page: today's own visits on a phone, the next one on top, tomorrow below. No price anywhere."""

from typing import Any

import reflex as rx

from ontrack_app import ui
from pages.shell import FRAME
from state.crew import CrewState
from state.session import SessionState, on_load

STATE: Any = CrewState
DAY = STATE.day


@rx.page(route="/crew", title="Today", on_load=on_load(CrewState.load))
def crew() -> rx.Component:
    """Today and tomorrow of the crew member who is signed in."""
    page = ui.by_status(
        STATE.status,
        full=_full(),
        loading=ui.skeleton_rows(6),
        empty=ui.empty(
            "Nothing is planned for you", "Visits that the office gives you stand here on their day."
        ),
        error=ui.error_panel("Your day could not be read", "Nothing is lost.", STATE.load),
    )
    return ui.crew_shell(
        page,
        title=rx.cond(DAY.today, DAY.today, "Today"),
        sub=DAY.progress,
        frame=FRAME,
        toasts=ui.toasts(SessionState.toasts, SessionState.dismiss),
    )


def _full() -> rx.Component:
    nothing = ui.empty("Nothing more today", "Tomorrow is below.")
    return rx.fragment(
        rx.cond(DAY.next, _stop(DAY.next), nothing),
        ui.day_part("Then", rx.foreach(DAY.then, _row), shown_if=DAY.then.length() > 0),
        ui.day_part(
            "Not finished on earlier days", rx.foreach(DAY.left, _row), shown_if=DAY.left.length() > 0
        ),
        ui.day_part("Done today", rx.foreach(DAY.over, _row), shown_if=DAY.over.length() > 0),
        ui.day_part(
            DAY.tomorrow_words, rx.foreach(DAY.tomorrow, _coming), shown_if=DAY.tomorrow.length() > 0
        ),
        _no_access_dialog(),
    )


def _stop(stop: Any) -> rx.Component:
    badge = ui.stage_badge(stop.stage.word, stop.stage.tint)
    return ui.stop(
        stop.title,
        badge,
        rx.el.p(stop.window, class_name="ot-strong"),
        ui.maps_link(stop.place, stop.maps),
        rx.cond(stop.client, rx.el.p(stop.client, class_name="ot-quiet")),
        rx.cond(stop.access, ui.note(ui.prose(stop.access), "waiting", "key-round")),
        rx.foreach(stop.instructions, ui.prose),
        ui.thumbs(
            ui.thumb("On my way", "truck", stop.depart, STATE.move("depart")),
            ui.thumb("Start", "play", stop.arrive, STATE.move("arrive")),
            ui.thumb("Finish", "flag", stop.finish, STATE.move("finish")),
        ),
        _others(stop),
        _notes(stop),
    )


def _others(stop: Any) -> rx.Component:
    """What is not of every day: a break, a door that stays shut."""
    skip = ui.button("No access", "quiet", "door-closed", on_click=STATE.set_asking(True))
    return rx.el.div(
        rx.cond(stop.can_pause, ui.button("Pause", icon_name="pause", on_click=STATE.move("pause"))),
        rx.cond(stop.can_resume, ui.button("Resume", "primary", "play", on_click=STATE.move("resume"))),
        rx.cond(stop.can_skip, skip),
        class_name="ot-two",
    )


def _notes(stop: Any) -> rx.Component:
    def one(note: Any) -> rx.Component:
        return rx.el.li(
            ui.prose(note.text), rx.el.span(note.who, " · ", note.when, class_name="ot-small ot-quiet")
        )

    return rx.el.div(
        ui.note_box(STATE.add_note, placeholder="Write a note for the office"),
        ui.rows(rx.foreach(stop.notes, one)),
    )


def _row(row: Any) -> rx.Component:
    badge = rx.cond(
        row.stage.tint == "planned", rx.fragment(), ui.stage_badge(row.stage.word, row.stage.tint)
    )
    return ui.stop_row(row.time, row.title, row.place, badge, STATE.pick(row.id))


def _coming(row: Any) -> rx.Component:
    return ui.stop_row(row.time, row.title, row.place, rx.fragment())


def _no_access_dialog() -> rx.Component:
    trouble = rx.cond(STATE.trouble, ui.note(STATE.trouble, "bad", "circle-alert"))
    form = ui.form(
        ui.field("What happened?", ui.text_area("reason", rows=3, max_length=1000, required=True)),
        trouble,
        ui.dialog_actions(
            ui.button("Back", on_click=STATE.set_asking(False)),
            ui.button("No access", "danger", type="submit"),
        ),
        on_submit=STATE.no_access,
    )
    text = "The office reads it and plans the visit again."
    return ui.dialog("Nobody let you in", form, text=text, open=STATE.asking, on_open_change=STATE.set_asking)
