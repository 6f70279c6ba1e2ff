"""The file store: where the bytes of files are, behind one protocol. `store()` is the one that is configured."""

from functools import lru_cache

from ontrack_app.integrations.files.local import LocalStore
from ontrack_app.integrations.files.protocol import FileStore
from ontrack_app.integrations.files.s3 import S3Place, S3Store
from ontrack_app.settings import Settings, settings


def make_store(found: Settings) -> FileStore:
    """The store that the settings name: a bucket where S3_BUCKET is set, else a directory beside the database."""
    if not found.s3_bucket:
        return LocalStore(found.data_dir / "files", found.secret_key.get_secret_value(), found.base_url)
    return S3Store(
        S3Place(
            bucket=found.s3_bucket,
            endpoint=found.s3_endpoint_url,
            region=found.aws_region or "us-east-1",
            key_id=found.aws_access_key_id,
            secret=found.aws_secret_access_key.get_secret_value(),
            token=found.aws_session_token.get_secret_value(),
            encryption=found.s3_encryption,
        )
    )


@lru_cache(maxsize=1)
def store() -> FileStore:
    """The configured store, made once in a process."""
    return make_store(settings())
