"""Materials over HTTP."""

from models.materials import MATERIAL_FIELDS
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.materials import MaterialCard
from ontrack_app.services import materials

MATERIALS = Noun("materials", materials, MATERIAL_FIELDS, MaterialCard, archives=False)
