//! What comes in on standard input and goes out on standard output.
//!
//! A thread reads, so that what waits can be looked through: for changes that make an answer stale, and for requests that were
//! called off.

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Write};
use std::sync::mpsc::{Receiver, TryRecvError, channel};

use lsp_server::{Message, RequestId};
use serde::Serialize;
use serde_json::{Value, json};

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

/// What has come in and waits.
#[derive(Debug)]
pub(super) struct Inbox {
    receiver: Receiver<Incoming>,
    waiting: VecDeque<Incoming>,
}

impl Inbox {
    /// Reads standard input from now on.
    pub(super) fn stdin() -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || {
            let mut input = io::stdin().lock();
            loop {
                let incoming = match Message::read(&mut input) {
                    Ok(Some(message)) => Incoming::Message(message),
                    // The next header is found again, line by line.
                    Err(error) if error.kind() == ErrorKind::InvalidData => Incoming::Garbled,
                    Ok(None) | Err(_) => return,
                };
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
#[derive(Debug)]
pub(super) struct Outbox {
    output: io::Stdout,
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
    pub(super) fn stdout() -> Self {
        Self { output: io::stdout(), asked: 0 }
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
        // A client that has gone away closes standard input as well, which ends the loop.
        let mut output = self.output.lock();
        let _ = write!(output, "Content-Length: {}\r\n\r\n", json.len())
            .and_then(|()| output.write_all(&json))
            .and_then(|()| output.flush());
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
