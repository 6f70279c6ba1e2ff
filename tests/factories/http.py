"""Calls of the REST application as one person, without a network."""

from typing import Any

from starlette.testclient import TestClient

from tests.factories.companies import Person


class Caller:
    """Calls the API as one person."""

    def __init__(self, client: TestClient, person: Person) -> None:
        self.client = client
        self.person = person

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The answer of one call; names of headers are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.request(method, f"/api/v1{path}", json=body, headers=self.person.bearer | named)

    def ok(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The body of a call that must succeed."""
        answer = self(method, path, body, **headers)
        assert answer.status_code in (200, 201), (method, path, answer.status_code, answer.text[:500])
        return answer.json()
