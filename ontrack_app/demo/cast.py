"""The cast of the demo: the company's settings, its price book, its people, and the property manager's buildings."""

from dataclasses import dataclass, field
from uuid import UUID

from models.access import Role
from ontrack_app.demo.book import Book, Item
from ontrack_app.demo.stage import Stage
from ontrack_app.schemas.clients import ClientBody, ContactBody, PropertyBody
from ontrack_app.schemas.common import Address
from ontrack_app.schemas.price_items import PriceItemBody, TaxCodeBody
from ontrack_app.services import clients, contacts, price_items, properties, tax_codes, tenants
from ontrack_app.work import Work

SHARED_OWNER = "owner@both.example"


@dataclass
class Cast:
    """Who and what the story is told with."""

    items: dict[str, UUID] = field(default_factory=dict)
    client_id: UUID | None = None
    client_property: UUID | None = None
    manager_client: UUID | None = None
    buildings: list[UUID] = field(default_factory=list)


def furnish(stage: Stage, book: Book) -> Cast:
    """Sets the company up and brings its people in."""
    cast = Cast()
    with stage.system(stage.ago(120)) as work:
        tenants.set_up(work, book.facts)
        tenants.brand(work, book.brand)
    for who, name in book.staff.items():
        role = Role.CREW if who.startswith("crew") else Role(who)
        stage.join(who, f"{who}@{book.slug}.example", name, role)
    stage.join("owner", SHARED_OWNER, "Morgan Oduya", Role.ADMIN)
    with stage.acting("admin", stage.ago(119)) as work:
        for code, label, rate in book.taxes:
            tax_codes.create(work, TaxCodeBody(code=code, label=label, rate=rate))
        work.session.flush()
        for item in book.items:
            cast.items[item[0]] = _item(work, book, item)
    _customers(stage, book, cast)
    return cast


def _item(work: Work, book: Book, item: Item) -> UUID:
    code, name, kind, unit, price, cost = item
    body = PriceItemBody.model_validate(
        {
            "code": code,
            "name": name,
            "kind": kind,
            "unit": unit,
            "tax_codes": list(book.on_lines),
            "unit_price": {"amount": price, "currency": book.facts.currency},
            "unit_cost": {"amount": cost, "currency": book.facts.currency},
        }
    )
    return price_items.create(work, body).id


def _customers(stage: Stage, book: Book, cast: Cast) -> None:
    """The two customers who can sign in: a client with a house, a manager with buildings."""
    name, street, town = book.customers[0]
    company, person = book.manager
    mails = {who: f"{who}@{book.slug}.example" for who in ("client", "manager")}
    with stage.acting("office", stage.ago(100)) as work:
        house = ClientBody(name=name, source="Repeat client")
        firm = ClientBody(name=company, kind="property_manager", source="Referral", payment_terms_days=30)
        cast.client_id = _client(work, house, name, mails["client"])
        cast.manager_client = _client(work, firm, person, mails["manager"])
        where = address(book, street, town)
        cast.client_property = _place(work, cast.client_id, where, "Side gate 4471#. Two dogs, call first.")
        for building, street_of, town_of in book.buildings:
            where = address(book, street_of, town_of, building)
            cast.buildings.append(
                _place(work, cast.manager_client, where, "Key with the caretaker, unit 101.")
            )
    stage.join("client", mails["client"], name, Role.CLIENT, cast.client_id)
    stage.join("manager", mails["manager"], person, Role.PROPERTY_MANAGER, cast.manager_client)


def _client(work: Work, body: ClientBody, person: str, email: str) -> UUID:
    client = clients.create(work, body)
    work.session.flush()
    contacts.create(
        work, ContactBody(client_id=client.id, name=person, email=email, phone="555-0110", is_primary=True)
    )
    return client.id


def _place(work: Work, client_id: UUID, where: Address, access: str) -> UUID:
    return properties.create(work, PropertyBody(client_id=client_id, address=where, access_notes=access)).id


def address(book: Book, street: str, town: str, unit: str = "") -> Address:
    """An address of the company's region, from a street and a town with its postal code behind it."""
    for at, sign in enumerate(town):
        if sign.isdigit() or (sign.isupper() and town[at + 1 : at + 2].isdigit()):
            return Address(
                street=street,
                unit=unit[:60],
                city=town[:at].strip(),
                region=book.region,
                postal_code=town[at:],
                country=book.country,
            )
    return Address(street=street, unit=unit[:60], city=town, region=book.region, country=book.country)
