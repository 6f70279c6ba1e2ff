"""The contract for whoever writes a client, in docs/OFFLINE.md: its examples are of the shapes that the server really has."""

import json
import re
from typing import Any

import pytest
from pydantic import BaseModel

from ontrack_app.schemas.sync import HelloBody, HelloCard, PullCard, PushBody, PushCard
from ontrack_app.services.sync import shown
from ontrack_app.services.sync.mutators import MUTATORS
from ontrack_app.settings import PROJECT_ROOT

CONTRACT = (PROJECT_ROOT / "docs/OFFLINE.md").read_text()
ROWS = CONTRACT[CONTRACT.index("### Rows") : CONTRACT.index("### Mutations")]
EXAMPLES = {
    name: json.loads(body) for name, body in re.findall(r"```json (\S+)\n(.*?)```", CONTRACT, re.DOTALL)
}
SENT: dict[str, type[BaseModel]] = {"hello": HelloBody, "push": PushBody}
ANSWERED: dict[str, type[BaseModel]] = {
    "hello-answer": HelloCard,
    "push-answer": PushCard,
    "pull-answer": PullCard,
}


@pytest.mark.parametrize("name", SENT)
def test_what_is_sent_is_understood(name: str) -> None:
    SENT[name].model_validate(EXAMPLES[name])


@pytest.mark.parametrize("name", ANSWERED)
def test_an_answer_has_these_very_fields(name: str) -> None:
    shape = ANSWERED[name].model_json_schema(mode="serialization", by_alias=True)
    assert set(EXAMPLES[name]) == set(shape["properties"])


def test_every_kind_of_mutation_has_an_example_that_is_understood() -> None:
    args: dict[str, Any] = EXAMPLES["mutations"]
    assert set(args) == set(MUTATORS)
    for kind, given in args.items():
        MUTATORS[kind].shape.model_validate(given)


def test_the_rows_have_these_very_fields() -> None:
    told = {
        kind: fields.split(", ")
        for kind, fields in re.findall(r"^\| `(\w+)` \| ([\w, ]+) \| ", ROWS, re.MULTILINE)
    }
    there = {name: shown.fields_of(name) for name in shown.KINDS}
    assert told == there


def test_a_pulled_row_has_the_fields_of_its_kind() -> None:
    put, drop = EXAMPLES["pull-answer"]["changes"]
    assert list(put["fields"]) == shown.fields_of(put["kind"])
    assert drop["fields"] is None and drop["op"] == "drop"
