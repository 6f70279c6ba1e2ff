"""Pages hear that their company has news: after the commit, each of its office tabs, soon and not too often; nobody else."""

import asyncio
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest

from models.access import Role
from ontrack_app.schemas.leads import LeadBody
from ontrack_app.services import leads
from ontrack_app.web.areas import facts_for
from state import news
from state.sockets import SOCKETS
from tests.factories.companies import Company

WITHIN_S = 10.0


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(news, "SOON_S", 0.0)
    monkeypatch.setattr(news, "REST_S", 0.0)


@pytest.fixture
def tabs(company: Company, other: Company) -> Iterator[None]:
    """An office tab of each company, and one of a customer of ours."""
    opened = (
        ("ours", Role.OFFICE, company.id),
        ("theirs", Role.OFFICE, other.id),
        ("customer", Role.CLIENT, company.id),
        ("crew", Role.CREW, company.id),
    )
    for name, role, tenant_id in opened:
        SOCKETS.opened(name, f"session of {name}", facts_for(role, tenant_id=tenant_id).hears_of)
        SOCKETS.keyed(name, f"tab {name}")
    yield
    for name, _, _ in opened:
        SOCKETS.closed(name)


class FakeApp:
    """An app whose socket keeps what is sent; `told` is set with the first of it."""

    def __init__(self) -> None:
        self.event_namespace = self
        self.sent: dict[str, list[str]] = {}
        self.told = asyncio.Event()

    async def emit_update(self, update: object, key: str) -> None:
        (values,) = update.delta.values()  # type: ignore[attr-defined]
        self.sent.setdefault(key, []).extend(values.values())
        self.told.set()


def write_a_lead(company: Company) -> None:
    with company.office.work() as work:
        leads.create(work, LeadBody(name="Ana", need="Roof leaks"))


@pytest.mark.usefixtures("tabs")
def test_after_a_commit_the_offices_own_tabs_are_told_and_nobody_else(company: Company) -> None:
    app = FakeApp()

    async def story() -> None:
        telling = asyncio.create_task(news.tell_news(app))  # type: ignore[arg-type]
        try:
            async with asyncio.timeout(WITHIN_S):
                while not app.told.is_set():  # the line may not listen yet when the first is written
                    await asyncio.to_thread(write_a_lead, company)
                    await asyncio.wait([asyncio.ensure_future(app.told.wait())], timeout=0.2)
        finally:
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)

    asyncio.run(story())
    assert set(app.sent) == {"tab ours"}
    assert len(set(app.sent["tab ours"])) == len(app.sent["tab ours"]), (
        "each word differs from the one before"
    )


def test_a_refused_transaction_is_no_news(company: Company) -> None:
    heard: list[str] = []
    office = company.office  # made here, or its making would be news

    async def story() -> None:
        asking, told = asyncio.Event(), asyncio.Event()

        async def ask(line: object) -> None:
            asking.set()

        def tell(payload: str) -> None:
            heard.append(payload)
            told.set()

        channel = news.Channel(news.CHANNEL, "News is", tell, ask)
        listening = asyncio.create_task(news.listen(channel))
        try:
            async with asyncio.timeout(WITHIN_S):
                await asking.wait()
                with pytest.raises(RuntimeError), office.work() as work:
                    leads.create(work, LeadBody(name="Ana", need="Roof leaks"))
                    raise RuntimeError
                await asyncio.to_thread(write_a_lead, company)
                await told.wait()
        finally:
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    asyncio.run(story())
    assert heard == [str(company.id)]


def test_a_burst_is_told_once_and_what_was_missed_is_told_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[set[UUID] | None] = []
    one, two = uuid4(), uuid4()

    async def story() -> None:
        heard = asyncio.Event()

        async def tell(of: set[UUID] | None) -> None:
            told.append(of)
            heard.set()

        gathered = news.News(tell)
        for _ in range(100):
            gathered.heard(str(one))
        gathered.heard(str(two))
        gathered.heard("nonsense")
        running = asyncio.create_task(gathered.run())
        async with asyncio.timeout(WITHIN_S):
            await heard.wait()
            heard.clear()
            gathered.heard(str(one))
            gathered.missed()
            await heard.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(story())
    assert told == [{one, two}, None]


@pytest.mark.usefixtures("tabs")
def test_a_tab_that_is_closed_is_told_nothing(company: Company) -> None:
    assert SOCKETS.hearing_of({company.id}) == ["tab ours"]
    SOCKETS.closed("ours")
    assert SOCKETS.hearing_of({company.id}) == []
