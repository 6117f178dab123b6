//! HTML, and templates of messages: what a reader would see of them is the body.

use std::borrow::Cow;

use super::{Hints, Reading, channel, front, plain, structure};
use crate::decode::construct::Dialect;
use crate::decode::html;
use crate::message::{Channel, Conversation, Field, Message, Note, Part, Role, Unreadable};
use crate::source::{Text, Window};
use crate::span::TextSpan;
use crate::token::TokenKind;

/// How the names of templates end.
const TEMPLATES: &[&str] =
    &["ejs", "erb", "ftl", "hbs", "j2", "jinja", "jinja2", "liquid", "mjml", "mustache", "njk", "php", "twig"];

/// So many tags make a text HTML that begins with one.
const SEVERAL: usize = 3;

/// A file named so, or one that begins as HTML does.
pub(super) fn sniff(file_name: &str, head: &str) -> bool {
    let start = head.trim_start();
    let opens = |tag: &str| start.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag));
    ["html", "htm"].contains(&ending(file_name).as_str())
        || start.starts_with('<')
            && (opens("<!doctype html") || opens("<html") || html::tags(start, SEVERAL) == SEVERAL)
}

/// A file named as a template.
pub(super) fn sniff_template(file_name: &str, _: &str) -> bool {
    TEMPLATES.contains(&ending(file_name).as_str())
}

/// What stands after the last full stop of a name, in small letters.
fn ending(file_name: &str) -> String {
    file_name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default()
}

pub(super) fn read<'w>(text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
    let head = match front::head(text) {
        Ok(head) => head.unwrap_or_default(),
        Err(problem) => return vec![Err(Unreadable { index: window.index, line: text.line, id: None, problem })],
    };
    let rest = TextSpan::new(head.end..text.text.len());
    let source = rest.of(&text.text);
    let (seen, map) = html::text(source, keeps_lines(source));
    let mut body = Field::new(Part::Body, Cow::Owned(seen), map.behind(&text.map.slice(rest)));
    let has_header = head.fields.iter().any(|field| field.part.is_header());
    let (channel, channel_source) = channel::find(hints, head.channel, has_header, &body.text);
    let mut sender = structure::divide_in(Dialect::Source, &mut body, channel, Vec::new());
    let framed = has_layout(&text.text);
    (sender.agency, sender.named) = (sender.agency | framed, sender.named | framed);
    let notes = if channel == Channel::Email && !has_header { vec![Note::NoHeader] } else { Vec::new() };
    let message = Message {
        index: window.index,
        id: None,
        channel,
        channel_source,
        attachments: head.attachments(),
        fields: head.fields.into_iter().chain([body]).collect(),
        ours: true,
        sent: None,
        sender,
        span: text.map.locate(TextSpan::new(0..text.text.len())),
        notes,
    };
    vec![Ok(message.into())]
}

/// A template with tags is read as HTML, one without as a draft.
pub(super) fn read_template<'w>(text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
    let readings = if html::tags(&text.text, 1) > 0 || is_mail(&text.text) {
        read(text, window, hints)
    } else {
        plain::read_in(Dialect::Source, text, window, hints)
    };
    let speaks = |reading: &Reading<'_>| reading.as_ref().map_or(true, |read| read.messages.iter().any(has_words));
    if readings.iter().any(speaks) { readings } else { vec![Ok(Conversation::remark(vec![Note::NoMessage]))] }
}

/// Whether anything of the message is written in its template: a class of PHP and a layout that is filled by others show
/// nothing that could be judged.
fn has_words(message: &Message<'_>) -> bool {
    let written = |field: &Field<'_>| {
        let mut words = field.tokens.iter().filter(|token| token.kind == TokenKind::Word);
        words.any(|token| field.role_at(token.start) != Role::Placeholder)
    };
    message.fields.len() > 1 || message.fields.iter().any(written)
}

/// Whether the text is put into a layout, which shows at its head or foot who sends it.
fn has_layout(text: &str) -> bool {
    ["@extends(", "{% extends ", "mail::message", "-layout>"].iter().any(|mark| holds(text, mark))
}

/// Whether line ends count between the tags: in Markdown, and where no tag makes paragraphs.
pub(super) fn keeps_lines(text: &str) -> bool {
    is_mail(text) || !html::has_blocks(text)
}

/// Whether the text is one of Laravel's mails, which hold Markdown.
fn is_mail(text: &str) -> bool {
    ["@component('mail::", "@component(\"mail::", "<x-mail::"].iter().any(|mark| holds(text, mark))
}

fn holds(text: &str, mark: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some()
}
