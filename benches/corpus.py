"""Makes messages for measuring and testing from our own examples: the drafts in examples/ and the cases in rules/.

    corpus.py mail FILE BYTES       a mail
    corpus.py archive FILE BYTES    messages of varied lengths as JSONL, and in FILE.txt their text, one message a line
    corpus.py folder FOLDER COUNT   so many small drafts, a hundred a folder
    corpus.py mailbox FILE BYTES    a mailbox
    corpus.py words FILE COUNT      words of our lexicons, those that typical messages hold first, one a line
    corpus.py pack FILE COUNT       a user's pack with so many terms
    corpus.py units FILE COUNT      JSONL as several units would hand it in: odd ids, conversations, and some lines that are no message

The same arguments make the same bytes on every machine. Nothing is needed beside Python 3.11.
"""

import json
import random
import re
import sys
import tomllib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Message = dict[str, Any]

# The header lines of our drafts, as keys of JSONL.
HEADERS = {
    "Dari": "from", "Kepada": "to", "Tembusan": "cc", "Cc": "cc", "Bcc": "bcc", "Subjek": "subject", "Hal": "subject",
    "Tanggal": "date", "Lampiran": "attachments", "Akun": "account", "Kanal": "channel",
}
CHANNELS = {"email": "email", "chat": "chat", "post": "social", "surat": "letter"}
LISTS = ("to", "cc", "bcc", "attachments")
UNITS = [f"{office} {town}" for office in ("Dinas Kesehatan", "Disdukcapil", "Bapenda") for town in ("Kota X", "Kabupaten Y", "Kota “Ž”")]


def draft(path: Path) -> Message:
    """A draft with its header lines, where it has them; its name begins with the channel."""
    text = path.read_text()
    message: Message = {"channel": CHANNELS[path.name.split("-")[0]]}
    head, _, body = text.partition("\n\n")
    lines = [line.partition(": ") for line in head.splitlines()]
    if all(name in HEADERS and value for name, _, value in lines):
        message |= {HEADERS[name]: value for name, _, value in lines}
        text = body
    return message | {"body": text}


def cases() -> Iterator[Message]:
    """The examples inside the rules, good and bad. Packs are TOML 1.1 and Python reads 1.0, hence one by one, and none in tables of several lines."""
    for pack in sorted((ROOT / "rules").glob("*.toml")):
        for case in re.findall(r'^(?:bad|good) = (?:"""[^"]*"""|\'\'\'[^\']*\'\'\'|".*"|\{.*\})$', pack.read_text(), re.M):
            [message] = tomllib.loads(case).values()
            yield {"body": message} if isinstance(message, str) else message


def examples() -> list[Message]:
    """All that we have, with lists where JSONL allows a string as well, so that a column has one type."""
    batch = (ROOT / "examples/batch.jsonl").read_text().splitlines()
    drafts = [path for kind in ("bad", "good") for path in sorted((ROOT / "examples" / kind).glob("*.txt"))]
    messages = [json.loads(line) for line in batch]
    messages += [draft(path) for path in drafts if path.name.split("-")[0] in CHANNELS]
    messages += cases()
    for message in messages:
        message.pop("id", None)
        message |= {key: [message[key]] for key in LISTS if isinstance(message.get(key), str)}
    return messages


def bodies() -> Iterator[tuple[Message, str]]:
    """Without end: a message, and a text of one to twenty bodies, most of them short."""
    pool = [message for message in examples() if message.get("body")]
    chance = random.Random("santun")
    while True:
        chosen = chance.choices(pool, k=chance.choice((1, 1, 1, 1, 2, 2, 3, 5, 20)))
        yield chosen[0], "\n\n".join(message["body"] for message in chosen)


def mail(target: Path, size: int) -> None:
    """A good mail, filled up from another."""
    text = (ROOT / "examples/good/email-jadwal-ktp.txt").read_text() + draft(ROOT / "examples/good/email-tagihan-pbb.txt")["body"]
    target.write_bytes(text.encode()[:size].decode(errors="ignore").encode())


def archive(target: Path, size: int) -> None:
    """JSONL, and beside it the same text for tools that read lines."""
    written = 0
    with target.open("w") as lines, Path(f"{target}.txt").open("w") as plain:
        for message, body in bodies():
            line = json.dumps(message | {"body": body}, ensure_ascii=False) + "\n"
            lines.write(line)
            plain.write(" ".join(body.split()) + "\n")
            written += len(line.encode())
            if written >= size:
                return


def folder(target: Path, size: int) -> None:
    """Small drafts, named by their channel."""
    for number, (message, _) in enumerate(islice(bodies(), size)):
        path = target / f"{number // 100:04}" / f"{message.get('channel', 'chat')}-{number:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(message["body"])


def mailbox(target: Path, size: int) -> None:
    """Mails behind each other, as mbox has them."""
    written = 0
    with target.open("wb") as box:
        for number, (_, body) in enumerate(bodies()):
            quoted = re.sub(r"^(>*From )", r">\1", body, flags=re.M)
            written += box.write(
                f"From layanan@dinasx.kotay.go.id Mon Oct 13 09:00:00 2025\n"
                f"From: Dinas X <layanan@dinasx.kotay.go.id>\nTo: warga@example.com\nSubject: Informasi layanan nomor {number}\n"
                f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{quoted}\n\n".encode()
            )
            if written >= size:
                return


def words(target: Path, size: int) -> None:
    """Single words, since word lists of other tools hold no phrases."""
    names = ("abbreviation", "affix", "slang", "spelling")
    lexicons = [tomllib.loads((ROOT / f"rules/lexicon/{name}.toml").read_text()) for name in names]
    known = sorted({word for lexicon in lexicons for word in lexicon if re.fullmatch(r"[\w-]{2,}", word)})
    random.Random("words").shuffle(known)
    said = {word for message in examples() for word in re.findall(r"[\w-]+", message.get("body", "").lower())}
    target.write_text("".join(f"{word}\n" for word in sorted(known, key=lambda word: word not in said)[:size]))


def pack(target: Path, size: int) -> None:
    """Terms as long as Indonesian words, which no message holds: only looking for them is to cost something."""
    syllables = [first + vowel for first in "bcdfghjklmnprstwyz" for vowel in "aiueo"]
    chance = random.Random("pack")
    terms: dict[str, None] = {}
    while len(terms) < size:
        terms["".join(chance.choices(syllables, k=chance.randint(4, 6))) + "q"] = None
    rule = 'id = "term"\nkind = "terms"\nseverity = "info"\nmessage = "istilah {match}"\n'
    target.write_text(f'[pack]\nid = "bench"\n\n[[rule]]\n{rule}terms = {json.dumps(list(terms))}\n')


def units(target: Path, size: int) -> None:
    """What a job over many machines must bear."""
    chance = random.Random("units")
    pool = examples()
    with target.open("w") as lines:
        for number in range(size):
            # What a careless reader would change: leading noughts, digits beyond a float, quotation marks, a line separator, ids that
            # are not unique.
            name = (f"{number:09}", f"9007199254740993{number}", f'"{number // 7}"\u2028é')[number % 3]
            message = {"id": name, "unit": chance.choice(UNITS) if number % 97 else None} | chance.choice(pool)
            if number % 1009 == 1:
                message["channel"] = "fax"
            if number % 1511 == 2:
                message["body"], message["turns"] = None, None
            lines.write(json.dumps(message, ensure_ascii=False) + "\n")


def main() -> None:
    """Runs what the command line names."""
    kinds = {kind.__name__: kind for kind in (mail, archive, folder, mailbox, words, pack, units)}
    match sys.argv[1:]:
        case [name, target, size] if name in kinds and size.isdecimal():
            kinds[name](Path(target), int(size))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
