"""`/files/add`: the office's plain control, a form that the browser itself sends, with files for one record."""

from typing import Any, get_args
from uuid import UUID

from starlette.responses import Response

from models.ids import new_id
from ontrack_app.db import SessionCredential, begin
from ontrack_app.errors import NotFound, SignedOut
from ontrack_app.schemas.files import FileNoun, FilePhase
from ontrack_app.services.files import cards
from ontrack_app.web.pages import Call, Who, error, go_to, route
from ontrack_app.web.taking_files import take_all

MOST = 20
NOTHING = "There is nothing to add files to at this address. Open the record again, and add them there."


def add(call: Call) -> Response:
    """Takes the files in and goes back to the record; what was not taken is told."""
    if not call.caller.session_hash:
        raise SignedOut("Sign in, then add the files again.")
    call.check_session_form()
    noun, row_id = _record(call)
    credential = SessionCredential(
        call.caller.session_hash, ip=call.caller.ip, user_agent=call.caller.user_agent
    )

    def run(service: Any, *given: Any) -> Any:
        with begin(credential) as work:
            return service(work, *given)

    run(cards.may_add, noun, row_id)
    phase = call.form.get("phase", "")
    about = {"noun": noun, "row_id": row_id, "phase": phase if phase in get_args(FilePhase) else None}
    back = f"/{noun}/{row_id}"
    if not call.files:
        return error(422, "No file was chosen", "Choose one or several, then press Add.", link=back, link_label="Back")  # fmt: skip
    trouble = take_all(run, call.files, [new_id() for _ in call.files], about)
    if trouble:
        taken = len(call.files) - len(trouble)
        words = f"{taken} of {len(call.files)} were added. {' '.join(trouble)}"
        return error(422, "Not everything was added", words, link=back, link_label="Back")
    return go_to(back)


def _record(call: Call) -> tuple[str, UUID]:
    noun = call.form.get("noun", "")
    try:
        row_id = UUID(call.form.get("row_id", ""))
    except ValueError:
        raise NotFound(NOTHING) from None
    if noun not in get_args(FileNoun):
        raise NotFound(NOTHING)
    return noun, row_id


ROUTES = [route("/files/add", post=add, who=Who.SIGNED_IN, most_files=MOST)]
