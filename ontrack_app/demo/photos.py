"""The photos of the demo: drawn, not taken; sent like a crew's, and left to the background to be checked."""

import hashlib
import io
import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from PIL import Image, ImageDraw
from sqlmodel import col

from models.files import File
from models.ids import new_id
from models.jobs import Job
from models.visits import Visit, VisitAssignee
from ontrack_app.demo.cast import Cast
from ontrack_app.demo.stage import Stage
from ontrack_app.integrations.files import store
from ontrack_app.schemas.files import FileBody, FilePatch
from ontrack_app.services import files
from ontrack_app.services.files import uploads

SIZE = (1200, 900)
OF_A_CUSTOMER, OF_OTHERS = 2, 3  # visits with photos: of each who signs in to the portal, and of others
ROOFS = ((98, 76, 66), (74, 84, 96), (120, 88, 62), (84, 92, 80))
WALLS = ((226, 214, 196), (206, 214, 222), (232, 226, 214), (214, 200, 190))
NAMES = {"before": "Before.jpg", "during": "Half way.jpg", "after": "After.jpg"}


def hang(stage: Stage, cast: Cast, slug: str) -> None:
    """Gives the latest visits at which somebody was photos of before, during and after; customers see those of done visits."""
    with stage.acting("office", stage.ago(0, 8)) as work:
        query = work.of(Visit).where(
            col(Visit.stage).in_(("done", "on_site")), col(Visit.actual_start).is_not(None)
        )
        known: list[Visit] = work.all(query.order_by(col(Visit.actual_start).desc()))
        first: list[Visit] = []
        for client_id in (cast.client_id, cast.manager_client):
            own = {job.id for job in work.all(work.of(Job).where(col(Job.client_id) == client_id))}
            first += [visit for visit in known if visit.job_id in own][:OF_A_CUSTOMER]
        found = first + [visit for visit in known if visit not in first][:OF_OTHERS]
        going = {row.visit_id: row.member_id for row in work.all(work.of(VisitAssignee))}
    people = {member_id: who for who, member_id in stage.ids.items()}
    for number, visit in enumerate(found):
        start, who = visit.actual_start or stage.ago(1), people.get(going.get(visit.id, visit.id), "crew")
        phases = ("before", "during", "after") if visit.stage == "done" else ("before",)
        for step, phase in enumerate(phases):
            at = min(start + timedelta(minutes=20 + 50 * step), stage.ago(0, 8))
            _send(stage, who, visit, (phase, at, draw(f"{slug} {number}", phase)))


def _send(stage: Stage, who: str, visit: Visit, photo: tuple[str, datetime, bytes]) -> None:
    phase, at, data = photo
    body = FileBody(
        id=new_id(), noun="visits", row_id=visit.id, name=NAMES[phase], size=len(data), kind="photo",
        sha256=hashlib.sha256(data).hexdigest(), phase=phase, taken_at=at,
    )  # fmt: skip
    with stage.acting(who, at) as work:
        uploads.start(work, body)
    if visit.stage == "done":
        with stage.acting("office", at) as work:
            files.patch(work, body.id, FilePatch(is_visible=True), version=work.get(File, body.id).version)
    _arrive(stage, who, body.id, data)


def send_receipt(stage: Stage, who: str, visit: Visit, at: datetime, paid: tuple[str, int]) -> UUID:
    """A slip of paper with what was paid for and how much; its id."""
    data = draw_receipt(*paid)
    body = FileBody(
        id=new_id(), noun="visits", row_id=visit.id, name="Receipt.jpg", size=len(data), kind="receipt",
        sha256=hashlib.sha256(data).hexdigest(), taken_at=at,
    )  # fmt: skip
    with stage.acting(who, at) as work:
        uploads.start(work, body)
    _arrive(stage, who, body.id, data)
    return body.id


def _arrive(stage: Stage, who: str, file_id: UUID, data: bytes) -> None:
    arrives = datetime.now(UTC)  # whoever asks what has waited long finds nothing
    with stage.acting(who, arrives) as work:
        place = uploads.place(work, file_id, 0)
    store().put(place.key, iter([data]))
    with stage.acting(who, arrives) as work:
        uploads.take(work, file_id, 0, len(data), place.key)


def draw_receipt(title: str, cents: int) -> bytes:
    """A receipt on a dark table."""
    image = Image.new("RGB", (600, 800), (62, 54, 50))
    pen = ImageDraw.Draw(image)
    pen.rectangle((90, 60, 510, 740), fill=(246, 244, 238))
    for line, y in (
        (title, 130),
        ("1 x", 180),
        (f"Total {cents // 100}.{cents % 100:02d}", 620),
        ("Thank you", 690),
    ):
        pen.text((120, y), line, fill=(40, 40, 40), font_size=26)
    for y in range(240, 580, 34):
        pen.line((120, y, 480, y), fill=(200, 198, 190), width=2)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=84)
    return out.getvalue()


def draw(seed: str, phase: str) -> bytes:
    """A house under the sky: its roof with holes, with a tarp and a ladder, or whole again."""
    dice = random.Random(seed)  # noqa: S311 - a picture, not a secret
    image = Image.new("RGB", SIZE)
    pen = ImageDraw.Draw(image)
    for y in range(SIZE[1]):
        shade = y / SIZE[1]
        pen.line(
            (0, y, SIZE[0], y), fill=(int(140 + 70 * shade), int(180 + 45 * shade), int(215 + 25 * shade))
        )
    pen.rectangle((0, 760, *SIZE), fill=(112, 136, 84))
    roof, wall = dice.choice(ROOFS), dice.choice(WALLS)
    pen.rectangle((210, 470, 990, 800), fill=wall)
    pen.polygon([(150, 480), (330, 190), (870, 190), (1050, 480)], fill=roof)
    _shingles(pen, dice, roof)
    for x in (290, 520, 800):
        pen.rectangle((x, 560, x + 120, 690), fill=(70, 92, 112), outline=(250, 250, 250), width=8)
    pen.rectangle((660, 590, 760, 800), fill=(96, 62, 44))
    if phase != "after":
        for _ in range(9):
            x, y = dice.randint(340, 820), dice.randint(220, 430)
            pen.rectangle((x, y, x + dice.randint(24, 60), y + dice.randint(14, 30)), fill=(46, 36, 32))
    if phase == "during":
        pen.polygon([(420, 200), (760, 200), (800, 400), (400, 400)], fill=(38, 96, 168))
        _ladder(pen)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=84)
    return out.getvalue()


def _shingles(pen: ImageDraw.ImageDraw, dice: random.Random, roof: tuple[int, int, int]) -> None:
    for row, y in enumerate(range(200, 480, 20)):
        left, right = 330 - (y - 190) * 180 // 290, 870 + (y - 190) * 180 // 290
        for x in range(left + (row % 2) * 18, right - 30, 36):
            light = dice.randint(-14, 14)
            pen.rectangle((x, y, x + 32, y + 16), fill=(roof[0] + light, roof[1] + light, roof[2] + light))


def _ladder(pen: ImageDraw.ImageDraw) -> None:
    for x in (900, 956):
        pen.line((x, 800, x - 90, 330), fill=(214, 178, 60), width=10)
    for step in range(10):
        y = 780 - step * 46
        pen.line((900 - step * 9, y, 956 - step * 9, y), fill=(214, 178, 60), width=8)
