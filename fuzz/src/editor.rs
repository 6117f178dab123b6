//! What must hold of the language server, whatever an editor says.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::io::{self, Cursor, Write};
use std::rc::Rc;

use arbitrary::Arbitrary;
use santun::lsp;
use serde_json::{Value, json};

/// What an editor does.
#[derive(Arbitrary, Debug)]
pub struct Session<'b> {
    units: Units,
    pulls: bool,
    rich: bool,
    steps: Vec<Step<'b>>,
}

/// What columns count.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Units {
    Utf8,
    Utf16,
    Utf32,
}

#[derive(Arbitrary, Debug)]
enum Step<'b> {
    Open(File, Vec<Piece<'b>>),
    Change(File, Vec<(Option<[u16; 4]>, Vec<Piece<'b>>)>),
    Close(File),
    Save(File),
    Ask(Question, File, [u16; 4]),
    /// A method with parameters that nobody agreed on.
    Odd(u8, bool, &'b str),
    /// No message at all.
    Raw(&'b [u8]),
}

/// A document; its name tells the server what it is.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum File {
    Chat,
    Mail,
    Page,
    Lines,
    Table,
    Settings,
    Pack,
}

#[derive(Arbitrary, Clone, Copy, Debug)]
enum Question {
    Diagnostics,
    Actions,
    Hover,
}

/// A piece of a text.
#[derive(Arbitrary, Debug)]
enum Piece<'b> {
    Known(u8),
    Own(&'b str),
}

/// Pieces of which texts of all kinds are made.
const PIECES: [&str; 32] = [
    "Yth. Bapak Anton,\n\n",
    "Berkasnya gak lengkap, tp bisa disusulkan. ",
    "🙏🏽",
    "\r\n",
    "\r",
    "\n\n",
    "Terima kasih.\n",
    "yg ",
    "Subjek: Jadwal\n",
    "From: a@contoh.id\nSubject: =?utf-8?Q?gak_=F0=9F=99=8F?=\n\n",
    "<p>gak</p>",
    "<br>",
    "&amp;",
    "{{ nama }}",
    "{\"body\": \"gak 🙏 yg\"}\n",
    "{\"body\": \"",
    "\"}\n",
    "id,pesan\n1,\"gak \"\"yg\"\"\"\n",
    "\"",
    ",",
    "[pack]\nid = \"uji\"\n",
    "[[rule]]\nid = \"kata\"\nkind = \"terms\"\nseverity = \"info\"\nmessage = \"é {match}\"\nterms = [\"gak\"]\n",
    "[[extend]]\nrule = \"language/slang\"\nterms = [\"spill\"]\n",
    "[rules]\nlanguage = \"off\"\n",
    "\"tone/x\" = \"🙏\"\n",
    "limit = 3\n",
    "[limits]\nparts = 3\n",
    "# santun: off language\n",
    "<!-- santun: off -->\n",
    "\u{e9}\u{301}\u{200b}",
    "\u{feff}",
    "  ",
];

/// Methods that the server knows.
const METHODS: [&str; 16] = [
    "initialize",
    "initialized",
    "shutdown",
    "exit",
    "textDocument/didOpen",
    "textDocument/didChange",
    "textDocument/didClose",
    "textDocument/codeAction",
    "codeAction/resolve",
    "textDocument/hover",
    "textDocument/diagnostic",
    "workspace/diagnostic",
    "workspace/executeCommand",
    "workspace/didChangeConfiguration",
    "$/cancelRequest",
    "window/workDoneProgress/cancel",
];

impl File {
    fn uri(self) -> &'static str {
        match self {
            Self::Chat => "untitled:chat",
            Self::Mail => "file:///surat/a.eml",
            Self::Page => "file:///surat/a.html",
            Self::Lines => "file:///surat/a%20b.jsonl",
            Self::Table => "file:///surat/a.csv",
            Self::Settings => "file:///surat/santun.toml",
            Self::Pack => "file:///surat/kaidah.toml",
        }
    }
}

fn text_of(pieces: &[Piece<'_>]) -> String {
    let known = |number: &u8| PIECES[usize::from(*number) % PIECES.len()];
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Known(number) => known(number),
            Piece::Own(text) => text,
        })
        .collect()
}

/// What the server is told, and what is known of it.
#[derive(Default)]
struct Script {
    stream: Vec<u8>,
    texts: HashMap<&'static str, String>,
    version: i32,
    last: i64,
    /// The texts about which something was asked, by request; and those that were told, by version.
    asked: BTreeMap<i64, (&'static str, String)>,
    told: BTreeMap<i64, String>,
    garbled: bool,
}

impl Script {
    fn say(&mut self, message: &Value) {
        let text = message.to_string();
        self.stream.extend(format!("Content-Length: {}\r\n\r\n{text}", text.len()).into_bytes());
    }

    fn notify(&mut self, method: &str, params: &Value) {
        self.say(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn ask(&mut self, method: &str, params: &Value) {
        self.last += 1;
        self.say(&json!({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}));
    }

    /// Asks about a document, so that what is said can be compared with its text.
    fn ask_about(&mut self, question: Question, uri: &'static str, range: &Value) {
        let document = json!({"uri": uri});
        match question {
            Question::Diagnostics => self.ask("textDocument/diagnostic", &json!({"textDocument": document})),
            Question::Hover => {
                self.ask("textDocument/hover", &json!({"textDocument": document, "position": range["start"]}));
            }
            Question::Actions => {
                let context = json!({"diagnostics": []});
                let params = json!({"textDocument": document, "range": range, "context": context});
                self.ask("textDocument/codeAction", &params);
            }
        }
        if let Some(text) = self.texts.get(uri) {
            self.asked.insert(self.last, (uri, text.clone()));
        }
    }

    fn tell(&mut self, step: &Step<'_>, units: Units) {
        self.version += 1;
        let version = self.version;
        match step {
            Step::Open(file, pieces) => {
                let text = text_of(pieces);
                let item = json!({"uri": file.uri(), "languageId": "html", "version": version, "text": text});
                self.notify("textDocument/didOpen", &json!({"textDocument": item}));
                self.told.insert(version.into(), text.clone());
                self.texts.insert(file.uri(), text);
                self.look(file.uri());
            }
            Step::Change(file, changes) => {
                let uri = file.uri();
                let mut sent = Vec::new();
                for (range, pieces) in changes {
                    let new = text_of(pieces);
                    if let Some(text) = self.texts.get_mut(uri) {
                        match range {
                            Some([line, column, to_line, to_column]) => {
                                let ends = [(*line, *column), (*to_line, *to_column)].map(|at| byte(text, at, units));
                                text.replace_range(ends[0].min(ends[1])..ends[0].max(ends[1]), &new);
                            }
                            None => text.clone_from(&new),
                        }
                    }
                    sent.push(match range {
                        Some(range) => json!({"range": range_of(*range), "text": new}),
                        None => json!({"text": new}),
                    });
                }
                let document = json!({"uri": uri, "version": version});
                self.notify("textDocument/didChange", &json!({"textDocument": document, "contentChanges": sent}));
                if let Some(text) = self.texts.get(uri) {
                    self.told.insert(version.into(), text.clone());
                }
                self.look(uri);
            }
            Step::Close(file) => {
                self.texts.remove(file.uri());
                self.notify("textDocument/didClose", &json!({"textDocument": {"uri": file.uri()}}));
            }
            Step::Save(file) => self.notify("textDocument/didSave", &json!({"textDocument": {"uri": file.uri()}})),
            Step::Ask(question, file, range) => self.ask_about(*question, file.uri(), &range_of(*range)),
            Step::Odd(method, asks, params) => {
                let params = serde_json::from_str(params).unwrap_or_else(|_| json!(params));
                let method = METHODS[usize::from(*method) % METHODS.len()];
                // What is known of the texts would no longer hold.
                if *asks {
                    self.ask(method, &params)
                } else if method != "exit" {
                    self.notify(method, &params)
                }
            }
            Step::Raw(bytes) => {
                self.garbled = true;
                self.stream.extend_from_slice(bytes);
            }
        }
    }

    fn look(&mut self, uri: &'static str) {
        let everything = json!({"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}});
        self.ask_about(Question::Diagnostics, uri, &everything);
        self.ask_about(Question::Actions, uri, &everything);
    }
}

/// Has the server hear an editor out, and looks at what it says.
///
/// # Panics
///
/// Where something does not hold.
pub fn editor(session: &Session<'_>) {
    let mut script = Script::default();
    let units = match session.units {
        Units::Utf8 => "utf-8",
        Units::Utf16 => "utf-16",
        Units::Utf32 => "utf-32",
    };
    let mut capabilities = json!({"general": {"positionEncodings": [units]}});
    if session.pulls {
        capabilities["textDocument"] = json!({"diagnostic": {"relatedInformation": true}});
        capabilities["workspace"] = json!({"diagnostics": {"refreshSupport": true}});
    }
    if session.rich {
        capabilities["workspace"]["workspaceEdit"] = json!({"documentChanges": true, "resourceOperations": ["create"]});
    }
    script.ask("initialize", &json!({"processId": null, "rootUri": null, "capabilities": capabilities}));
    script.notify("initialized", &json!({}));
    for step in session.steps.iter().take(24) {
        script.tell(step, session.units);
    }
    let heard = Heard::default();
    let stream = std::mem::take(&mut script.stream);
    lsp::run_at(move || Cursor::new(stream), heard.clone());
    let heard = heard.0.take();
    for message in frames(&heard) {
        check(&message, &script, session.units);
    }
}

/// What the server says.
#[derive(Clone, Default)]
struct Heard(Rc<RefCell<Vec<u8>>>);

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn frames(mut heard: &[u8]) -> Vec<Value> {
    let mut messages = Vec::new();
    while !heard.is_empty() {
        let text = std::str::from_utf8(heard).expect("the server speaks UTF-8");
        let (length, rest) = text.split_once("\r\n\r\n").expect("a frame has a header");
        let length: usize = length.strip_prefix("Content-Length: ").and_then(|n| n.parse().ok()).expect("a length");
        messages.push(serde_json::from_str(&rest[..length]).expect("a message is JSON"));
        heard = &heard[heard.len() - rest.len() + length..];
    }
    messages
}

fn check(message: &Value, script: &Script, units: Units) {
    assert_eq!(message["jsonrpc"], "2.0");
    // Behind what is garbled, and where the editor says odd things, nobody knows what the server has understood.
    if script.garbled {
        return;
    }
    if let Some((uri, text)) = message["id"].as_i64().and_then(|id| script.asked.get(&id)) {
        check_ranges(&message["result"], uri, text, units);
    }
    let params = &message["params"];
    if let Some(text) = params["version"].as_i64().and_then(|version| script.told.get(&version)) {
        check_ranges(&params["diagnostics"], params["uri"].as_str().unwrap_or_default(), text, units);
    }
}

/// Every range that is about the document lies in its text.
fn check_ranges(value: &Value, uri: &str, text: &str, units: Units) {
    match value {
        Value::Array(values) => values.iter().for_each(|value| check_ranges(value, uri, text, units)),
        Value::Object(object) => {
            let about = |value: &Value| value["uri"].as_str().is_some_and(|other| other != uri);
            if about(value) || object.get("textDocument").is_some_and(about) {
                return;
            }
            for (key, value) in object {
                if key == "range" {
                    check_range(value, text, units);
                } else if !key.contains(':') || key == uri {
                    check_ranges(value, uri, text, units);
                }
            }
        }
        _ => {}
    }
}

fn check_range(range: &Value, text: &str, units: Units) {
    let lines = lines(text);
    let position = |end: &str| {
        let number = |key: &str| range[end][key].as_u64().and_then(|n| usize::try_from(n).ok()).expect("a number");
        let at = (number("line"), number("character"));
        let line = lines.get(at.0).unwrap_or_else(|| panic!("{range} is a line of {text:?}"));
        let width: usize = line.1.chars().map(|c| width(c, units)).sum();
        assert!(at.1 <= width, "{range} lies in its line of {text:?}");
        at
    };
    assert!(position("start") <= position("end"), "{range} runs forwards");
}

fn range_of([line, column, to_line, to_column]: [u16; 4]) -> Value {
    // Most texts are short, and what lies beyond them is tried as well.
    let at = |line: u16, column: u16| json!({"line": line % 40, "character": column % 300});
    json!({"start": at(line, column), "end": at(to_line, to_column)})
}

/// The byte at a position of [`range_of`], which is clamped as the protocol says.
fn byte(text: &str, (line, column): (u16, u16), units: Units) -> usize {
    let Some((start, line)) = lines(text).get(usize::from(line % 40)).copied() else { return text.len() };
    let mut left = usize::from(column % 300);
    for (at, c) in line.char_indices() {
        let width = width(c, units);
        if left < width {
            return start + at;
        }
        left -= width;
    }
    start + line.len()
}

fn width(c: char, units: Units) -> usize {
    match units {
        Units::Utf8 => c.len_utf8(),
        Units::Utf16 => c.len_utf16(),
        Units::Utf32 => 1,
    }
}

/// The lines of a text without their ends, and where they begin.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let mut start = 0;
    while let Some(end) = text[start..].find(['\n', '\r']).map(|end| start + end) {
        lines.push((start, &text[start..end]));
        start = end + if text[end..].starts_with("\r\n") { 2 } else { 1 };
    }
    lines.push((start, &text[start..]));
    lines
}
