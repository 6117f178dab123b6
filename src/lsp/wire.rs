//! What comes in from a client and goes out to it.
//!
//! A thread reads, so that what waits can be looked through: for changes that make an answer stale, and for requests that were
//! called off.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use lsp_server::{Message, RequestId};
use serde::Serialize;
use serde_json::{Value, json};

use crate::limits;

/// Something that came in.
#[derive(Debug)]
pub(super) enum Incoming {
    Message(Message),
    /// What is no message of the protocol.
    Garbled,
}

/// What is to be done next.
#[derive(Debug)]
pub(super) enum Next {
    Incoming(Incoming),
    /// Nothing waits.
    Idle,
    /// Nothing will come any more.
    End,
}

/// How long a line of a header may be, in bytes. Those of the protocol have some thirty.
const HEADER_LINE: u64 = 1 << 10;

/// The next message of `input`, or none at its end. `lsp_server` would make room for whatever length a header claims.
///
/// Behind what is garbled, the next header is found again, line by line.
fn read(input: &mut impl BufRead) -> io::Result<Option<Incoming>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        input.by_ref().take(HEADER_LINE).read_until(b'\n', &mut line)?;
        if line.is_empty() {
            return Ok(None);
        }
        let Some(line) = line.strip_suffix(b"\r\n") else { return Ok(Some(Incoming::Garbled)) };
        if line.is_empty() {
            break;
        }
        let Some((name, value)) = std::str::from_utf8(line).ok().and_then(|line| line.split_once(": ")) else {
            return Ok(Some(Incoming::Garbled));
        };
        if name.eq_ignore_ascii_case("Content-Length") {
            length = value.parse::<u64>().ok();
        }
    }
    let Some(length) = length else { return Ok(Some(Incoming::Garbled)) };
    let mut content = input.by_ref().take(length);
    if length > limits::FRAME_BYTES {
        io::copy(&mut content, &mut io::sink())?;
        return Ok(Some(Incoming::Garbled));
    }
    let mut bytes = Vec::new();
    if (content.read_to_end(&mut bytes)? as u64) < length {
        return Ok(None);
    }
    Ok(Some(serde_json::from_slice(&bytes).map_or(Incoming::Garbled, Incoming::Message)))
}

/// What has come in and waits.
#[derive(Debug)]
pub(super) struct Inbox {
    receiver: Receiver<Incoming>,
    waiting: VecDeque<Incoming>,
}

impl Inbox {
    /// Reads what `input` opens from now on, in a thread of its own.
    pub(super) fn of<R: BufRead>(input: impl FnOnce() -> R + Send + 'static) -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            let mut input = input();
            while let Ok(Some(incoming)) = read(&mut input) {
                if sender.send(incoming).is_err() {
                    return;
                }
            }
        });
        Self { receiver, waiting: VecDeque::new() }
    }

    /// The next message. Without one, it waits only where `patient`.
    pub(super) fn next(&mut self, patient: bool) -> Next {
        let ended = self.look();
        if let Some(incoming) = self.waiting.pop_front() {
            return Next::Incoming(incoming);
        }
        if ended {
            return Next::End;
        }
        if !patient {
            return Next::Idle;
        }
        self.receiver.recv().map_or(Next::End, Next::Incoming)
    }

    /// Takes in what has come; whether that was the last.
    fn look(&mut self) -> bool {
        loop {
            match self.receiver.try_recv() {
                Ok(incoming) => self.waiting.push_back(incoming),
                Err(TryRecvError::Empty) => return false,
                Err(TryRecvError::Disconnected) => return true,
            }
        }
    }

    fn waits(&mut self, wanted: impl Fn(&str, &Value) -> bool) -> bool {
        self.look();
        self.waiting.iter().any(|incoming| match incoming {
            Incoming::Message(Message::Notification(note)) => wanted(&note.method, &note.params),
            _ => false,
        })
    }

    /// Whether the request was called off while it waited.
    pub(super) fn is_cancelled(&mut self, id: &RequestId) -> bool {
        let id = json!(id);
        self.waits(|method, params| method == "$/cancelRequest" && params["id"] == id)
    }

    /// Whether the text of a document is about to change.
    pub(super) fn will_change(&mut self, uri: &str) -> bool {
        self.waits(|method, params| {
            matches!(method, "textDocument/didChange" | "textDocument/didClose") && params["textDocument"]["uri"] == uri
        })
    }
}

/// Writes messages.
pub(super) struct Outbox {
    output: Box<dyn Write>,
    /// The number of the last request of our own.
    asked: i32,
}

/// A message as it is written.
#[derive(Serialize)]
struct Outgoing<'o, T> {
    jsonrpc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    params: Option<&'o T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<&'o T>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'o T>,
}

impl<T> Default for Outgoing<'_, T> {
    fn default() -> Self {
        Self { jsonrpc: "2.0", id: None, method: None, params: None, result: None, error: None }
    }
}

impl Outbox {
    /// Writes to `output`.
    pub(super) fn to(output: impl Write + 'static) -> Self {
        Self { output: Box::new(output), asked: 0 }
    }

    /// Tells the client something.
    pub(super) fn notify<T: Serialize>(&mut self, method: &'static str, params: &T) {
        self.write(&Outgoing { method: Some(method), params: Some(params), ..Outgoing::default() });
    }

    /// Asks the client something; its answer will bear the number.
    pub(super) fn ask<T: Serialize>(&mut self, method: &'static str, params: &T) -> RequestId {
        self.asked += 1;
        let id = Some(json!(self.asked));
        self.write(&Outgoing { id, method: Some(method), params: Some(params), ..Outgoing::default() });
        self.asked.into()
    }

    /// Answers a request.
    pub(super) fn answer<T: Serialize>(&mut self, id: &RequestId, result: &T) {
        self.write(&Outgoing { id: Some(json!(id)), result: Some(result), ..Outgoing::default() });
    }

    /// Answers a request that cannot be met; none is named where it could not be read.
    pub(super) fn refuse(&mut self, id: Option<&RequestId>, refusal: &Refusal) {
        let error = json!({"code": refusal.code, "message": refusal.message, "data": refusal.data});
        self.write(&Outgoing { id: Some(json!(id)), error: Some(&error), ..Outgoing::default() });
    }

    fn write<T: Serialize>(&mut self, message: &Outgoing<'_, T>) {
        let Ok(json) = serde_json::to_vec(message) else { return };
        // A client that has gone away closes the other stream as well, which ends the loop.
        let _ = write!(self.output, "Content-Length: {}\r\n\r\n", json.len())
            .and_then(|()| self.output.write_all(&json))
            .and_then(|()| self.output.flush());
    }
}

/// Why a request cannot be met.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    code: i32,
    message: String,
    data: Value,
}

impl Refusal {
    pub(super) fn new(code: lsp_server::ErrorCode, message: impl Into<String>) -> Self {
        Self { code: code as i32, message: message.into(), data: Value::Null }
    }

    pub(super) fn with(self, data: Value) -> Self {
        Self { data, ..self }
    }
}

/// The parameters of a request or a notification.
pub(super) fn params<T: serde::de::DeserializeOwned>(params: Value) -> Option<T> {
    serde_json::from_value(params).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The methods of the messages in a stream, `?` for what is none.
    fn heard(stream: &str) -> Vec<String> {
        let mut input = stream.as_bytes();
        std::iter::from_fn(|| read(&mut input).unwrap())
            .map(|incoming| match incoming {
                Incoming::Message(Message::Notification(note)) => note.method,
                _ => "?".to_owned(),
            })
            .collect()
    }

    const EXIT: &str = "Content-Length: 33\r\n\r\n{\"jsonrpc\":\"2.0\",\"method\":\"exit\"}";

    #[test]
    fn a_length_is_not_believed() {
        // As many bytes as no machine has, and as no number holds.
        for length in ["9223372036854775807", "18446744073709551615", "99999999999999999999", "-1"] {
            let stream = format!("Content-Length: {length}\r\n\r\n{{}}");
            assert!(heard(&stream).iter().all(|method| method == "?"), "{length}");
        }
        assert_eq!(heard(EXIT), ["exit"]);
    }

    #[test]
    fn what_is_garbled_hides_nothing_behind_it() {
        let endless = "x".repeat(3000);
        for (garbled, times) in [("Content-Length: x\r\n\r\n", 1), ("Halo\r\n", 1), ("\r\n", 1), (endless.as_str(), 3)]
        {
            let heard = heard(&format!("{garbled}\n{EXIT}"));
            assert_eq!(heard.last().map(String::as_str), Some("exit"), "{garbled}");
            assert!(heard.len() <= times + 2, "{garbled}: {heard:?}");
        }
    }
}
