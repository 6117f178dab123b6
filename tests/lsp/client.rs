//! A client of the language server: it starts `lint lsp`, speaks the protocol over its standard streams, and edits texts as an
//! editor does, with positions that it counts by itself.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take before a test has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server and what it said.
pub(crate) struct Client {
    server: Child,
    input: Option<ChildStdin>,
    messages: Receiver<String>,
    /// What came while something else was awaited.
    kept: VecDeque<Value>,
    last: i64,
    /// Everything that the server said, as it came.
    pub(crate) heard: String,
    /// What the server answered to `initialize`.
    pub(crate) server_says: Value,
}

/// What an editor can do that pushes nothing onto the server and knows UTF-16 alone.
pub(crate) fn plain() -> Value {
    json!({"textDocument": {"hover": {"contentFormat": ["markdown", "plaintext"]}}})
}

/// The capabilities of [`plain`] and those at a path of keys, such as `general/positionEncodings`.
pub(crate) fn with(mut capabilities: Value, more: &[(&str, Value)]) -> Value {
    for (path, value) in more {
        let mut at = &mut capabilities;
        for key in path.split('/') {
            at = &mut at[key];
        }
        *at = value.clone();
    }
    capabilities
}

/// The URI of a file.
pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.to_str().unwrap().replace(' ', "%20"))
}

impl Client {
    /// Starts a server without saying anything.
    pub(crate) fn silent(arguments: &[&str]) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_lint"))
            .arg("lsp")
            .args(arguments)
            .env_remove("SANTUN_LANG")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (server.stdin.take(), server.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = frame(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self { server, input, messages, kept: VecDeque::new(), last: 0, heard: String::new(), server_says: Value::Null }
    }

    /// Starts a server for the folder `root`.
    pub(crate) fn new(root: &Path, capabilities: &Value) -> Self {
        Self::wanting(root, capabilities, &Value::Null)
    }

    /// Starts a server for the folder `root`, with initialization options.
    pub(crate) fn wanting(root: &Path, capabilities: &Value, options: &Value) -> Self {
        let mut client = Self::silent(&[]);
        let folders = json!([{"uri": uri(root), "name": "surat"}]);
        let params = json!({
            "processId": null,
            "rootUri": uri(root),
            "workspaceFolders": folders,
            "capabilities": capabilities,
            "initializationOptions": options,
        });
        client.server_says = client.ask("initialize", params).unwrap();
        client.notify("initialized", json!({}));
        client
    }

    /// Writes messages at once, so that all wait before the first is looked at.
    pub(crate) fn write(&mut self, messages: &[Value]) {
        let frames: String = messages.iter().map(Value::to_string).map(|text| framed(&text)).collect();
        self.write_raw(&frames);
    }

    /// Writes bytes as they are.
    pub(crate) fn write_raw(&mut self, text: &str) {
        let input = self.input.as_mut().unwrap();
        input.write_all(text.as_bytes()).unwrap();
        input.flush().unwrap();
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.write(&[json!({"jsonrpc": "2.0", "method": method, "params": params})]);
    }

    /// A request, which is not sent yet, and its number.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> (i64, Value) {
        self.last += 1;
        (self.last, json!({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}))
    }

    /// Asks, and waits for the answer.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let (id, request) = self.request(method, params);
        self.write(&[request]);
        self.answer(id)
    }

    /// Waits for the answer to a request: its result, or its error.
    pub(crate) fn answer(&mut self, id: i64) -> Result<Value, Value> {
        let answer = self.wait(&|message| message["id"] == id && message.get("method").is_none());
        match answer.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(answer["result"].clone()),
        }
    }

    /// Waits for a notification or a request of the server; the parameters.
    pub(crate) fn hear(&mut self, method: &str) -> Value {
        self.wait(&|message| message["method"] == method)["params"].clone()
    }

    /// Whether a message of that method came, among those that were not waited for.
    pub(crate) fn has_heard(&self, method: &str) -> bool {
        self.kept.iter().any(|message| message["method"] == method)
    }

    /// The next message as it comes, unread.
    pub(crate) fn unread(&mut self) -> String {
        self.messages.recv_timeout(PATIENCE).expect("the server answers in time")
    }

    /// Waits for the diagnostics of a version of a document.
    pub(crate) fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        let wanted = |message: &Value| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"] == version
        };
        self.wait(&wanted)["params"]["diagnostics"].as_array().unwrap().clone()
    }

    /// Waits for the message that is wanted and keeps the others. What the server asks is agreed to.
    pub(crate) fn wait(&mut self, wanted: &dyn Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.kept.iter().position(wanted) {
            return self.kept.remove(at).unwrap();
        }
        loop {
            let text = self.unread();
            self.heard.push_str(&text);
            let message: Value = serde_json::from_str(&text).unwrap();
            if message.get("method").is_some() && message.get("id").is_some() {
                self.write(&[json!({"jsonrpc": "2.0", "id": message["id"], "result": null})]);
            }
            if wanted(&message) {
                return message;
            }
            self.kept.push_back(message);
        }
    }

    /// Opens a document.
    pub(crate) fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Changes a document.
    pub(crate) fn change(&mut self, uri: &str, version: i64, changes: &Value) {
        self.notify("textDocument/didChange", changed(uri, version, changes));
    }

    /// The actions at a range, for the diagnostics there.
    pub(crate) fn actions(&mut self, uri: &str, range: &Value, diagnostics: &[Value]) -> Vec<Value> {
        let context = json!({"diagnostics": diagnostics});
        let params = json!({"textDocument": {"uri": uri}, "range": range, "context": context});
        self.ask("textDocument/codeAction", params).unwrap().as_array().unwrap().clone()
    }

    /// The text of the hover at a position.
    pub(crate) fn hover(&mut self, uri: &str, position: &Value) -> String {
        let params = json!({"textDocument": {"uri": uri}, "position": position});
        let hover = self.ask("textDocument/hover", params).unwrap();
        hover["contents"]["value"].as_str().unwrap_or_default().to_owned()
    }

    /// Takes leave as the protocol asks; the exit code.
    pub(crate) fn leave(mut self) -> Option<i32> {
        self.ask("shutdown", Value::Null).unwrap();
        self.notify("exit", Value::Null);
        self.end().0
    }

    /// Waits for the end of the server, which hears no more; its exit code, and what it said on standard error.
    pub(crate) fn end(&mut self) -> (Option<i32>, String) {
        self.input = None;
        let mut said = String::new();
        self.server.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.server.wait().unwrap().code(), said)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The parameters of a change.
pub(crate) fn changed(uri: &str, version: i64, changes: &Value) -> Value {
    json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": changes})
}

/// A message with its header.
pub(crate) fn framed(text: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{text}", text.len())
}

fn frame(output: &mut BufReader<ChildStdout>) -> Option<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => length = header.strip_prefix("Content-Length: ")?.parse().ok()?,
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    String::from_utf8(body).ok()
}

/// The byte of a position whose columns count UTF-16.
fn byte(text: &str, position: &Value) -> usize {
    let (line, column) = (position["line"].as_u64().unwrap(), position["character"].as_u64().unwrap());
    let start: usize = text.split_inclusive('\n').take(usize::try_from(line).unwrap()).map(str::len).sum();
    let mut units = 0;
    let rest = text.get(start..).unwrap();
    let before = |(_, c): &(usize, char)| {
        let goes_on = units < column;
        units += c.len_utf16() as u64;
        goes_on
    };
    start + rest.char_indices().take_while(before).map(|(_, c)| c.len_utf8()).sum::<usize>()
}

/// What stands in a range of a text.
pub(crate) fn at<'t>(text: &'t str, range: &Value) -> &'t str {
    text.get(byte(text, &range["start"])..byte(text, &range["end"])).unwrap()
}

/// The text with edits, as an editor applies them.
pub(crate) fn edited(text: &str, edits: &Value) -> String {
    let mut edits: Vec<_> = edits
        .as_array()
        .unwrap()
        .iter()
        .map(|edit| (byte(text, &edit["range"]["start"]), byte(text, &edit["range"]["end"]), edit["newText"].as_str()))
        .collect();
    edits.sort_unstable();
    let mut text = text.to_owned();
    for (start, end, new) in edits.into_iter().rev() {
        text.replace_range(start..end, new.unwrap());
    }
    text
}

/// The position of a byte, and the range of a piece of text, in UTF-16.
pub(crate) fn range(text: &str, piece: &str) -> Value {
    let start = text.find(piece).unwrap_or_else(|| panic!("{piece} stands in the text"));
    let position = |at: usize| {
        let before = text.get(..at).unwrap();
        let line = before.rsplit('\n').next().unwrap();
        json!({"line": before.matches('\n').count(), "character": line.encode_utf16().count()})
    };
    json!({"start": position(start), "end": position(start + piece.len())})
}

/// A folder of its own for a test, with files.
pub(crate) fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let root = std::fs::canonicalize(folder.path()).unwrap();
    for (name, text) in files {
        let path = root.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    (folder, root)
}
