"""Where pictures are kept: one URL says it, for a folder or an S3-compatible bucket. No Django needed."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def storage_from_url(url: str) -> dict[str, Any]:
    """Turn a path or `s3://bucket/prefix?endpoint_url=...&region_name=...` into a Django STORAGES entry.

    Keys of the query become options of the S3 storage; credentials come from the usual AWS variables.
    Raises ValueError for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme == "s3":
        options: dict[str, Any] = {
            "bucket_name": parts.netloc,
            "location": parts.path.strip("/"),
            "default_acl": None,
            # Content addresses never collide with other bytes, so a second write is the same write.
            "file_overwrite": True,
            "querystring_auth": True,
        }
        options.update(dict(parse_qsl(parts.query)))
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    if parts.scheme in ("", "file"):
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": unquote(parts.path) if parts.scheme else url},
        }
    raise ValueError(f"PREVIS_MEDIA_URL must be a folder or start with s3://, not {parts.scheme}://")
