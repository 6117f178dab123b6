//! HTML, and templates of messages: what a reader would see of them is the body.

use std::borrow::Cow;

use super::{Hints, Reading, channel, plain, structure};
use crate::decode::construct::Dialect;
use crate::decode::html;
use crate::message::{Channel, Conversation, Field, Message, Note, Part};
use crate::source::{Text, Window};
use crate::span::TextSpan;

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
    let (seen, map) = html::text(&text.text, keeps_lines(&text.text));
    let mut body = Field::new(Part::Body, Cow::Owned(seen), map.behind(&text.map));
    let (channel, channel_source) = channel::find(hints, None, false, &body.text);
    let mut sender = structure::divide_in(Dialect::Source, &mut body, channel, Vec::new());
    let framed = has_layout(&text.text);
    (sender.agency, sender.named) = (sender.agency | framed, sender.named | framed);
    let notes = if channel == Channel::Email { vec![Note::NoHeader] } else { Vec::new() };
    let message = Message {
        index: window.index,
        id: None,
        channel,
        channel_source,
        fields: vec![body],
        attachments: None,
        ours: true,
        sent: None,
        sender,
        span: text.map.locate(TextSpan::new(0..text.text.len())),
        notes,
    };
    vec![Ok(Conversation { messages: vec![message] })]
}

/// A template with tags is read as HTML, one without as a draft.
pub(super) fn read_template<'w>(text: &'w Text<'w>, window: &'w Window, hints: &Hints) -> Vec<Reading<'w>> {
    if html::tags(&text.text, 1) > 0 || is_mail(&text.text) {
        read(text, window, hints)
    } else {
        plain::read_in(Dialect::Source, text, window, hints)
    }
}

/// Whether the text is put into a layout, which shows at its head or foot who sends it.
fn has_layout(text: &str) -> bool {
    ["@extends(", "{% extends ", "mail::message", "-layout>"].iter().any(|mark| holds(text, mark))
}

/// Whether line ends count between the tags: in Markdown, and where no tag makes paragraphs.
fn keeps_lines(text: &str) -> bool {
    is_mail(text) || !html::has_blocks(text)
}

/// Whether the text is one of Laravel's mails, which hold Markdown.
fn is_mail(text: &str) -> bool {
    ["@component('mail::", "@component(\"mail::", "<x-mail::"].iter().any(|mark| holds(text, mark))
}

fn holds(text: &str, mark: &str) -> bool {
    memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some()
}
