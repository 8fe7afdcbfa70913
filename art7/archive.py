"""The folder beside a database that keeps the bytes of every report in it, so that its pages can be shown."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path


class Archive:
    """Files named by their content: `art7.db` has them in `art7.files/`."""

    def __init__(self, db: Path):
        self.folder = db.with_suffix(".files")

    def path(self, sha256: str) -> Path:
        """Return where the report with this hash is kept, whether or not it is there."""
        return self.folder / f"{sha256}.pdf"

    def keep(self, data: bytes) -> str:
        """Keep the bytes and return their SHA-256; a file is either there whole or not at all."""
        sha256 = hashlib.sha256(data).hexdigest()
        target = self.path(sha256)
        if not target.exists():
            self.folder.mkdir(exist_ok=True)
            part = target.with_suffix(f".{os.getpid()}.part")
            part.write_bytes(data)
            part.replace(target)
        return sha256
