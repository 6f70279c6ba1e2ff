"""The only home of what grids of lines share in States: refusals that stay at the line they were typed in."""

from collections.abc import Mapping
from uuid import UUID

from ontrack_app.errors import Invalid, NotFound
from ontrack_app.schemas.screens.papers import Paper


def with_errors(paper: Paper, errors: Mapping[str, str]) -> Paper:
    """The paper with what was refused in each line; errors are by "line cell"."""
    lines = [
        line.model_copy(
            update={"error": " ".join(words for at, words in errors.items() if at.startswith(f"{line.id} "))}
        )
        for line in paper.lines
    ]
    return paper.model_copy(update={"lines": lines})


def refused(error: Invalid) -> str:
    """What to type instead, in the error's own words."""
    return error.errors[0].message if error.errors else error.detail


def an_id(text: str) -> UUID:
    """The id that a button or a choice carries.

    Raises:
        NotFound: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("There is nothing with this id.") from None
