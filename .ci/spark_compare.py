"""The two ends of .ci/spark: what the job reads, and whether it found what one process found.

    spark_compare.py prepare FOLDER                 many.jsonl of it as many.parquet; few.jsonl, and renamed.jsonl with other columns
    spark_compare.py compare MESSAGES LINES TABLES  the lines that `lint` wrote about these messages, and the tables of the job
"""

import json
import sys
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

SEVERITIES = ("error", "warning", "info")


def read(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    with path.open() as lines:
        return [json.loads(line) for line in lines]


def write(path: Path, objects: list[dict[str, Any]]) -> None:
    """The other way."""
    path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in objects))


def prepare(folder: Path) -> None:
    """Parquet as an agency would hold it, and a small table whose ids a float cannot hold."""
    messages = read(folder / "many.jsonl")
    columns = {key: [message.get(key) for message in messages] for key in sorted(set().union(*messages))}
    pq.write_table(pa.table(columns), folder / "many.parquet")
    few = [
        {"id": 2**53 + 1 + number, "unit": message["unit"], "channel": message.get("channel"), "body": message.get("body")}
        for number, message in enumerate(islice(messages, 2000))
    ]
    write(folder / "few.jsonl", few)
    names = {"id": "nomor", "unit": "opd", "channel": "kanal", "body": "isi"}
    write(folder / "renamed.jsonl", [{names[key]: value for key, value in message.items()} for message in few])


def compare(messages: Path, lines: Path, tables: Path) -> None:
    """Fails at the first table that is not as the lines say."""
    sent = read(messages)
    findings: Counter[tuple[Any, ...]] = Counter()
    by_rule: Counter[tuple[str, str]] = Counter()
    unreadable: Counter[tuple[Any, ...]] = Counter()
    by_unit: dict[str | None, Counter[str]] = {message["unit"]: Counter() for message in sent}
    for answer in read(lines):
        message = sent[answer["index"]]
        name, sums = (message["id"], message["unit"]), by_unit[message["unit"]]
        if answer["error"]:
            unreadable[name] += 1
            sums["unreadable"] += 1
            continue
        assert answer["id"] == message["id"], answer
        sums["messages"] += 1
        for found in answer["diagnostics"]:
            span = (found["part"], found["text"]["start"], found["text"]["end"])
            findings[(*name, found["rule"], found["severity"], *span, found["fingerprint"])] += 1
            by_rule[found["rule"], found["severity"]] += 1
            sums[f"{found['severity']}s"] += 1

    def table(name: str, *columns: str) -> list[tuple[Any, ...]]:
        data = ds.dataset(tables / name).to_table(list(columns))
        return list(zip(*(data[column].to_pylist() for column in columns), strict=True))

    def same(name: str, found: Any, due: Any) -> None:
        if not due or found != due:
            sys.exit(f"{name} differs: {len(found)} rows of the job, {len(due)} of one process")

    same("findings", Counter(table("findings", "id", "unit", "rule", "severity", "part", "start", "end", "fingerprint")), findings)
    same("unreadable", Counter(table("unreadable", "id", "unit")), unreadable)
    same("by_rule", {(rule, severity): count for rule, severity, count in table("by_rule", "rule", "severity", "findings")}, by_rule)
    columns = ("messages", "unreadable", *(f"{severity}s" for severity in SEVERITIES))
    due = {unit: tuple(sums[column] for column in columns) for unit, sums in by_unit.items()}
    same("by_unit", {unit: tuple(sums) for unit, *sums in table("by_unit", "unit", *columns)}, due)
    print(
        f"the same: {sum(row[0] for row in due.values()):,} messages and {unreadable.total():,} unreadable of {len(by_unit)} units, "
        f"{findings.total():,} findings of {len({rule for rule, _ in by_rule})} rules"
    )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["prepare", folder]:
            prepare(Path(folder))
        case ["compare", *paths] if len(paths) == 3:
            compare(*map(Path, paths))
        case _:
            sys.exit(__doc__)
