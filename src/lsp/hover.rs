//! What is told of the rule behind a finding, as Markdown or as plain text.

use crate::embedded::GUIDELINE;
use crate::locale::Lang;
use crate::report::{Finding, sample};
use crate::rule::Rule;
use crate::texts::Key;

/// How the explanation is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Markup {
    Plain,
    Markdown,
}

/// What stands between the explanations of several findings.
pub(super) fn between(markup: Markup) -> &'static str {
    match markup {
        Markup::Plain => "\n\n",
        Markup::Markdown => "\n\n---\n\n",
    }
}

/// Explains a finding by its rule.
pub(super) fn explain(lang: Lang, markup: Markup, found: &Finding, rule: Option<&Rule>) -> String {
    let mut page = Page { lang, markup, paragraphs: Vec::new() };
    page.say(&found.message);
    page.say(&found.help);
    let Some(rule) = rule else { return page.paragraphs.join("\n\n") };
    for statement in rule.guideline.iter().filter_map(|key| GUIDELINE.statement(key)) {
        let text = format!("{} ({}). {}", statement.title.get(lang), statement.id, statement.text.get(lang));
        page.labelled(Key::ExplainGuideline, &text);
    }
    if !rule.basis.is_empty() {
        page.labelled(Key::ExplainBasis, &rule.basis.join("; "));
    }
    for (key, bad) in [(Key::ExplainBad, true), (Key::ExplainGood, false)] {
        if let Some(case) = rule.cases.iter().find(|case| case.bad == bad) {
            page.code(lang.text(key), "", &sample(case).join("\n"));
        }
    }
    let off = format!("[rules]\n\"{}\" = \"off\"", rule.id);
    page.code(lang.text(Key::LspHowOff), "toml", &off);
    page.paragraphs.join("\n\n")
}

struct Page {
    lang: Lang,
    markup: Markup,
    paragraphs: Vec<String>,
}

impl Page {
    fn say(&mut self, text: &str) {
        if !text.is_empty() {
            self.paragraphs.push(self.escaped(text));
        }
    }

    fn labelled(&mut self, key: Key, text: &str) {
        let label = self.label(self.lang.text(key));
        self.paragraphs.push(format!("{label} {}", self.escaped(text)));
    }

    fn code(&mut self, label: &str, language: &str, text: &str) {
        let label = self.label(label);
        self.paragraphs.push(match self.markup {
            Markup::Plain => format!("{label}\n{text}"),
            Markup::Markdown => {
                let fence = fence(text);
                format!("{label}\n\n{fence}{language}\n{text}\n{fence}")
            }
        });
    }

    fn label(&self, label: &str) -> String {
        let label = format!("{}:", label.trim_end_matches(':'));
        if self.markup == Markup::Plain { label } else { format!("**{label}**") }
    }

    fn escaped(&self, text: &str) -> String {
        if self.markup == Markup::Plain { text.to_owned() } else { escaped(text) }
    }
}

/// The text with a backslash before each mark that Markdown may take for more than itself; one within a word makes a link of
/// an address, so full stops and colons are among them.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if c.is_ascii_punctuation() && !matches!(c, ',' | ';' | '\'' | '"' | '?' | '/' | '%' | '(' | ')') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Backticks enough that the text does not end the block.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    "`".repeat(longest.max(2) + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_shows_texts_as_they_are() {
        assert_eq!(escaped("*a* [b](c) <i>, www.d.id"), r"\*a\* \[b\](c) \<i\>, www\.d\.id");
        assert_eq!(fence("a ```` b"), "`````");
        assert_eq!(fence("a"), "```");
    }
}
