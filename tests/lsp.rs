//! The language server as editors meet it: a client over the standard streams of the command itself.

#![allow(clippy::unwrap_used, clippy::needless_pass_by_value, reason = "a test that cannot go on has failed")]

#[path = "lsp/client.rs"]
mod client;

use std::fs;
use std::path::Path;

use client::{Client, at, changed, edited, folder, framed, plain, range, uri, with};
use serde_json::{Value, json};

/// Emoji of two units of UTF-16 stand before what is found.
const CHAT: &str = "Selamat pagi, Ibu Sari 🙏🏽\n\nBerkasnya 📄 gak lengkap, tp bisa disusulkan.\n\nTerima kasih.\n";

/// A number that points at a person, of a form that is checked.
const NIK: &str = "3678011207900003";

fn pulling() -> Value {
    with(plain(), &[("textDocument/diagnostic", json!({})), ("workspace/diagnostics/refreshSupport", json!(true))])
}

fn editing() -> Value {
    with(
        plain(),
        &[
            ("workspace/workspaceEdit", json!({"documentChanges": true, "resourceOperations": ["create"]})),
            ("workspace/didChangeWatchedFiles/dynamicRegistration", json!(true)),
        ],
    )
}

/// The diagnostics of a rule.
fn of_rule<'d>(diagnostics: &'d [Value], rule: &str) -> Vec<&'d Value> {
    diagnostics.iter().filter(|diagnostic| diagnostic["code"] == rule).collect()
}

/// The pieces of text at which a rule found something.
fn found<'t>(text: &'t str, diagnostics: &[Value], rule: &str) -> Vec<&'t str> {
    of_rule(diagnostics, rule).iter().map(|diagnostic| at(text, &diagnostic["range"])).collect()
}

/// The action whose title holds `part`.
fn action<'a>(actions: &'a [Value], part: &str) -> &'a Value {
    let titled = |action: &&Value| action["title"].as_str().unwrap().contains(part);
    actions.iter().find(titled).unwrap_or_else(|| panic!("no action “{part}” in {actions:#?}"))
}

/// The edits of an action for a document, whichever form they have.
fn edits_of<'a>(action: &'a Value, uri: &str) -> &'a Value {
    let edit = &action["edit"];
    if let Some(edits) = edit["changes"].get(uri) {
        return edits;
    }
    let changes = edit["documentChanges"].as_array().unwrap();
    let change = changes.iter().find(|change| change["textDocument"]["uri"] == uri);
    &change.unwrap_or_else(|| panic!("no edit of {uri}: {action:#}"))["edits"]
}

fn watched(path: &Path) -> Value {
    json!({"changes": [{"uri": uri(path), "type": 2}]})
}

#[test]
fn a_message_is_opened_typed_mended_explained_configured_and_closed() {
    let (_folder, root) = folder(&[("santun.toml", "# Kami\n[rules]\ntone = \"warning\"\n")]);
    let file = uri(&root.join("chat surat.txt"));
    let mut client = Client::new(&root, &editing());
    let watches = client.hear("client/registerCapability");
    assert_eq!(watches["registrations"][0]["registerOptions"]["watchers"][0]["globPattern"], "**/*.toml");

    // Open, and see a finding.
    client.open(&file, "plaintext", CHAT);
    let shown = client.diagnostics(&file, 1);
    assert_eq!(found(CHAT, &shown, "language/slang"), ["gak"]);
    let slang = of_rule(&shown, "language/slang")[0].clone();
    assert_eq!((&slang["source"], &slang["severity"]), (&json!("santun"), &json!(2)), "{slang}");

    // Type another one.
    let end = range(CHAT, "Terima kasih.")["end"].clone();
    client.change(&file, 2, &json!([{"range": {"start": end, "end": end}, "text": " Makasih bro"}]));
    let typed = CHAT.replace("kasih.", "kasih. Makasih bro");
    let shown = client.diagnostics(&file, 2);
    assert!(found(&typed, &shown, "language/slang").contains(&"gak"));
    assert!(shown.len() > 2 && shown.iter().any(|d| at(&typed, &d["range"]) == "bro"), "{shown:#?}");

    // Apply a fix.
    let actions = client.actions(&file, &slang["range"], std::slice::from_ref(&slang));
    let fix = action(&actions, "tidak");
    assert_eq!((&fix["kind"], &fix["isPreferred"]), (&json!("quickfix"), &json!(true)));
    assert_eq!(fix["edit"]["documentChanges"][0]["textDocument"], json!({"uri": file, "version": 2}));
    let mended = edited(&typed, edits_of(fix, &file));
    assert_eq!(mended, typed.replace("gak", "tidak"));
    client.change(&file, 3, &json!([{"text": mended}]));
    let shown = client.diagnostics(&file, 3);
    assert!(!found(&mended, &shown, "language/slang").contains(&"gak"));

    // Hover over what is left.
    let left = shown.iter().find(|d| at(&mended, &d["range"]) == "bro").unwrap().clone();
    let rule = left["code"].as_str().unwrap().to_owned();
    let hover = client.hover(&file, &left["range"]["start"]);
    assert!(hover.contains("**Pedoman:**") && hover.contains(&format!("\"{rule}\" = \"off\"")), "{hover}");
    assert_eq!(client.hover(&file, &json!({"line": 0, "character": 0})), "");

    // Switch its rule off in the configuration.
    let actions = client.actions(&file, &left["range"], std::slice::from_ref(&left));
    let switch = action(&actions, "santun.toml");
    let config = root.join("santun.toml");
    let before = fs::read_to_string(&config).unwrap();
    let after = edited(&before, edits_of(switch, &uri(&config)));
    assert_eq!(after, format!("{before}\"{rule}\" = \"off\"\n"));
    fs::write(&config, after).unwrap();
    client.notify("workspace/didChangeWatchedFiles", watched(&config));
    let shown = client.diagnostics(&file, 3);
    assert_eq!(found(&mended, &shown, &rule), [""; 0]);

    // Close.
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": file}}));
    let last = client.wait(&|message| message["method"] == "textDocument/publishDiagnostics");
    assert_eq!((&last["params"]["uri"], &last["params"]["diagnostics"]), (&json!(file), &json!([])));
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn positions_count_what_was_agreed_on() {
    let column = |encodings: Value| {
        let capabilities = with(plain(), &[("general/positionEncodings", encodings)]);
        let mut client = Client::new(Path::new("/"), &capabilities);
        client.open("untitled:chat", "plaintext", CHAT);
        let shown = client.diagnostics("untitled:chat", 1);
        let range = of_rule(&shown, "language/slang")[0]["range"]["start"].clone();
        assert_eq!(range["line"], 2);
        (client.server_says["capabilities"]["positionEncoding"].clone(), range["character"].clone())
    };
    assert_eq!(column(json!(["utf-16", "utf-8"])), (json!("utf-8"), json!("Berkasnya 📄 ".len())));
    assert_eq!(column(json!(["utf-32", "utf-16"])), (json!("utf-16"), json!("Berkasnya 📄 ".encode_utf16().count())));
    assert_eq!(column(json!(["utf-32"])), (json!("utf-32"), json!("Berkasnya 📄 ".chars().count())));
    assert_eq!(column(Value::Null), (json!("utf-16"), json!(13)));
}

#[test]
fn edits_reach_the_server_as_they_were_made() {
    let mut client = Client::new(Path::new("/"), &plain());
    let file = "untitled:Untitled-1";
    client.open(file, "plaintext", CHAT);
    let mut text = CHAT.to_owned();
    let mut version = 1;
    // Across lines, behind emoji, at the very end, and beyond it.
    for (old, new) in
        [("🙏🏽\n\nBerkasnya 📄 gak", "🎉\r\nBerkas 🗂️ nggak"), ("tp", "🙂🙂 tapi knp"), ("kasih.\n", "kasih 👋, gaes")]
    {
        version += 1;
        client.change(file, version, &json!([{"range": range(&text, old), "text": new}]));
        text = text.replace(old, new);
        let shown = client.diagnostics(file, version);
        assert!(!shown.is_empty());
        let mut fresh = Client::new(Path::new("/"), &plain());
        fresh.open(file, "plaintext", &text);
        assert_eq!(shown, fresh.diagnostics(file, 1), "after {version} versions: {text}");
    }
    let beyond = json!({"line": 99, "character": 99});
    client.change(file, 9, &json!([{"range": {"start": beyond, "end": beyond}, "text": " gak"}]));
    text.push_str(" gak");
    let shown = client.diagnostics(file, 9);
    assert!(found(&text, &shown, "language/slang").contains(&"gak"), "{shown:#?}");
}

#[test]
fn what_was_typed_over_is_never_published() {
    let mut client = Client::new(Path::new("/"), &plain());
    let file = "untitled:chat";
    let long = CHAT.repeat(400);
    client.open(file, "plaintext", &long);
    client.diagnostics(file, 1);
    let note = |version: i64| {
        let change =
            json!([{"range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}, "text": "x"}]);
        json!({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": changed(file, version, &change)})
    };
    client.write(&(2..=200).map(note).collect::<Vec<_>>());
    client.diagnostics(file, 200);
    // Between the first and the last, the server may find time for few.
    let published = client.heard.matches("publishDiagnostics").count();
    assert!(published < 20, "{published} versions of 200 were published");
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn all_safe_fixes_are_applied_at_once() {
    let eager = plain();
    let lazy = with(
        plain(),
        &[("textDocument/codeAction", json!({"dataSupport": true, "resolveSupport": {"properties": ["edit"]}}))],
    );
    for (capabilities, is_lazy) in [(eager, false), (lazy, true)] {
        let mut client = Client::new(Path::new("/"), &capabilities);
        let file = "untitled:chat";
        client.open(file, "plaintext", CHAT);
        client.diagnostics(file, 1);
        let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
        let context = json!({"diagnostics": [], "only": ["source.fixAll"]});
        let params = json!({"textDocument": {"uri": file}, "range": whole, "context": context});
        let actions = client.ask("textDocument/codeAction", params).unwrap();
        assert_eq!(actions.as_array().unwrap().len(), 1, "{actions:#}");
        let mut all = actions[0].clone();
        assert_eq!(all["kind"], "source.fixAll.santun");
        assert_eq!(all.get("edit").is_none(), is_lazy);
        if is_lazy {
            all = client.ask("codeAction/resolve", all).unwrap();
        }
        let edits = edits_of(&all, file);
        assert!(edits.as_array().unwrap().len() >= 2, "each word by itself: {edits}");
        let mended = edited(CHAT, edits);
        assert_eq!(mended, CHAT.replace("gak", "tidak").replace("tp", "tetapi"));
        client.change(file, 2, &json!([{"text": mended}]));
        let shown = client.diagnostics(file, 2);
        assert_eq!(found(&mended, &shown, "language/slang"), [""; 0]);
        if is_lazy {
            let stale = client.ask("codeAction/resolve", actions[0].clone()).unwrap_err();
            assert_eq!(stale["code"], -32801, "{stale}");
        }
        // Among quick fixes it stands where one of them is.
        client.change(file, 3, &json!([{"text": CHAT}]));
        let actions = client.actions(file, &range(CHAT, "gak"), &[]);
        let quick = actions.iter().filter(|action| action["title"] == all["title"]).collect::<Vec<_>>();
        assert_eq!(quick.len(), 1);
        assert_eq!(quick[0]["kind"], "quickfix");
    }
}

#[test]
fn a_fix_to_be_reviewed_says_so() {
    let mut client = Client::new(Path::new("/"), &plain());
    let mail = include_str!("../examples/bad/email-keluhan-ktp.txt");
    client.open("untitled:email", "plaintext", mail);
    let shown = client.diagnostics("untitled:email", 1);
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
    let actions = client.actions("untitled:email", &whole, &shown);
    let fixes = actions.iter().filter(|action| action["isPreferred"].is_boolean()).collect::<Vec<_>>();
    let review = |action: &Value| action["title"].as_str().unwrap().ends_with("(tinjau dahulu)");
    assert!(fixes.iter().all(|action| review(action) != (action["isPreferred"] == true)), "{fixes:#?}");
    assert!(fixes.iter().any(|action| review(action)) && fixes.iter().any(|action| !review(action)));
    // What protects people is not switched off by a click.
    let switches = |theme: &str| {
        actions.iter().filter(|action| action["title"].as_str().unwrap().contains(&format!("{theme}/"))).count()
    };
    assert!(!of_rule(&shown, "privacy/nik").is_empty());
    assert_eq!(switches("privacy"), 0);
}

#[test]
fn a_configuration_is_created_where_there_is_none() {
    let (_folder, root) = folder(&[]);
    let file = uri(&root.join("chat.txt"));
    for (capabilities, creates) in [(editing(), true), (plain(), false)] {
        let mut client = Client::new(&root, &capabilities);
        client.open(&file, "plaintext", CHAT);
        let actions = client.actions(&file, &range(CHAT, "gak"), &[]);
        let switches = actions.iter().filter(|action| action["title"].as_str().unwrap().contains("santun.toml"));
        assert_eq!(switches.count(), usize::from(creates), "{actions:#?}");
        if creates {
            let changes = &action(&actions, "santun.toml")["edit"]["documentChanges"];
            let config = uri(&root.join("santun.toml"));
            assert_eq!((&changes[0]["kind"], &changes[0]["uri"]), (&json!("create"), &json!(config)));
            assert_eq!(edited("", &changes[1]["edits"]), "[rules]\n\"language/slang\" = \"off\"\n");
        }
    }
}

#[test]
fn hovers_are_plain_where_the_client_wants_it() {
    let mut client = Client::new(Path::new("/"), &json!({}));
    client.open("untitled:chat", "plaintext", CHAT);
    let hover = client.hover("untitled:chat", &range(CHAT, "gak")["start"]);
    assert!(hover.contains("\nPedoman: ") || hover.contains("\n\nPedoman: "), "{hover}");
    assert!(!hover.contains("**") && !hover.contains('\\'), "{hover}");
    let params = json!({"textDocument": {"uri": "untitled:chat"}, "position": range(CHAT, "gak")["start"]});
    let full = client.ask("textDocument/hover", params).unwrap();
    assert_eq!((&full["contents"]["kind"], at(CHAT, &full["range"])), (&json!("plaintext"), "gak"));
}

#[test]
fn the_language_is_the_clients_or_the_configurations() {
    let (_folder, root) = folder(&[("en/santun.toml", "lang = \"en\"\n")]);
    let message = |client: &mut Client, file: &Path| {
        client.open(&uri(file), "plaintext", CHAT);
        let shown = client.diagnostics(&uri(file), 1);
        of_rule(&shown, "language/slang")[0]["message"].as_str().unwrap().to_owned()
    };
    let mut usual = Client::new(&root, &plain());
    let (indonesian, english) =
        (message(&mut usual, &root.join("chat.txt")), message(&mut usual, &root.join("en/chat.txt")));
    assert_ne!(indonesian, english);
    let mut wanting = Client::wanting(&root, &plain(), &json!({"lang": "en"}));
    assert_eq!(message(&mut wanting, &root.join("chat.txt")), english);
    wanting.notify("workspace/didChangeConfiguration", json!({"settings": {"santun": {"lang": "id"}}}));
    let shown = wanting.diagnostics(&uri(&root.join("chat.txt")), 1);
    assert_eq!(of_rule(&shown, "language/slang")[0]["message"], indonesian);
}

#[test]
fn errors_in_settings_are_shown_where_they_stand() {
    let config = "lang = \"id\"\npacks = [\"kami.toml\"]\n\n[rules]\n\"language/slangg\" = \"off\"\n";
    let pack =
        "[pack]\nid = \"kami\"\n\n[[rule]]\nid = \"kata\"\nkind = \"istilah\"\nseverity = \"info\"\nmessage = \"x\"\n";
    let (_folder, root) = folder(&[("santun.toml", config), ("kami.toml", pack)]);
    let (config_uri, pack_uri) = (uri(&root.join("santun.toml")), uri(&root.join("kami.toml")));
    let mut client = Client::new(&root, &editing());
    // A message is checked by what is left, and the settings are shown although they are not open.
    client.open(&uri(&root.join("chat.txt")), "plaintext", CHAT);
    assert!(!client.diagnostics(&uri(&root.join("chat.txt")), 1).is_empty());
    let of = |wanted: &str, client: &mut Client| {
        let shown = client.wait(&|message| message["params"]["uri"] == wanted);
        shown["params"]["diagnostics"].as_array().unwrap().clone()
    };
    let shown = of(&config_uri, &mut client);
    assert_eq!(at(config, &shown[0]["range"]), "\"language/slangg\"", "{shown:#?}");
    assert!(shown[0]["message"].as_str().unwrap().contains("language/slang?"));
    assert!(at(pack, &of(&pack_uri, &mut client)[0]["range"]).contains("istilah"));
    let said = client.hear("window/showMessage")["message"].as_str().unwrap().to_owned();
    assert!(said.contains("kami.toml:6:"), "{said}");
    // They are shown while they are typed, and go when they are mended and saved.
    client.open(&config_uri, "toml", config);
    assert_eq!(client.diagnostics(&config_uri, 1).len(), 1);
    let mended = config.replace("slangg", "slang").replace("\"kami.toml\"", "");
    client.change(&config_uri, 2, &json!([{"text": mended}]));
    assert!(client.diagnostics(&config_uri, 2).is_empty());
    fs::write(root.join("santun.toml"), &mended).unwrap();
    client.notify("textDocument/didSave", json!({"textDocument": {"uri": config_uri}}));
    let shown = client.diagnostics(&uri(&root.join("chat.txt")), 1);
    assert_eq!(found(CHAT, &shown, "language/slang"), [""; 0]);
}

/// A pack that is written is judged beside the rules that it extends: embedded ones and those of packs that the configuration names,
/// which may be a folder. A pack that nobody names yet may have any id.
#[test]
fn an_extension_is_judged_while_it_is_written() {
    let own = "[pack]\nid = \"kota\"\n\n[[rule]]\nid = \"kata\"\nkind = \"terms\"\nseverity = \"info\"\nmessage = \"x\"\nterms = [\"tiket\"]\n";
    let pack = |rule: &str| format!("[pack]\nid = \"kami\"\n\n[[extend]]\nrule = \"{rule}\"\nterms = [\"gaskeun\"]\n");
    let files = [
        ("santun.toml", "packs = [\"paket\"]\n"),
        ("paket/kota.toml", own),
        ("paket/kami.toml", &pack("language/slang")),
        ("email.toml", "[pack]\nid = \"email\"\n\n[[extend]]\nrule = \"language/slang\"\ndefault = 3\n"),
    ];
    let (_folder, root) = folder(&files);
    let file = uri(&root.join("paket/kami.toml"));
    let mut client = Client::new(&root, &editing());
    client.open(&file, "toml", &pack("language/slang"));
    assert!(client.diagnostics(&file, 1).is_empty());
    client.change(&file, 2, &json!([{"text": pack("kota/kata")}]));
    assert!(client.diagnostics(&file, 2).is_empty());
    let wrong = pack("kota/kta");
    client.change(&file, 3, &json!([{"text": wrong}]));
    let shown = client.diagnostics(&file, 3);
    assert_eq!(at(&wrong, &shown[0]["range"]), "\"kota/kta\"", "{shown:#?}");
    let stray = uri(&root.join("email.toml"));
    client.open(&stray, "toml", files[3].1);
    let shown = client.diagnostics(&stray, 1);
    assert_eq!(shown.len(), 1, "{shown:#?}");
    assert_eq!(at(files[3].1, &shown[0]["range"]), "3");
    let stray = uri(&root.join("language.toml"));
    client.open(&stray, "toml", &own.replace("kota", "language"));
    assert!(client.diagnostics(&stray, 1).is_empty());
}

#[test]
fn a_pack_that_changes_is_read_anew() {
    let pack = |word: &str| {
        format!(
            "[pack]\nid = \"kami\"\n\n[[rule]]\nid = \"kata\"\nkind = \"terms\"\nseverity = \"error\"\nmessage = \"kata {{match}}\"\nterms = [\"{word}\"]\n"
        )
    };
    let (_folder, root) = folder(&[("santun.toml", "packs = [\"kami.toml\"]\n"), ("kami.toml", &pack("disusulkan"))]);
    let file = uri(&root.join("chat.txt"));
    let mut client = Client::new(&root, &editing());
    client.open(&file, "plaintext", CHAT);
    assert_eq!(found(CHAT, &client.diagnostics(&file, 1), "kami/kata"), ["disusulkan"]);
    fs::write(root.join("kami.toml"), pack("lengkap")).unwrap();
    client.notify("workspace/didChangeWatchedFiles", watched(&root.join("kami.toml")));
    let shown = client.diagnostics(&file, 1);
    assert_eq!(found(CHAT, &shown, "kami/kata"), ["lengkap"]);
    assert_eq!(of_rule(&shown, "kami/kata")[0]["severity"], 1);
}

#[test]
fn who_asks_for_diagnostics_is_not_sent_them() {
    let (_folder, root) = folder(&[]);
    let file = uri(&root.join("chat.txt"));
    let mut client = Client::new(&root, &pulling());
    client.open(&file, "plaintext", CHAT);
    let document = json!({"uri": file});
    let first = client.ask("textDocument/diagnostic", json!({"textDocument": document})).unwrap();
    assert_eq!(first["kind"], "full");
    assert_eq!(found(CHAT, first["items"].as_array().unwrap(), "language/slang"), ["gak"]);
    let again = json!({"textDocument": document, "previousResultId": first["resultId"]});
    let second = client.ask("textDocument/diagnostic", again.clone()).unwrap();
    assert_eq!(second, json!({"kind": "unchanged", "resultId": first["resultId"]}));
    client.change(&file, 2, &json!([{"text": CHAT.replace("gak", "tidak")}]));
    let third = client.ask("textDocument/diagnostic", again).unwrap();
    assert_eq!(third["kind"], "full");
    assert_ne!(third["resultId"], first["resultId"]);
    // Settings that change have it ask again.
    fs::write(root.join("santun.toml"), "[rules]\nlanguage = \"off\"\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", watched(&root.join("santun.toml")));
    client.hear("workspace/diagnostic/refresh");
    let fourth = client.ask("textDocument/diagnostic", json!({"textDocument": document})).unwrap();
    let left = fourth["items"].as_array().unwrap();
    assert!(left.iter().all(|d| !d["code"].as_str().unwrap_or_default().starts_with("language/")), "{left:#?}");
    assert!(!client.has_heard("textDocument/publishDiagnostics"));
    assert_eq!(client.leave(), Some(0));
}

/// As Neovim 0.11 is: it asks when a document changes, and not when settings do.
#[test]
fn who_cannot_be_told_to_ask_again_is_sent_diagnostics() {
    let (_folder, root) = folder(&[]);
    let file = uri(&root.join("chat.txt"));
    let mut client = Client::new(&root, &with(plain(), &[("textDocument/diagnostic", json!({}))]));
    assert_eq!(client.server_says["capabilities"]["diagnosticProvider"], Value::Null);
    client.open(&file, "plaintext", CHAT);
    assert_eq!(found(CHAT, &client.diagnostics(&file, 1), "language/slang"), ["gak"]);
    fs::write(root.join("santun.toml"), "[rules]\nlanguage = \"off\"\n").unwrap();
    client.notify("workspace/didChangeWatchedFiles", watched(&root.join("santun.toml")));
    assert!(of_rule(&client.diagnostics(&file, 1), "language/slang").is_empty());
}

#[test]
fn a_workspace_is_checked_with_progress() {
    let files = [("a/chat.txt", CHAT), ("b.txt", "Yth. Bapak Budi,"), ("santun.toml", ""), ("gambar.png", "\u{0}")];
    let (_folder, root) = folder(&files);
    let capabilities = with(plain(), &[("window/workDoneProgress", json!(true))]);
    let mut client = Client::new(&root, &capabilities);
    let command = json!({"command": "santun.checkWorkspace"});
    let outcome = client.ask("workspace/executeCommand", command).unwrap();
    assert_eq!((&outcome["files"], &outcome["skipped"]), (&json!(3), &json!(0)), "{outcome}");
    assert!(outcome["findings"].as_u64().unwrap() >= 2);
    let token = client.hear("window/workDoneProgress/create")["token"].clone();
    let kinds: Vec<Value> = std::iter::from_fn(|| client.has_heard("$/progress").then(|| client.hear("$/progress")))
        .map(|progress| {
            assert_eq!(progress["token"], token);
            progress["value"]["kind"].clone()
        })
        .collect();
    assert_eq!(kinds.first(), Some(&json!("begin")));
    assert_eq!(kinds.iter().filter(|kind| **kind == "end").count(), 1);
    assert_eq!(kinds.last(), Some(&json!("end")));
    let path = uri(&root.join("a/chat.txt"));
    let shown = client.wait(&|message| message["params"]["uri"] == path);
    assert_eq!(found(CHAT, shown["params"]["diagnostics"].as_array().unwrap(), "language/slang"), ["gak"]);
    assert_eq!(client.ask("workspace/executeCommand", json!({"command": "rm"})).unwrap_err()["code"], -32602);
}

#[test]
fn who_asks_for_the_workspace_gets_it_and_nothing_twice() {
    let (_folder, root) = folder(&[("chat.txt", CHAT), ("b.txt", CHAT)]);
    let mut client = Client::wanting(&root, &pulling(), &json!({"workspaceDiagnostics": true}));
    assert_eq!(client.server_says["capabilities"]["diagnosticProvider"]["workspaceDiagnostics"], true);
    let first = client.ask("workspace/diagnostic", json!({"previousResultIds": []})).unwrap();
    let items = first["items"].as_array().unwrap();
    assert_eq!(items.len(), 2);
    let had: Vec<Value> = items.iter().map(|item| json!({"uri": item["uri"], "value": item["resultId"]})).collect();
    fs::write(root.join("b.txt"), format!("{CHAT}gak")).unwrap();
    let second = client.ask("workspace/diagnostic", json!({"previousResultIds": had})).unwrap();
    let kinds: Vec<&Value> = second["items"].as_array().unwrap().iter().map(|item| &item["kind"]).collect();
    assert_eq!(kinds, ["full", "unchanged"]);
}

#[test]
fn what_is_called_off_is_not_done() {
    let (_folder, root) = folder(&[("chat.txt", CHAT)]);
    let mut client = Client::new(&root, &with(plain(), &[("window/workDoneProgress", json!(true))]));
    let file = "untitled:chat";
    // A document that takes a while is asked about first, so that the other request waits.
    client.open(file, "plaintext", &CHAT.repeat(2000));
    let asks = json!({"textDocument": {"uri": file}, "position": {"line": 0, "character": 0}});
    let (first, hover) = client.request("textDocument/hover", asks.clone());
    let (second, other) = client.request("textDocument/hover", asks);
    let cancel = |id: i64| json!({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": id}});
    client.write(&[hover, other, cancel(second)]);
    assert!(client.answer(first).is_ok());
    assert_eq!(client.answer(second).unwrap_err()["code"], -32800);
    // A check of the workspace that waits for the client's leave to show progress.
    let (walk, command) = client.request("workspace/executeCommand", json!({"command": "santun.checkWorkspace"}));
    client.write(&[command, cancel(walk)]);
    assert_eq!(client.answer(walk).unwrap_err()["code"], -32800);
    assert_eq!(client.leave(), Some(0));
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let mut client = Client::silent(&["--stdio"]);
    let code = |answer: Result<Value, Value>| answer.unwrap_err()["code"].as_i64().unwrap();
    assert_eq!(code(client.ask("textDocument/hover", json!({}))), -32002);
    client.ask("initialize", json!({"capabilities": {"general": 7, "textDocument": []}})).unwrap();
    client.notify("initialized", json!({}));
    assert_eq!(code(client.ask("initialize", json!({}))), -32600);
    assert_eq!(code(client.ask("textDocument/hover", json!({"position": "sini"}))), -32602);
    assert_eq!(code(client.ask("textDocument/codeAction", json!([]))), -32602);
    let nowhere = json!({"textDocument": {"uri": "file:///x"}, "position": {"line": 0, "character": 0}});
    assert_eq!(code(client.ask("textDocument/hover", nowhere)), -32602);
    assert_eq!(code(client.ask("textDocument/rename", json!({}))), -32601);
    let folderless = json!({"command": "santun.checkWorkspace"});
    assert_eq!(code(client.ask("workspace/executeCommand", folderless)), -32803);
    // Notifications cannot be answered, but are told of; unknown ones are not.
    client.notify("textDocument/didChange", json!({"textDocument": 3}));
    assert!(client.hear("window/logMessage")["message"].as_str().unwrap().contains("textDocument/didChange"));
    client.notify("$/entah", json!({}));
    client.notify("textDocument/didClose", json!({"textDocument": {"uri": "untitled:tidak ada"}}));
    // What is no message at all.
    client.write_raw(&framed(&format!("{{\"jsonrpc\": {NIK}")));
    let garbled = client.wait(&|message| message["error"]["code"] == -32700);
    assert_eq!(garbled["id"], Value::Null);
    client.write_raw("Entah apa\r\n");
    client.wait(&|message| message["error"]["code"] == -32700);
    assert_eq!(code(client.ask("textDocument/rename", json!({}))), -32601);
    assert!(!client.heard.contains(NIK));
    client.ask("shutdown", Value::Null).unwrap();
    assert_eq!(code(client.ask("textDocument/hover", json!({}))), -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.end(), (Some(0), String::new()));
}

#[test]
fn leaving_without_a_word_ends_with_1() {
    let mut client = Client::new(Path::new("/"), &plain());
    client.notify("exit", Value::Null);
    assert_eq!(client.end(), (Some(1), String::new()));
    let mut client = Client::new(Path::new("/"), &plain());
    assert_eq!(client.end(), (Some(1), String::new()));
    let mut client = Client::new(Path::new("/"), &plain());
    client.ask("shutdown", Value::Null).unwrap();
    assert_eq!(client.end(), (Some(0), String::new()));
}

#[test]
fn personal_data_is_in_no_message() {
    let (_folder, root) = folder(&[]);
    let capabilities = with(editing(), &[("textDocument/publishDiagnostics/relatedInformation", json!(true))]);
    let mail = include_str!("../examples/bad/email-keluhan-ktp.txt");
    assert!(mail.contains(NIK));
    let mut client = Client::new(&root, &capabilities);
    for name in ["email.txt", "data.jsonl", "rusak.jsonl"] {
        let file = uri(&root.join(name));
        let text = match name {
            "email.txt" => mail.to_owned(),
            "data.jsonl" => format!("{}\n", json!({"body": mail})),
            _ => format!("{{\"body\": {NIK} gak}}\n{{\"channel\": \"{NIK}\", \"body\": \"gak\"}}\n"),
        };
        client.open(&file, "plaintext", &text);
        let shown = client.diagnostics(&file, 1);
        assert!(!shown.is_empty(), "{name}");
        let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 99, "character": 0}});
        let actions = client.actions(&file, &whole, &shown);
        assert_eq!(actions.is_empty(), name == "rusak.jsonl", "{name}");
        for diagnostic in &shown {
            client.hover(&file, &diagnostic["range"]["start"]);
        }
    }
    assert!(client.heard.contains("3678"), "it is found, and shown masked");
    assert!(!client.heard.contains(NIK), "{}", client.heard);
}

/// Forms in which no run of digits gives the number away.
#[test]
fn no_form_of_a_number_is_in_a_message() {
    let (_folder, root) = folder(&[]);
    let full_width: String = NIK.chars().map(|c| char::from_u32(u32::from(c) - 0x30 + 0xff10).unwrap()).collect();
    let split: String = NIK.chars().flat_map(|c| [c, '\u{200b}']).collect();
    let (spaces, dots) = ("3678 0112 0790 0003", "367801.120790.0003");
    let forms = [NIK, spaces, dots, &full_width, &split, "3678-0112-0790-0003", "367801\u{ad}1207900003"];
    let mut client = Client::new(&root, &editing());
    for form in forms {
        let file = uri(&root.join(format!("NIK {form}.txt")));
        client.open(&file, "plaintext", &format!("Maaf, NIK {form} gak ada.\n\n-- \nNIK {form}\n"));
        let shown = client.diagnostics(&file, 1);
        assert!(!of_rule(&shown, "privacy/nik").is_empty(), "{form}: {shown:?}");
        let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 0}});
        client.actions(&file, &whole, &shown);
        for diagnostic in &shown {
            client.hover(&file, &diagnostic["range"]["start"]);
            let said = diagnostic.to_string();
            let digits: String = said
                .chars()
                .filter_map(|c| c.to_digit(10).or(u32::from(c).checked_sub(0xff10).filter(|n| *n < 10)))
                .map(|n| n.to_string())
                .collect();
            assert!(!digits.contains("011207900"), "{form}: {said}");
        }
    }
}

#[test]
fn lines_of_jsonl_keep_their_places_when_others_change() {
    let line =
        |number: usize| format!("{}\n", json!({"channel": "chat", "body": format!("Berkas 📄 {number} gak ada.")}));
    let mut lines: Vec<String> = (0..60).map(line).collect();
    let file = "untitled:pesan.jsonl";
    let mut client = Client::new(Path::new("/"), &plain());
    client.open(file, "jsonl", &lines.concat());
    let all = client.diagnostics(file, 1);
    assert_eq!(found(&lines.concat(), &all, "language/slang"), ["gak"; 60]);
    // A line becomes two, of which one cannot be read.
    let before = lines.concat();
    lines[20] = format!("{{rusak\n{}", line(7));
    let text = lines.concat();
    client.change(file, 2, &json!([{"range": range(&before, &line(20)), "text": lines[20]}]));
    let shown = client.diagnostics(file, 2);
    assert_eq!(found(&text, &shown, "language/slang"), ["gak"; 60]);
    let broken = shown.iter().find(|diagnostic| diagnostic["code"].is_null()).unwrap();
    assert_eq!((at(&text, &broken["range"]), &broken["severity"]), ("{rusak", &json!(1)));
    // A fix behind it.
    let last = of_rule(&shown, "language/slang")[59].clone();
    assert_eq!(last["range"]["start"]["line"], 60);
    let actions = client.actions(file, &last["range"], std::slice::from_ref(&last));
    let mended = edited(&text, edits_of(action(&actions, "tidak"), file));
    assert_eq!(mended, text.replace("59 gak", "59 tidak"));
}

#[test]
fn other_places_of_a_finding_are_told_to_who_shows_them() {
    let mut client = Client::new(
        Path::new("/"),
        &with(plain(), &[("textDocument/publishDiagnostics/relatedInformation", json!(true))]),
    );
    let text =
        "Yth. Bapak Budi,\n\nBerkas Anda sudah kami terima. Kamu dapat mengambilnya besok.\n\nSalam hormat,\nSari\n";
    client.open("untitled:email", "plaintext", text);
    let shown = client.diagnostics("untitled:email", 1);
    let mixed = of_rule(&shown, "language/mixed-address");
    let related = mixed[0]["relatedInformation"].as_array().unwrap();
    assert!(["Anda", "Kamu", "kamu"].contains(&at(text, &related[0]["location"]["range"])), "{mixed:#?}");
}
