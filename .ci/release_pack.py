"""Packs a folder beside itself, as ZIP for Windows and as tar.gz elsewhere: in order, without owners, all at SOURCE_DATE_EPOCH."""

import gzip
import io
import os
import sys
import tarfile
import time
import zipfile
from pathlib import Path


def members(folder: Path) -> list[tuple[str, bytes, int]]:
    """What is packed: names, bytes, and rights, which Windows knows nothing of."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [
        (path.relative_to(folder.parent).as_posix(), path.read_bytes(), 0o755 if path.stem == "lint" and path.suffix in ("", ".exe") else 0o644)
        for path in files
    ]


def pack_zip(folder: Path, moment: int) -> Path:
    archive = folder.parent / f"{folder.name}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, content, rights in members(folder):
            entry = zipfile.ZipInfo(name, time.gmtime(moment)[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, wherever it is packed, so that rights are kept
            entry.external_attr = (0o100000 | rights) << 16
            file.writestr(entry, content)
    return archive


def pack_tar(folder: Path, moment: int) -> Path:
    archive = folder.parent / f"{folder.name}.tar.gz"
    with archive.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=moment) as packed, tarfile.open(fileobj=packed, mode="w") as file:
        for name, content, rights in members(folder):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(content), rights, moment
            file.addfile(entry, io.BytesIO(content))
    return archive


if __name__ == "__main__":
    source = Path(sys.argv[1])
    packed = (pack_zip if "-windows-" in source.name else pack_tar)(source, int(os.environ["SOURCE_DATE_EPOCH"]))
    print(packed, packed.stat().st_size)
