//! What `lint init` wants to know, and what it was told.

use toml_edit::{Array, InlineTable, Value};

use crate::config::Config;
use crate::locale::Lang;
use crate::report::shown;
use crate::texts::Key;

/// One thing to know: an option of the command, and a question on a terminal.
#[derive(Debug)]
pub(super) struct Question {
    /// The key below `[agency]`.
    pub(super) key: &'static str,
    /// The option.
    pub(super) option: &'static str,
    /// What the option's help says.
    pub(super) help: Key,
    /// How it is asked.
    pub(super) ask: Key,
    /// What kind of answer it wants.
    pub(super) sort: Sort,
}

/// A kind of answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// One or several texts.
    Many,
    /// One or several domains.
    Domains,
    /// Days and hours.
    Hours,
    /// A zone of clocks.
    Zone,
    /// Yes or no.
    YesNo,
}

/// What is asked, in this order.
pub(super) const QUESTIONS: &[Question] = &[
    Question { key: "names", option: "name", help: Key::OptInitName, ask: Key::AskName, sort: Sort::Many },
    Question { key: "domains", option: "domain", help: Key::OptInitDomain, ask: Key::AskDomain, sort: Sort::Domains },
    Question { key: "contacts", option: "contact", help: Key::OptInitContact, ask: Key::AskContact, sort: Sort::Many },
    Question { key: "people", option: "person", help: Key::OptInitPerson, ask: Key::AskPerson, sort: Sort::Many },
    Question {
        key: "positions",
        option: "position",
        help: Key::OptInitPosition,
        ask: Key::AskPosition,
        sort: Sort::Many,
    },
    Question { key: "hours", option: "hours", help: Key::OptInitHours, ask: Key::AskHours, sort: Sort::Hours },
    Question { key: "zone", option: "zone", help: Key::OptInitZone, ask: Key::AskZone, sort: Sort::Zone },
    Question {
        key: "election",
        option: "election",
        help: Key::OptInitElection,
        ask: Key::AskElection,
        sort: Sort::YesNo,
    },
];

const ZONES: [&str; 3] = ["WIB", "WITA", "WIT"];

/// Values of keys below `[agency]`.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers(Vec<(&'static str, Value)>);

impl Answers {
    /// Whether nothing is known.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is known of `key`.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == key).map(|(_, value)| value)
    }

    /// Takes an answer, or says why it cannot be one.
    pub(super) fn put(&mut self, question: &Question, answer: &str, lang: Lang) -> Result<(), String> {
        let answer = answer.trim();
        match question.sort {
            Sort::Many => self.push(question.key, answer),
            Sort::Domains => {
                let wrong = |name| lang.fill(Key::ErrorInitDomain, &[("value", &shown(name))]);
                let names = answer.split([';', ',', ' ']).filter(|name| !name.is_empty());
                let domains = names.map(|name| domain(name).ok_or_else(|| wrong(name)));
                for domain in domains.collect::<Result<Vec<_>, _>>()? {
                    self.push(question.key, &domain);
                }
            }
            Sort::Hours => {
                let wrong = || lang.fill(Key::ErrorInitHours, &[("value", &shown(answer))]);
                self.set(question.key, hours(answer).ok_or_else(wrong)?);
                self.set("reply_clock", "working");
            }
            Sort::Zone => {
                let zone = ZONES.into_iter().find(|zone| zone.eq_ignore_ascii_case(answer));
                self.set(question.key, zone.ok_or_else(|| unknown_zone(lang, answer))?);
            }
            Sort::YesNo => {
                let said = |key: Key| lang.text(key).split('/').any(|word| word.eq_ignore_ascii_case(answer));
                match (said(Key::AskYes), said(Key::AskNo)) {
                    (true, _) => self.set(question.key, true),
                    (_, true) => self.set(question.key, false),
                    _ => return Err(lang.text(Key::ErrorInitYesNo).to_owned()),
                }
            }
        }
        Ok(())
    }

    /// Takes the value of a key.
    pub(super) fn set(&mut self, key: &'static str, value: impl Into<Value>) {
        self.0.retain(|(known, _)| *known != key);
        self.0.push((key, value.into()));
    }

    fn push(&mut self, key: &'static str, value: &str) {
        if value.is_empty() {
            return;
        }
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, Value::Array(list))) => list.push(value),
            _ => self.set(key, Array::from_iter([value])),
        }
    }
}

/// The domain in what people write for one: an address, a link, a name in capitals.
fn domain(written: &str) -> Option<String> {
    let lower = written.to_lowercase();
    let bare = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let bare = bare.rsplit_once('@').map_or(bare, |(_, domain)| domain);
    let bare = bare.split(['/', ':']).next().unwrap_or_default();
    let bare = bare.strip_prefix("www.").unwrap_or(bare).trim_matches('.');
    let label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    (bare.contains('.') && bare.split('.').all(label)).then(|| bare.to_owned())
}

/// Hours as `08:00-16:00`, with days before them or not, as the configuration writes them.
fn hours(written: &str) -> Option<InlineTable> {
    let (days, times) = written.rsplit_once(' ').map_or(("1-5", written), |(days, times)| (days.trim(), times.trim()));
    let (from, to) = times.split_once(['-', '–'])?;
    let mut hours = InlineTable::new();
    hours.insert("days", days.replace(' ', "").into());
    hours.insert("from", from.trim().replace('.', ":").into());
    hours.insert("to", to.trim().replace('.', ":").into());
    // Whether these are days and times, the configuration knows.
    Config::parse(&format!("agency.hours = {hours}")).is_ok().then_some(hours)
}

fn unknown_zone(lang: Lang, answer: &str) -> String {
    let main = lang.fill(Key::ErrorInitZone, &[("value", &shown(answer)), ("values", &ZONES.join(", "))]);
    lang.with_nearest(main, answer, ZONES)
}
