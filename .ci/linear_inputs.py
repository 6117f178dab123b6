"""Inputs that a linter may choke on, for `.ci/linear`: `linear_inputs.py FOLDER BYTES` writes each into folders 0, 1 and 2,
which hold a little of it, about so many bytes, and twice as many."""

import pathlib
import sys

EML = "From: Dinas <dinas@contoso.go.id>\nTo: warga@contoso.id\nSubject: Jadwal\n"
DRAFT = "Yth. Bapak Ahmad,\n\n"
CLOSE = "\n\nTerima kasih.\n\nHormat kami,\nBudi Santoso\nDinas X\n"
SLACK = '{"type":"message","user":"U1","text":"gak bisa gimana","ts":"17%d.1"},\n'
ENTRY = '{"id":1%d,"type":"message","date":"2026-01-05T08:00:00","from":"Admin Dinas","text":["gak ",{"type":"bold","text":"bisa"}]},\n'
ROW = '%d,email,Jadwal KTP,"Halo Bro, gak bisa, ""min"""\n'
ANSWER = '[05/01/26 08.00.%e] Admin Dinas: gak bisa bro, nanti %d\n'

# Of each input: the name of its file, what stands before, what is repeated, what stands behind. `%d` is the number of the
# repetition, `%e` its last two digits, `%w` a word and `%W` one in capitals that no other repetition has.
INPUTS = {
    # Words, without an end of a sentence or of a line, and with them.
    "endless-line": ("email.txt", DRAFT, "berkas permohonan sudah kami terima dan akan kami proses segera ", CLOSE),
    "conditions": ("email.txt", DRAFT, "di kirim ke kantor di bawah ke depan dan di samping itu ke sana ", CLOSE),
    "distinct-words": ("email.txt", DRAFT, "%w ", CLOSE),
    "one-word-a-line": ("email.txt", DRAFT, "kata\n", CLOSE),
    "empty-lines": ("email.txt", DRAFT, "\n", CLOSE),
    "blanks": ("email.txt", DRAFT, " ", CLOSE),
    "one-word": ("email.txt", DRAFT, "a", CLOSE),
    "sentences": ("email.txt", DRAFT, "Mohon maaf. ", CLOSE),
    "greetings": ("email.txt", "", "Yth. Bapak Ahmad,\n\n", ""),
    "closings": ("email.txt", DRAFT, "Hormat kami,\nBudi Santoso\nKepala Dinas X\n\n", ""),
    "quotes": ("email.txt", DRAFT, "> Halo min, kok gak bisa\n", CLOSE),
    "deep-quotes": ("email.txt", DRAFT, ">", CLOSE),
    "said-quotes": ("email.txt", DRAFT, "\"ya\" 'tak' ", CLOSE),
    "open-quotes": ("email.txt", DRAFT, "“a ‘b ", CLOSE),
    "apostrophes": ("email.txt", DRAFT, "Jum'at ", CLOSE),
    "brackets": ("email.txt", DRAFT, "(a ", CLOSE),
    "lists": ("email.txt", DRAFT, "%d. gak bisa\n- bisa\n", CLOSE),
    # Words that rules look for.
    "slang": ("chat.txt", "", "gak ", ""),
    "slang-lines": ("chat.txt", "", "gak bisa gimana bro\n", ""),
    "phrases": ("chat.txt", "", "saya admin mau kasih tahu kirim kode otp rekening anda ke nomor ini segera ", ""),
    "blame": ("email.txt", DRAFT, "Bapak salah sendiri tidak membaca pengumuman itu bukan urusan kami ", CLOSE),
    "stretched": ("chat.txt", "", "okeee siaaap teman2 g4k ijinnya ", ""),
    "one-stretch": ("chat.txt", "ok", "e", ""),
    "variants": ("email.txt", DRAFT, "Anda Saudara anda kamu aku saya ", CLOSE),
    "acronyms": ("email.txt", DRAFT, "surat %W dan ", CLOSE),
    "capitals": ("email.txt", DRAFT + "awal ", "HARUS SEGERA DATANG ", CLOSE),
    "capital-runs": ("email.txt", DRAFT, "HARUS SEGERA DATANG KE KANTOR biasa ", CLOSE),
    "mixed": ("chat.txt", "", "gak di kirim!! KTP 😡 08%d1234567 ", ""),
    # Signs.
    "emoji": ("chat.txt", "", "😡", ""),
    "emoji-list": ("chat.txt", "", "✅ ", ""),
    "families": ("chat.txt", "", "👨‍👩‍👧", ""),
    "emoticons": ("chat.txt", "", ":) ", ""),
    "marks": ("chat.txt", "", "apa?! ", ""),
    "one-mark": ("chat.txt", "apa", "!", ""),
    "ellipses": ("email.txt", DRAFT, "lalu... ", CLOSE),
    "controls": ("chat.txt", "", "gak\u001b[31m \u200b\u202e", ""),
    # Numbers and addresses.
    "digits": ("email.txt", DRAFT, "36 ", CLOSE),
    "identifiers": ("email.txt", DRAFT, "NIK 3678011207900003 ", CLOSE),
    "telephones": ("email.txt", DRAFT, "hubungi 0812345678%e ", CLOSE),
    "telephone-lines": ("email.txt", DRAFT, "hubungi 0812345678%e\n", CLOSE),
    "codes": ("chat.txt", "", "kode OTP 123%d, PIN: 4567 ", ""),
    "one-code": ("chat.txt", "", "pin=", ""),
    "links": ("chat.txt", "", "https://bit.ly/%d?a=b&c=d!! ", ""),
    "one-link": ("chat.txt", "https://contoso.id/", "a.b/", ""),
    "mails": ("chat.txt", "", "budi%d@contoso.id ", ""),
    "dots": ("chat.txt", "", "a.", ""),
    "ats": ("chat.txt", "", "a@", ""),
    # Templates and HTML.
    "values": ("surat.html.j2", "<p>Yth. ", "{{ a }} ", "</p>\n"),
    "plain-values": ("email.txt", DRAFT, "{{ a }} gak ", CLOSE),
    "open-values": ("surat.html.j2", "<p>", "{{ ", "</p>\n"),
    "open-values-of-chats": ("chat.txt", "", "{{ [a {b <c ${ ", ""),
    "directives": ("surat.html.j2", "<p>", "{% if a %}gak{% endif %} ", "</p>\n"),
    "blade": ("surat.blade.php", "<p>", "@if($a < (1)) gak @endif {!! $a !!} ", "</p>\n"),
    "open-blade": ("surat.blade.php", "<p>", "@if((( ", "</p>\n"),
    "nested-tags": ("surat.html", "", "<div><b>gak ", ""),
    "tags": ("surat.html", "<p>", "<b>gak</b><br>", "</p>\n"),
    "open-tags": ("surat.html", "<p>", "<a href=\"", "</p>\n"),
    "open-comments": ("surat.html", "<p>", "<!-- ", "</p>\n"),
    "entities": ("surat.html", "<p>", "gak&amp;&nbsp;&", "</p>\n"),
    "tables": ("surat.html", "<table>", "<tr><td>gak</td><td>%d</td></tr>", "</table>\n"),
    "switches": ("surat.html", "", "<!-- santun-ignore language/slang: a -->\n<p>gak bisa</p>\n\n", ""),
    # Sources of many messages.
    "short-messages": ("batch.jsonl", "", '{"id":"%d","channel":"chat","body":"gak bisa bro"}\n', ""),
    "huge-message": ("batch.jsonl", '{"id":"1","channel":"chat","body":"', "gak \\u00e9\\n", '"}\n'),
    "turns": ("batch.jsonl", '{"id":"1","channel":"chat","turns":[', '{"ours":true,"body":"gak bisa bro"},', '{"body":"ya"}]}\n'),
    "broken-lines": ("batch.jsonl", '{"id":"1","body":"ya"}\n', "{{[\n", ""),
    "rows": ("batch.csv", "id,channel,subject,body\n", ROW, ""),
    "cells": ("batch.csv", "id,channel,body\n1,chat,gak", ",gak", "\n"),
    "open-cell": ("batch.csv", "id,channel,body\n1,chat,\"", "gak \"\" ", ""),
    "header-lines": ("surat.eml", EML, "X-Jejak: satu dua tiga <a@contoso.id>\n", "\nHalo\n"),
    "long-header": ("surat.eml", EML + "Cc: ", "a%d@contoso.id,\n ", "b@contoso.id\n\nHalo\n"),
    "encoded-words": ("surat.eml", EML + "X-Judul: a\nSubject: ", "=?UTF-8?Q?gak_?=\n ", "\n\nHalo\n"),
    "parts": ("surat.eml", EML + "Content-Type: multipart/mixed; boundary=x\n\n", "--x\n\ngak bisa\n", "--x--\n"),
    "quoted-printable": ("surat.eml", EML + "Content-Transfer-Encoding: quoted-printable\n\n", "gak=20=C3=A9=\n", "\n"),
    "mails-of-a-box": ("kotak.mbox", "", "From a@contoso.id Mon Jan  5 08:00:00 2026\n" + EML + "\ngak bisa\n\n", ""),
    "whatsapp": ("WhatsApp Chat.txt", "", ANSWER, ""),
    "whatsapp-lines": ("WhatsApp Chat.txt", "[05/01/26 08.00.00] Admin: a\n[05/01/26 08.00.01] Budi: ", "gak bisa\n", ""),
    "whatsapp-people": ("WhatsApp Chat.txt", "", "[05/01/26 08.00.%e] Warga %w: gak bisa bro\n", ""),
    "slack": ("2026-01-05.json", "[", SLACK, '{"type":"message","user":"U2","text":"ya","ts":"1799999999.1"}]'),
    "telegram": ("result.json", '{"name":"a","type":"personal_chat","id":1,"messages":[', ENTRY, ENTRY.rstrip(",\n").replace("%d", "0") + "]}"),
    "nested-json": ("result.json", '{"name":"a","type":"personal_chat","id":1,"messages":[', "[", ""),
}

# How much of the bytes each folder holds.
SHARES = (0.02, 1, 2)


def word(number):
    """A word of three syllables for each number below a million."""
    parts = (number // 10_000 % 100, number // 100 % 100, number % 100)
    return "".join("bcdfghjklmnprstvwyzq"[part // 5] + "aiueo"[part % 5] for part in parts)


def numbered(unit, number):
    """The repetition of that number."""
    own = {"%d": f"{number:06}", "%e": f"{number % 60:02}", "%w": word(number), "%W": word(number).upper()}
    for mark, value in own.items():
        unit = unit.replace(mark, value)
    return unit


def repeated(unit, size):
    """As many repetitions of `unit` as make about `size` bytes."""
    count = size // len(numbered(unit, 0).encode())
    return "".join(numbered(unit, number) for number in range(count)) if "%" in unit else unit * count


def main():
    folder, size = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    for name, (file, head, unit, tail) in INPUTS.items():
        for index, share in enumerate(SHARES):
            path = folder / name / str(index) / file
            path.parent.mkdir(parents=True)
            path.write_text(head + repeated(unit, int(size * share)) + tail, encoding="utf-8", newline="")
    print(*INPUTS, sep="\n")


if __name__ == "__main__":
    main()
