"""A moment or a day that comes as a number, or as one in quotes, is not taken for seconds since 1970."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from models.ids import new_id
from ontrack_app.schemas.estimates import EstimatePatch
from ontrack_app.schemas.jobs import VisitMoveBody
from ontrack_app.schemas.sync import ClockBody
from ontrack_app.schemas.tasks import TaskBody

TASK = {"visit_id": str(new_id()), "kind": "follow_up", "text": "Look again"}
SHAPES: tuple[tuple[type[BaseModel], str, str, dict[str, Any]], ...] = (
    (ClockBody, "now", "2027-01-04T09:30:00Z", {}),
    (VisitMoveBody, "planned_start", "2027-01-04 09:30:00+01:00", {}),
    (EstimatePatch, "expires_on", "2027-01-04", {}),
    (TaskBody, "due_on", "2027-01-04", TASK),
)


@pytest.mark.parametrize(("shape", "name", "good", "rest"), SHAPES)
@pytest.mark.parametrize("wrong", ["0", "1767225600", "  0", 0, 1767225600.5, ""])
def test_it_is_written_out(
    shape: type[BaseModel], name: str, good: str, rest: dict[str, Any], wrong: Any
) -> None:
    assert getattr(shape.model_validate(rest | {name: good}), name).year == 2027
    with pytest.raises(ValidationError, match="written out"):
        shape.model_validate(rest | {name: wrong})
