"""Prints the licences of the crates that are linked into a program: `notices.py Cargo.toml TARGET`. Whoever passes the program on
passes them on with it. Crates with the same text share it. What a crate brings is printed as it is; of one that brings none,
its manifest names the licence."""

import json
import re
import subprocess
import sys
from pathlib import Path

# What a licence or a notice is called. Where MIT may be chosen, and nothing comes on top, its text is enough.
FILES = re.compile(r"(?i)^(licen[cs]e|copying|copyright|notice|unlicense)([-._].*)?$")
MIT = re.compile(r"(?i)^licen[cs]e-mit(\.\w+)?$")


def linked(metadata: dict) -> list[dict]:
    """The packages that the root depends on when it runs, without itself and what only builds it."""
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    packages = {package["id"]: package for package in metadata["packages"]}
    found, waiting = set(), [metadata["resolve"]["root"]]
    while waiting:
        node = nodes[waiting.pop()]
        for dependency in node["deps"]:
            runs = any(kind["kind"] is None for kind in dependency["dep_kinds"])
            macro = any("proc-macro" in target["kind"] for target in packages[dependency["pkg"]]["targets"])
            if runs and not macro and dependency["pkg"] not in found:
                found.add(dependency["pkg"])
                waiting.append(dependency["pkg"])
    return sorted((packages[id] for id in found if packages[id]["source"]), key=lambda package: (package["name"], package["version"]))


def texts(package: dict) -> list[str]:
    """The licences that a package brings, and what else it wants passed on."""
    names = sorted(path.name for path in Path(package["manifest_path"]).parent.iterdir() if path.is_file() and FILES.match(path.name))
    chosen = [name for name in names if MIT.match(name) or name.upper().startswith("NOTICE")]
    may_choose = any(MIT.match(name) for name in chosen) and " AND " not in (package["license"] or " AND ")
    kept = chosen if may_choose else names
    folder = Path(package["manifest_path"]).parent
    return [(folder / name).read_text(encoding="utf-8", errors="replace").strip().replace("\r\n", "\n") for name in kept]


def main() -> None:
    manifest, target = sys.argv[1:]
    command = ["cargo", "metadata", "--locked", "--format-version", "1", "--manifest-path", manifest, "--filter-platform", target]
    metadata = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    sharing: dict[str, list[str]] = {}
    for package in linked(metadata):
        title = f"{package['name']} {package['version']} ({package['license'] or 'see its files'})"
        for text in texts(package) or [f"It brings no text of its licence. {' '.join(package['authors'])} {package['repository'] or ''}".strip()]:
            sharing.setdefault(text, []).append(title)
    line = "-" * 72
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    print(f"\n{line}\n\n".join("\n".join(titles) + f"\n\n{text}\n" for text, titles in sharing.items()), end="")


if __name__ == "__main__":
    main()
