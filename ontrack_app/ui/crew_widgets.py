"""The only home of the doors to the crew's browser parts in assets/crew/widgets: the camera and the form of a sheet."""

from typing import Any

import reflex as rx

from ontrack_app.ui.kinds import Child, Handler, Text

_FROM = "$/public/crew/widgets/"


class Camera(rx.Component):
    """A label that opens the camera, or with `album` the phone's pictures; `on_files(files)` gets what was taken."""

    library = _FROM + "camera.jsx"
    tag = "Camera"

    label: rx.Var[str]
    album: rx.Var[bool]
    on_files: rx.EventHandler[rx.event.passthrough_event_spec(list)]  # type: ignore[type-arg, valid-type]


class Answers(rx.Component):
    """A form whose answers stay in the browser; `on_answers(data)` gets its FormData."""

    library = _FROM + "answers.jsx"
    tag = "Answers"

    on_answers: rx.EventHandler[rx.event.passthrough_event_spec(dict)]  # type: ignore[type-arg, valid-type]


def camera(
    label: Text, *children: Child, on_files: Handler, album: bool = False, **props: Any
) -> rx.Component:
    """A button that takes photos; `label` is what a screen reader says."""
    attrs = {**props.pop("custom_attrs", {}), "data-camera": "true"}
    return Camera.create(*children, label=label, album=album, on_files=on_files, custom_attrs=attrs, **props)


def answers(*children: Child, on_answers: Handler, **props: Any) -> rx.Component:
    """The form of a sheet."""
    return Answers.create(*children, on_answers=on_answers, **props)
