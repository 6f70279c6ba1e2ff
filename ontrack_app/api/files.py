"""Files over HTTP: what is said of them. Their bytes come in by `uploads` and go out by `/files/{id}`."""

from models.files import FILE_FIELDS
from ontrack_app.api.nouns import Noun
from ontrack_app.schemas.files import FileCard, FilePatch
from ontrack_app.services import files

FILES = Noun("files", files, FILE_FIELDS, FileCard, patch=FilePatch)
