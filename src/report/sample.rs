//! Texts and examples of rules as they are shown where there is no message.

use super::shown;
use crate::locale::fill;
use crate::rule::Case;

/// The message or the help of a rule, with dots for what it would say of a finding.
#[must_use]
pub fn plain_message(text: &str) -> String {
    fill(text, &["match", "replacement", "count", "limit", "missing", "other"].map(|name| (name, "…")))
}

/// The message of a case as a draft would look, line by line, its secrets masked.
#[must_use]
pub fn sample(case: &Case) -> Vec<String> {
    let message: serde_json::Value = serde_json::from_str(&case.message).unwrap_or_default();
    if let Some(turns) = message["turns"].as_array() {
        let text = |turn: &serde_json::Value, key: &str| turn[key].as_str().unwrap_or_default().to_owned();
        let line = |turn| format!("[{}] {}: {}", text(turn, "date"), text(turn, "from"), text(turn, "body"));
        return turns.iter().map(line).flat_map(|turn| turn.lines().map(shown).collect::<Vec<_>>()).collect();
    }
    let mut lines = Vec::new();
    for (name, label) in
        [("from", "Dari"), ("to", "Kepada"), ("cc", "Tembusan"), ("subject", "Subjek"), ("account", "Akun")]
    {
        match &message[name] {
            serde_json::Value::String(text) => lines.push(format!("{label}: {}", shown(text))),
            serde_json::Value::Array(list) => {
                let list: Vec<&str> = list.iter().filter_map(|item| item.as_str()).collect();
                lines.push(format!("{label}: {}", shown(&list.join(", "))));
            }
            _ => {}
        }
    }
    let body = message["body"].as_str().unwrap_or_default();
    lines.extend(body.lines().map(shown));
    lines
}
