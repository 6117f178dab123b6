//! What a page may ask, asked as JavaScript asks it.

use serde_json::{Value, json};

use crate::{about, check, lint, mend, open};

fn request(more: &Value) -> String {
    let mut all = json!({ "name": "teks.txt", "lang": "id", "now": "2026-11-26T09:00:00" });
    if let (Some(all), Some(more)) = (all.as_object_mut(), more.as_object()) {
        all.extend(more.clone());
    }
    all.to_string()
}

fn read(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

fn checked(text: &str, more: &Value) -> Value {
    read(&check(text, &request(more)))
}

fn opened(bytes: &[u8], name: &str) -> Value {
    read(&open(bytes.to_vec(), name, "id"))
}

/// What spans of UTF-16 say in a text.
fn said(text: &str, from: &Value, to: &Value) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let at = |value: &Value| usize::try_from(value.as_u64().unwrap()).unwrap();
    String::from_utf16(&units[at(from)..at(to)]).unwrap()
}

#[test]
fn places_are_those_of_javascript() {
    for text in ["Halo 🙏 Bapak,\r\nberkasnya gak ada 🙏 gak lengkap.", "\u{feff}gak ada é gak"] {
        let checked = checked(text, &json!({ "channel": "chat" }));
        let found = checked["report"]["files"][0]["messages"][0]["diagnostics"].as_array().unwrap();
        let spans = checked["spans"].as_array().unwrap();
        assert_eq!((spans.len(), checked["edits"].as_array().unwrap().len()), (2 * found.len(), found.len()));
        let slang: Vec<usize> = (0..found.len()).filter(|index| found[*index]["rule"] == "language/slang").collect();
        assert_eq!(slang.len(), 2, "{checked}");
        for index in slang {
            assert_eq!(said(text, &spans[2 * index], &spans[2 * index + 1]), "gak");
            let edit = &checked["edits"][index][0];
            assert_eq!(
                (said(text, &edit["from"], &edit["to"]).as_str(), edit["insert"].as_str()),
                ("gak", Some("tidak"))
            );
        }
        assert_eq!(checked["channel_found"], "given");
    }
}

#[test]
fn all_safe_fixes_leave_none() {
    let mended = read(&mend("Halo 🙏,\r\nberkasnya gak ada.\r\n".to_owned(), &request(&json!({}))));
    assert!(mended["applied"].as_u64().unwrap() > 0);
    assert!(mended["text"].as_str().unwrap().contains("tidak ada.\r\n"), "{mended}");
    let again = read(&mend(mended["text"].as_str().unwrap().to_owned(), &request(&json!({}))));
    assert_eq!((&again["applied"], &again["text"]), (&json!(0), &mended["text"]));
}

#[test]
fn the_checklist_stands_for_one_message_and_for_many() {
    let one = checked("Yth. Ibu Sari,\n\nberkasnya gak ada.", &json!({ "channel": "email" }));
    assert_eq!(one["checklist"]["messages"], 1);
    let states = |of: &Value| -> Vec<String> {
        of["checklist"]["statements"].as_array().unwrap().iter().map(|s| s["state"].to_string()).collect()
    };
    assert!(states(&one).contains(&"\"to-mend\"".to_owned()) && states(&one).contains(&"\"fulfilled\"".to_owned()));
    let lines = "{\"body\":\"berkasnya gak ada\"}\n{\"body\":\"Berkas sudah ada.\"}\n";
    let many = checked(lines, &json!({ "name": "a.jsonl" }));
    assert_eq!(many["checklist"]["messages"], 2);
    assert!(states(&many).contains(&"\"to-mend\"".to_owned()));
    assert!(one["report"]["files"][0]["messages"][0].get("checklist").is_none());
}

#[test]
fn settings_count_and_what_is_wrong_with_them_is_told() {
    let text = "berkasnya gak ada";
    let rules = |of: &Value| of["report"]["files"][0]["messages"][0]["diagnostics"].to_string();
    assert!(rules(&checked(text, &json!({}))).contains("language/slang"));
    let off = checked(text, &json!({ "settings": "[rules]\n\"language/slang\" = \"off\"\n" }));
    assert!(off["error"].is_null() && !rules(&off).contains("language/slang"));
    for (settings, line) in [
        ("[rules]\n\"language/slnag\" = \"off\"\n", "Baris 2: "),
        ("[agency]\nnames = 7\n", "Baris 2: "),
        ("packs = [\"dinas-x.toml\"]\n", "Baris 1: "),
        ("[agency\n", "Baris 1: "),
    ] {
        let wrong = checked(text, &json!({ "settings": settings }));
        assert!(wrong["error"].as_str().unwrap().starts_with(line), "{settings}: {}", wrong["error"]);
        assert!(rules(&wrong).contains("language/slang"));
    }
    assert!(read(&check(text, "{"))["error"].is_string());
}

#[test]
fn mails_become_drafts() {
    let mail = "From: =?utf-8?q?Layanan_=E2=9C=93?= <layanan@dinasx.kotay.go.id>\r\nTo: a@example.com,\r\n b@example.com\r\nSubject: =?utf-8?b?SmFkd2FsIMOp?=\r\n\
                Date: Thu, 26 Nov 2026 09:00:00 +0700\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nYth. Ibu Ren=E9,=\r\n baik.\r\n";
    let draft = &opened(mail.as_bytes(), "surel.eml")["texts"][0];
    assert_eq!(draft["name"], "surel.txt");
    let text = draft["text"].as_str().unwrap();
    assert_eq!(
        text,
        "Dari: Layanan ✓ <layanan@dinasx.kotay.go.id>\nKepada: a@example.com, b@example.com\nSubjek: Jadwal é\n\
         Tanggal: Thu, 26 Nov 2026 09:00:00 +0700\nLampiran: -\n\nYth. Ibu René, baik.\n"
    );
    let read_again = checked(text, &json!({ "name": "surel.txt" }));
    assert_eq!(read_again["report"]["files"][0]["messages"][0]["channel"], "email");
    let base64 = "From: a@b.go.id\nContent-Transfer-Encoding: base64\n\nWXRoLiBJYnU=\n";
    assert!(opened(base64.as_bytes(), "x.eml")["texts"][0]["text"].as_str().unwrap().ends_with("\n\nYth. Ibu"));
    let html = "From: a@b.go.id\nContent-Type: text/html\n\n<p>Yth. Ibu,<br>baik &amp; benar</p>\n";
    let html = opened(html.as_bytes(), "x.eml")["texts"][0]["text"].as_str().unwrap().to_owned();
    assert!(html.contains("Yth. Ibu,\nbaik & benar") && !html.contains('<'), "{html}");
    let many = "From a Thu Nov 26 09:00:00 2026\nFrom: a@b.go.id\nSubject: Satu\n\nisi\n\nFrom a Thu Nov 26 09:00:00 2026\nFrom: a@b.go.id\nSubject: Dua\n\nisi\n";
    let many = opened(many.as_bytes(), "arsip.mbox");
    let names: Vec<&str> =
        many["texts"].as_array().unwrap().iter().map(|text| text["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["arsip.1.txt", "arsip.2.txt"]);
}

#[test]
fn texts_are_read_in_their_encoding() {
    let latin = opened(b"Caf\xe9 buka, r\xe9sum\xe9 diterima.", "a.txt");
    assert_eq!(latin["texts"][0]["text"], "Café buka, résumé diterima.");
    assert_eq!(latin["notes"].as_array().unwrap().len(), 1);
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("Halo 🙏".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(opened(&wide, "a.txt")["texts"][0]["text"], "Halo 🙏");
    let none = opened(b"\x89PNG\0\0", "a.png");
    assert!(none["texts"].as_array().unwrap().is_empty() && none["error"].is_string());
    assert!(opened(b"PK\x03\x04x", "a.zip")["error"].is_string());
    assert_eq!(opened(b"", "a.txt")["texts"][0]["text"], "");
}

#[test]
fn nothing_panics() {
    for bytes in
        [&b""[..], b"\0", b"PK\x03\x04", b"\xff\xfe", b"\xff\xfea", b"From ", b"{", b"---\n", b"\r", "🙏".as_bytes()]
    {
        for name in ["", "a", "a.eml", "a.mbox", "a.jsonl", "a.csv", "a.zip", "/", "..", "result.json", "a.blade.php"] {
            assert!(!lint(bytes.to_vec(), name, &request(&json!({}))).is_empty());
            assert!(!open(bytes.to_vec(), name, "en").is_empty());
            let text = String::from_utf8_lossy(bytes).into_owned();
            let asked = request(&json!({ "name": name, "lang": "en", "channel": "fax", "now": "kemarin" }));
            assert!(!check(&text, &asked).is_empty());
            assert!(!mend(text, &asked).is_empty());
        }
    }
    assert!(!about("xx").is_empty());
}
