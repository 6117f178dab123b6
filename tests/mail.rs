//! E-mail: what is read of each form, and that every word knows its bytes.

#![allow(clippy::unwrap_used, clippy::string_slice, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;

use proptest::prelude::*;
use santun::message::{Message, Part};
use santun::read::{Format, Hints};
use santun::source::{Text, Window};

fn window(bytes: &[u8]) -> Window {
    Window::whole(bytes)
}

fn messages<'w>(format: &'static Format, text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Message<'w>> {
    format.read(text, window, hints).into_iter().flat_map(|reading| reading.unwrap().messages).collect()
}

/// The fields of each message, with the name and the text of each stretch beside the bytes that it came from.
fn read(name: &str, bytes: &[u8]) -> String {
    let window = window(bytes);
    let format = Format::sniffed(name, bytes);
    let text = format.decode(&window);
    let mut out = String::new();
    for message in messages(format, &text, &window, &Hints::default()) {
        let notes = &message.notes;
        let _ = writeln!(out, "{} {} attachments={:?}", format.name, message.channel.name(), message.attachments);
        if !notes.is_empty() {
            let _ = writeln!(out, "notes: {notes:?}");
        }
        for field in &message.fields {
            for segment in &field.segments {
                let span = field.locate(segment.text);
                let source = &bytes[usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap()];
                let shown = String::from_utf8_lossy(source);
                let text = segment.text.of(&field.text);
                let _ = write!(out, "{}/{}: {text:?}", field.part.name(), segment.role.name());
                if *text == *shown {
                    out.push('\n');
                } else {
                    let _ = writeln!(out, "\n    from {shown:?}");
                }
            }
        }
    }
    out
}

const HEAD: &str = "From: Dinas Dukcapil <dukcapil@x.go.id>\r\nTo: Sari <sari@y.id>\r\nSubject: Jadwal layanan\r\nDate: Tue, 14 Oct 2025 08:13:00 +0700\r\nMIME-Version: 1.0\r\n";

fn mail(rest: &str) -> String {
    format!("{HEAD}{}", rest.replace('\n', "\r\n"))
}

#[test]
fn reads_a_plain_mail() {
    insta::assert_snapshot!(read(
        "a.eml",
        mail("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nYth. Ibu Sari,\n\nBerkas gak lengkap é.\n\nTerima kasih.\n\nBudi\nDinas Dukcapil Kota X\n").as_bytes()
    ));
}

#[test]
fn reads_quoted_printable_and_words_in_headers() {
    let source = "From: =?utf-8?Q?Dinas_P=C3=A9layanan?= <x@x.go.id>\r\nSubject: =?UTF-8?B?SmFkd2Fs?= =?UTF-8?Q?_gak_=C3=A9?=\r\n baru\r\nContent-Type: text/plain; charset=windows-1252\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nYth. Ibu,=20\r\n\r\nBerkas su=\r\ndah =93siap=94.\r\n";
    insta::assert_snapshot!(read("a.eml", source.as_bytes()));
}

#[test]
fn reads_base64() {
    insta::assert_snapshot!(read(
        "a.eml",
        mail("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nWXRoLiBJYnUgU2FyaSwKCkJlcmthcyBnYWsgbGVuZ2thcC4KCg==\n")
            .as_bytes()
    ));
}

#[test]
fn reads_the_html_of_alternatives_and_counts_files() {
    insta::assert_snapshot!(read(
        "a.eml",
        mail(
            "Content-Type: multipart/mixed; boundary=\"luar\"\n\nPreambel\n--luar\nContent-Type: multipart/alternative; boundary=dalam\n\n--dalam\nContent-Type: text/plain\n\nTeks biasa\n--dalam\nContent-Type: multipart/related; boundary=r\n\n--r\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<p>Yth. Ibu=2C</p><p>Berkas <b>gak</b>&nbsp;lengkap.</p>\n--r\nContent-Type: image/png; name=logo.png\nContent-ID: <logo>\n\nAAAA\n--r--\n--dalam--\n--luar\nContent-Type: application/pdf; name=\"surat.pdf\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nAAAA\n--luar--\nEpilog\n"
        )
        .as_bytes()
    ));
}

#[test]
fn reads_flowed_replies_without_the_other_party() {
    insta::assert_snapshot!(read(
        "a.eml",
        mail(
            "Content-Type: text/plain; format=flowed\n\nYth. Ibu Sari,\n\nberkas Ibu sudah \nkami terima.\n\nPada Sel, 14 Okt 2025 pukul 08.00 Sari <sari@y.id>\nmenulis:\n> kapan selesai? \n> gak jelas\n\nBesok pukul 09.00.\n\nTerima kasih.\n\n-- \nBudi\nDinas Dukcapil\n"
        )
        .as_bytes()
    ));
}

#[test]
fn reads_the_quotations_of_html_replies() {
    insta::assert_snapshot!(read(
        "a.eml",
        mail(
            "Content-Type: text/html\n\n<div>Yth. Ibu,</div><div>besok selesai.</div><div class=\"gmail_quote\"><div class=\"gmail_attr\">Pada 14 Okt 2025 Sari menulis:<br></div><blockquote>kapan, gak jelas</blockquote></div><div>Budi<br>Dinas Dukcapil</div>\n"
        )
        .as_bytes()
    ));
}

#[test]
fn a_message_that_is_attached_is_anothers() {
    insta::assert_snapshot!(read(
        "a.eml",
        mail(
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nBerikut laporan warga.\n--b\nContent-Type: message/rfc822\n\nFrom: warga@y.id\nSubject: keluhan\n\ngak beres\n--b--\n"
        )
        .as_bytes()
    ));
}

#[test]
fn reads_what_is_broken_as_far_as_it_goes() {
    // A continuation without its blank, a boundary that nothing closes, one in mid-line, escapes that are none.
    let broken = mail(
        "Content-Type: multipart/mixed;\nboundary=\"b\"\n\n--b\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nisi == =ZZ dan --b di tengah=\n--b\nbukan kepala\n\nlanjut\n",
    );
    insta::assert_snapshot!(read("a.eml", broken.as_bytes()));
}

#[test]
fn reads_marks_utf16_and_line_ends_of_cr() {
    let source = "From: a@x.go.id\nSubject: gak é\nMIME-Version: 1.0\n\nisi é\n";
    let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(source.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let mut shown = read("a.eml", format!("\u{feff}{source}").as_bytes());
    shown.push_str(&read("a.eml", source.replace('\n', "\r").as_bytes()));
    shown.push_str(&read("a.eml", &utf16));
    insta::assert_snapshot!(shown);
}

#[test]
fn reads_a_mailbox() {
    let mailbox = "From a@x Tue Oct 14 08:13:00 2025\nFrom: a@x.go.id\nSubject: satu\n\nisi\n>From sini\n>>From sana\n\nFrom b@x Tue Oct 14 08:14:00 2025\nFrom: b@x.go.id\nSubject: dua\n\nisi lain\nFrom tengah\n\n";
    insta::assert_snapshot!(read("kotak.mbox", mailbox.as_bytes()));
}

#[test]
fn limits_strike_with_a_note() {
    let hints = |nesting, parts, field_bytes| {
        let limits = santun::limits::Limits { nesting, parts, field_bytes, ..Default::default() };
        Hints { limits, ..Hints::default() }
    };
    let nested = mail(
        "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\ndalam\n--b--\n--a\n\nluar\n--a--\n",
    );
    let notes = |hints: &Hints| {
        let window = window(nested.as_bytes());
        let format = Format::by_name("eml").unwrap();
        let text = format.decode(&window);
        let found = messages(format, &text, &window, hints);
        format!("{:?} {:?}", found[0].notes, found[0].body().unwrap().text)
    };
    assert_eq!(notes(&hints(64, 100, 100)), r#"[] "dalam\n\nluar""#);
    assert_eq!(notes(&hints(1, 100, 100)), r#"[TooDeep(1)] "luar""#);
    assert_eq!(notes(&hints(64, 3, 100)), r#"[TooManyParts(3)] "dalam""#);
    assert!(notes(&hints(64, 100, 3)).starts_with("[FieldCut(3)"));
}

/// How a body is sent.
#[derive(Clone, Copy, Debug)]
enum Transfer {
    Plain,
    QuotedPrintable,
    Base64,
}

/// The bytes of a body as they are sent, with the place of each byte of the text, from the start of the body.
fn sent(text: &str, transfer: Transfer, width: usize) -> (Vec<u8>, Vec<(usize, usize)>) {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut out, mut places) = (Vec::new(), Vec::new());
    match transfer {
        Transfer::Plain => {
            out.extend_from_slice(text.as_bytes());
            places.extend((0..text.len()).map(|at| (at, at + 1)));
        }
        Transfer::QuotedPrintable => {
            let mut column = 0;
            for byte in text.bytes() {
                if column >= width && byte != b'\n' {
                    out.extend_from_slice(b"=\r\n");
                    column = 0;
                }
                let start = out.len();
                match byte {
                    b'\n' | b'!'..=b'<' | b'>'..=b'~' => out.push(byte),
                    _ => out.extend_from_slice(format!("={byte:02X}").as_bytes()),
                }
                column = if byte == b'\n' { 0 } else { column + out.len() - start };
                places.push((start, out.len()));
            }
        }
        Transfer::Base64 => {
            let mut chars = Vec::new();
            for chunk in text.as_bytes().chunks(3) {
                let bits = chunk.iter().enumerate().fold(0_u32, |bits, (at, b)| bits | u32::from(*b) << (16 - 8 * at));
                for at in 0..=chunk.len() {
                    if chars.len() % width == width - 1 {
                        out.extend_from_slice(b"\r\n");
                    }
                    chars.push(out.len());
                    out.push(DIGITS[(bits >> (18 - 6 * at) & 63) as usize]);
                }
                out.extend(std::iter::repeat_n(b'=', 3 - chunk.len()));
            }
            let mut quantum = 0;
            for (nth, chunk) in text.as_bytes().chunks(3).enumerate() {
                let _ = nth;
                for at in 0..chunk.len() {
                    places.push((chars[quantum + at], chars[quantum + at + 1] + 1));
                }
                quantum += chunk.len() + 1;
            }
        }
    }
    (out, places)
}

proptest! {
    /// Every word of a body stands where its bytes were sent, whatever they travelled as.
    #[test]
    fn words_know_their_bytes(
        words in prop::collection::vec(
            prop::sample::select(vec!["gak", "berkas", "é", "pélayanan", "🙏", " ", " ", "\n", "\n\n", "=", "a_b", "“siap”"]), 1..60),
        transfer in prop::sample::select(vec![Transfer::Plain, Transfer::QuotedPrintable, Transfer::Base64]),
        width in 4_usize..80,
    ) {
        let text = words.concat();
        let (body, places) = sent(&text, transfer, width);
        let name = match transfer {
            Transfer::Plain => "8bit",
            Transfer::QuotedPrintable => "quoted-printable",
            Transfer::Base64 => "base64",
        };
        let head = format!("Subject: a\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {name}\n\n");
        let bytes = [head.as_bytes(), &body].concat();
        let window = window(&bytes);
        let format = Format::by_name("eml").unwrap();
        let decoded = format.decode(&window);
        let found = messages(format, &decoded, &window, &Hints::default());
        let field = found[0].body().unwrap();
        prop_assert_eq!(field.text.as_ref(), text.as_str());
        for token in &field.tokens {
            let span = field.locate(token.span());
            let (first, last) = (places[token.start as usize], places[token.end as usize - 1]);
            prop_assert_eq!((span.start, span.end), ((head.len() + first.0) as u64, (head.len() + last.1) as u64));
        }
    }

    /// Any bytes are read: spans lie within the source and rise with the text.
    #[test]
    fn anything_is_read(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "From ", "From: a@x\n", "Subject: =?utf-8?Q?a=C3?= =?utf-8?B?w6k", "?=", "\n", "\n\n", "\r", "--b", "--b--", "--b\n", "boundary=b",
            "Content-Type: multipart/alternative; boundary=b\n", "Content-Type: message/rfc822\n", "Content-Type: text/html\n",
            "Content-Type: text/plain; format=flowed; charset=iso-2022-jp\n", "Content-Transfer-Encoding: base64\n",
            "Content-Transfer-Encoding: quoted-printable\n", "Z2Fr", "=\n", "=4", "<blockquote>", "</p>", "&amp", "\u{feff}", "\0", " ", "> ", "gak",
        ]), 0..60),
        format in prop::sample::select(vec!["eml", "mbox"]),
    ) {
        let bytes = pieces.concat().into_bytes();
        let window = window(&bytes);
        let format = Format::by_name(format).unwrap();
        let decoded = format.decode(&window);
        for message in messages(format, &decoded, &window, &Hints::default()) {
            for field in &message.fields {
                let mut last = 0;
                for token in &field.tokens {
                    let span = field.locate(token.span());
                    prop_assert!(span.start <= span.end && span.end <= bytes.len() as u64);
                    if field.part == Part::Body || field.part == Part::Subject {
                        prop_assert!(span.start >= last);
                    }
                    last = span.start;
                }
                let covered: u32 = field.segments.iter().map(|segment| segment.text.end - segment.text.start).sum();
                prop_assert_eq!(covered as usize, field.text.len());
            }
        }
    }
}
