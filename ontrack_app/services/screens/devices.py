"""Devices on screen: the company's phones in the settings, whose they are, how they are, and what was taken back."""

from collections.abc import Sequence

from sqlmodel import col

from models.access import Permission
from models.devices import Device
from ontrack_app.schemas.devices import DeviceCard
from ontrack_app.schemas.screens.common import Badge, ListPage, ListQuery
from ontrack_app.schemas.screens.devices import DeviceRow
from ontrack_app.services import devices
from ontrack_app.services.screens import lists, phone_words, words
from ontrack_app.services.screens.lists import View
from ontrack_app.work import Work

VIEWS = (
    View("live", "In use", (col(Device.revoked_at).is_(None),)),
    View("revoked", "Signed off", (col(Device.revoked_at).is_not(None),)),
)
STORAGE = {
    True: ("Kept", "Its browser promised not to throw away what the phone holds."),
    False: ("May be cleared", "Its browser may throw away what is not sent yet when space runs out. Installing the app on the phone mostly changes that."),
    None: ("Not said", "The phone did not say whether its browser keeps what it holds."),
}  # fmt: skip


def listing(work: Work, asked: ListQuery) -> tuple[list[DeviceRow], ListPage]:
    """The phones that the address asks for, the one last heard of first.

    Raises:
        Forbidden: the role does not see members. Invalid: as `lists.page` says.
    """
    work.actor.require(Permission.MEMBERS_READ)
    found, foot = lists.page(work, Device, VIEWS, asked, sort="-seen_at")
    options = [(one.value, one.label) for one in words.member_options(work) if one.value]
    foot.filters = [lists.filter_of(asked, "member_id", "Whose", options)]
    return _rows(work, devices.cards(work, found)), foot


def _rows(work: Work, cards: Sequence[DeviceCard]) -> list[DeviceRow]:
    manages = work.actor.granted(Permission.MEMBERS_MANAGE)
    return [
        _row(work, card, may=card.revoked_at is None and (manages or card.member_id == work.actor.member_id))
        for card in cards
    ]


def _row(work: Work, card: DeviceCard, *, may: bool) -> DeviceRow:
    off = phone_words.clock(card.clock_offset_ms)
    badge, full = _state(work, card)
    return DeviceRow(
        id=str(card.id),
        who=card.member_name or "Somebody",
        label=card.label or "A phone without a name",
        app=card.app_version or "Unknown",
        waiting=words.some(card.waiting, "change") if card.waiting else "None",
        seen=words.ago(work, card.seen_at),
        seen_full=words.moment(work, card.seen_at),
        clock=f"Clock {off}" if off else "",
        storage=STORAGE[card.storage_persisted][0],
        storage_full=STORAGE[card.storage_persisted][1],
        state=badge,
        state_full=full,
        confirm_title=f"Sign off {card.label or 'this phone'} of {card.member_name or 'somebody'}?",
        may_revoke=may,
    )


def _state(work: Work, card: DeviceCard) -> tuple[Badge, str]:
    if card.wiped_at is not None:
        return Badge(word="Wiped", tint="idle"), f"Told to wipe itself {words.moment(work, card.wiped_at)}"
    if card.revoked_at is not None:
        signed = f"Signed off {words.moment(work, card.revoked_at)}"
        return Badge(word="Wipes when it connects", tint="waiting"), f"{signed}; it has not connected since"
    return Badge(word="In use", tint="good"), ""
