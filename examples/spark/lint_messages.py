"""Checks a data set of messages with `lint` on all machines of a Spark cluster, and sums what it finds by rule and by unit.

`lint` reads JSONL and writes JSONL. Each partition is one such stream through one process: rows go in as they come, answers come out
as they are made, and neither side waits for the whole. Run it with spark-submit; README.md beside this file tells how.
"""

import argparse
import json
import subprocess
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, NamedTuple

import pyarrow as pa
from pyspark import SparkFiles, StorageLevel
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import ArrayType, StringType, StructType

# What names a message and travels past `lint`, and the keys of JSONL that it reads.
NAMES = ("id", "unit")
PARTS = ("channel", "subject", "from", "to", "cc", "bcc", "date", "account", "attachments", "body", "turns")

# What the tables need of a line that `lint` writes; docs/json.md tells all of it.
ANSWER = """
    channel string, error string,
    diagnostics array<struct<
        rule string, severity string, message string, part string, role string, text struct<start bigint, end bigint>,
        excerpt string, fix struct<title string, safety string>, fingerprint string
    >>
"""

# How many answers go back to Spark at a time.
BATCH = 1024


class Sent(NamedTuple):
    """What is kept of a message while `lint` has it: its number in the partition, from 0, and what names it."""

    number: int
    id: Any
    unit: Any


def present(value: Any) -> Any:
    """A value without what is null in it: columns hold every key, a message only those that it has."""
    match value:
        case dict():
            return {key: present(item) for key, item in value.items() if item is not None}
        case list():
            return [present(item) for item in value]
    return value


def through_lint(command: list[str], messages: Iterator[dict[str, Any]]) -> Iterator[tuple[Sent, str]]:
    """Sends messages through one process and yields every line that it answers, with the message that the line is about.

    A thread feeds the process while this generator reads it: whoever wrote everything before reading would wait for ever, since
    pipes are short. What is held in memory are the names of those messages that `lint` has at the moment.
    """
    under_way: deque[Sent] = deque()

    def feed(stdin: IO[bytes]) -> int:
        """Writes all messages and tells how many. If `lint` ends before, its exit code and its words tell why."""
        count = 0
        with suppress(BrokenPipeError), stdin:
            for message in messages:
                under_way.append(Sent(count, *(message.pop(name) for name in NAMES)))
                count += 1
                stdin.write(json.dumps(present(message), ensure_ascii=False, default=str).encode() + b"\n")
        return count

    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log) as lint,
        ThreadPoolExecutor(max_workers=1) as threads,
    ):
        assert lint.stdin and lint.stdout
        feeding = threads.submit(feed, lint.stdin)
        answered = unreadable = 0
        try:
            for line in lint.stdout:
                answer = json.loads(line)
                # A conversation is answered by a line for each turn, all with its index; any other message by one line.
                if answer["index"] == answered:
                    if answered:
                        under_way.popleft()
                    answered += 1
                if answer["index"] != under_way[0].number:
                    raise RuntimeError(f"lint answered message {answer['index']} where {under_way[0].number} was due")
                unreadable += answer["error"] is not None
                yield under_way[0], line.decode()
            code = lint.wait()
        finally:
            # Without a reader, `lint` would wait for one, and the thread for `lint`.
            lint.kill()

        # Messages that could not be read make it 2 as well, but of these it says nothing beside its answers.
        log.seek(0)
        said = log.read().decode(errors="replace")
        fine = code in (0, 1) or code == 2 and unreadable and not said
        if answered != feeding.result() or not fine:
            raise RuntimeError(f"lint ended with {code} after {answered} messages: {said[-4000:]}")


def checker(lint: str, config: str | None) -> Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]]:
    """The function that Spark runs once for each partition."""

    def shipped(name: str) -> str:
        """Where a file of --files lies on this machine; any other name stays what it is."""
        path = SparkFiles.get(name)
        return path if Path(path).exists() else name

    def check(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        batches = iter(batches)
        first = next(batches, None)
        if first is None:
            return
        # Spark gives a task one core, hence one job.
        command = [shipped(lint), "--input-format", "jsonl", "--format", "jsonl", "--jobs", "1"]
        command += ["--config", shipped(config)] if config else ["--isolated"]
        rows = (row for batch in chain([first], batches) for row in batch.to_pylist())
        answers = through_lint([*command, "-"], rows)
        # The types are those of the data set, so that an id comes out as it went in.
        id_type, unit_type = (first.schema.field(name).type for name in NAMES)
        while block := list(islice(answers, BATCH)):
            sent, lines = zip(*block, strict=True)
            ids = pa.array([message.id for message in sent], id_type)
            units = pa.array([message.unit for message in sent], unit_type)
            yield pa.RecordBatch.from_arrays([ids, units, pa.array(lines, pa.string())], names=[*NAMES, "answer"])

    return check


def messages_of(data: DataFrame, columns: dict[str, str]) -> DataFrame:
    """The data set with its columns named as the keys of JSONL are; other columns are left behind."""

    def column(part: str, name: str) -> Column:
        # An id stays what it is, lists stay lists; all else is text for `lint`, be it a number or a moment.
        whole = part in NAMES or isinstance(data.schema[name].dataType, ArrayType)
        value = F.col(f"`{name}`")
        return (value if whole else value.cast("string")).alias(part)

    chosen = columns or {part: part for part in NAMES + PARTS if part in data.columns}
    if "id" not in chosen or not {"body", "turns"} & chosen.keys():
        raise SystemExit("The data set needs a column for id and one for body or turns; --columns names them.")
    selected = data.select([column(part, name) for part, name in chosen.items()])
    return selected if "unit" in chosen else selected.withColumn("unit", F.lit(None).cast("string"))


def tables_of(answers: DataFrame) -> dict[str, DataFrame]:
    """The tables that are written, by name."""
    found = answers.select("id", "unit", "channel", F.posexplode("diagnostics").alias("number", "found"))
    findings = found.select(
        "id", "unit", "channel", "number",
        F.split_part("found.rule", F.lit("/"), F.lit(1)).alias("theme"),
        "found.rule", "found.severity", "found.part", "found.role", "found.text.start", "found.text.end",
        "found.excerpt", "found.message", F.col("found.fix.title").alias("fix"), F.col("found.fix.safety").alias("fix_safety"),
        "found.fingerprint",
    )  # fmt: skip

    def of_severity(severity: str) -> Column:
        return F.sum(F.size(F.filter("diagnostics", lambda found: found["severity"] == severity)))

    return {
        "findings": findings,
        "unreadable": answers.where("error IS NOT NULL").select("id", "unit", "error"),
        "by_rule": findings.groupBy("theme", "rule", "severity").agg(F.count("*").alias("findings")).orderBy("rule", "severity"),
        "by_unit": answers.groupBy("unit")
        .agg(
            F.count_if(F.isnull("error")).alias("messages"),
            F.count("error").alias("unreadable"),
            *(of_severity(severity).alias(f"{severity}s") for severity in ("error", "warning", "info")),
        )
        .orderBy("unit"),
    }


def arguments() -> argparse.Namespace:
    """The command line."""

    def columns(text: str) -> dict[str, str]:
        named = dict(pair.split("=", 1) for pair in text.split(","))
        if unknown := named.keys() - {*NAMES, *PARTS}:
            raise argparse.ArgumentTypeError(f"{', '.join(sorted(unknown))}: parts are {', '.join(NAMES + PARTS)}")
        return named

    parser = argparse.ArgumentParser(description="Checks a data set of messages with lint and sums the findings.")
    parser.add_argument("--input", required=True, help="the data set")
    parser.add_argument("--format", choices=("parquet", "json"), default="parquet", help="its form; json is one object a line")
    parser.add_argument("--output", required=True, help="a folder that is not there yet, for the four tables")
    parser.add_argument("--lint", default="lint", help="a file shipped with --files, or a path on all machines (default: %(default)s)")
    parser.add_argument("--config", help="a santun.toml, likewise; without it, none is searched")
    parser.add_argument("--columns", type=columns, default={}, metavar="PART=NAME,…", help="which columns hold what; then no other is read")
    parser.add_argument("--partitions", type=int, help="how many processes share the work; without it, as Spark divides the data set")
    return parser.parse_args()


def main() -> None:
    """Reads, checks, writes and shows."""
    options = arguments()
    spark = SparkSession.builder.appName("santun").getOrCreate()
    messages = messages_of(spark.read.format(options.format).load(options.input), options.columns)
    if options.partitions:
        messages = messages.repartition(options.partitions)
    names = messages.select(*NAMES).schema
    lines = messages.mapInArrow(checker(options.lint, options.config), StructType([*names, *StructType().add("answer", StringType())]))
    answers = lines.withColumn("answer", F.from_json("answer", ANSWER, {"mode": "FAILFAST"})).select(*NAMES, "answer.*")
    # All tables come of one run of `lint`. On disk, since answers may be many.
    answers.persist(StorageLevel.DISK_ONLY)
    for name, table in tables_of(answers).items():
        path = f"{options.output}/{name}"
        (table.coalesce(1) if name.startswith("by_") else table).write.parquet(path)
        if name.startswith("by_"):
            spark.read.parquet(path).show(1000, truncate=False)
    spark.stop()


if __name__ == "__main__":
    main()
