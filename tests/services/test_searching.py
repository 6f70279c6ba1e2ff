"""Searching a list: rare words go by the index of words, common words walk the list; both find the same rows in the same order."""

import pytest

from ontrack_app.schemas.leads import LeadBody
from ontrack_app.services import leads, listing
from ontrack_app.services.listing import Query
from tests.factories.companies import Company


@pytest.fixture
def searched(company: Company, other: Company) -> Company:
    for tenant in (company, other):
        with tenant.office.work() as work:
            for at in range(5):
                leads.create(work, LeadBody(name=f"Ana Gagnon {at}", need=f"100% of roof_{at}"))
            leads.create(work, LeadBody(name="Élodie", phone="514-555-0100"))
    return company


@pytest.mark.parametrize("common", [1000, 3])
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("gagn", ["Ana Gagnon 0", "Ana Gagnon 1", "Ana Gagnon 2", "Ana Gagnon 3", "Ana Gagnon 4"]),
        ("roof_3", ["Ana Gagnon 3"]),
        ("100% OF", ["Ana Gagnon 0", "Ana Gagnon 1", "Ana Gagnon 2", "Ana Gagnon 3", "Ana Gagnon 4"]),
        ("elodie", ["Élodie"]),
        ("555-01", ["Élodie"]),
        ("nobody", []),
        ("r%3", []),
    ],
)
def test_common_and_rare_words_find_the_same(
    searched: Company, monkeypatch: pytest.MonkeyPatch, common: int, words: str, found: list[str]
) -> None:
    monkeypatch.setattr(listing, "COMMON", common)
    with searched.office.work() as work:
        query = Query(q=words, sort="name")
        assert [lead.name for lead in leads.list_page(work, query).items] == found
        assert listing.count(work, leads.Lead, query) == len(found)


@pytest.mark.parametrize("common", [1000, 3])
def test_a_search_is_paged_and_filtered(
    searched: Company, monkeypatch: pytest.MonkeyPatch, common: int
) -> None:
    monkeypatch.setattr(listing, "COMMON", common)
    with searched.office.work() as work:
        first = leads.list_page(work, Query(q="gagn", sort="name", limit=3))
        rest = leads.list_page(work, Query(q="gagn", sort="name", limit=3, cursor=first.next_cursor))
        assert [lead.name[-1] for lead in (*first.items, *rest.items)] == ["0", "1", "2", "3", "4"]
        assert leads.list_page(work, Query(q="gagn", filters={"stage": "won"})).items == []
