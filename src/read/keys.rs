//! Keys of a catalogue: which of its strings are messages, as the configuration names them.

use std::fmt;

/// A path into objects and lists, with steps that may be anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPattern {
    written: String,
    steps: Vec<KeyStep>,
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyStep {
    /// This key, or the place in a list, from 0.
    Named(String),
    /// `*`: any one.
    One,
    /// `**`: any number of any.
    Many,
}

impl KeyPattern {
    /// Reads `notifikasi.*.pesan`: steps with dots between them, of which at most one is `**`, so that it is never in doubt what
    /// it stands for. A key that holds a dot or a star stands in quotation marks.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = written;
        loop {
            let (step, behind) = if let Some(quoted) = rest.strip_prefix('"') {
                let (name, behind) = quoted.split_once('"')?;
                (KeyStep::Named(name.to_owned()), behind)
            } else {
                let end = rest.find('.').unwrap_or(rest.len());
                let (name, behind) = rest.split_at_checked(end)?;
                let step = match name {
                    "*" => KeyStep::One,
                    "**" => KeyStep::Many,
                    _ if name.is_empty() || name.contains(['*', '"']) => return None,
                    _ => KeyStep::Named(name.to_owned()),
                };
                (step, behind)
            };
            steps.push(step);
            match behind.strip_prefix('.') {
                Some(more) => rest = more,
                None if behind.is_empty() => break,
                None => return None,
            }
        }
        let one = steps.iter().filter(|step| **step == KeyStep::Many).count() <= 1;
        one.then(|| Self { written: written.to_owned(), steps })
    }

    /// The steps.
    pub(super) fn steps(&self) -> &[KeyStep] {
        &self.steps
    }

    /// The steps that may be anything.
    fn wild(&self) -> impl Iterator<Item = &KeyStep> {
        self.steps.iter().filter(|step| !matches!(step, KeyStep::Named(_)))
    }
}

impl fmt::Display for KeyPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// Where the messages of a catalogue stand, and their subjects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageKeys {
    body: KeyPattern,
    subject: Option<KeyPattern>,
}

impl MessageKeys {
    /// Bodies, and subjects beside them: what a star of `subject` stands for is told by the star of `body` in the same place
    /// among its stars, so `subject` may have no others. None where it has.
    #[must_use]
    pub fn new(body: KeyPattern, subject: Option<KeyPattern>) -> Option<Self> {
        let told = subject.as_ref().is_none_or(|subject| {
            let mut wild = body.wild();
            subject.wild().all(|step| wild.next() == Some(step))
        });
        told.then_some(Self { body, subject })
    }

    /// Where the bodies stand.
    pub(super) fn body(&self) -> &KeyPattern {
        &self.body
    }

    /// Where the subjects stand.
    pub(super) fn subject(&self) -> Option<&KeyPattern> {
        self.subject.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_keys() {
        let named = |name: &str| KeyStep::Named(name.to_owned());
        let steps = |written: &str| KeyPattern::parse(written).map(|pattern| pattern.steps);
        assert_eq!(steps("a.*.0"), Some(vec![named("a"), KeyStep::One, named("0")]));
        assert_eq!(steps("**"), Some(vec![KeyStep::Many]));
        assert_eq!(steps("\"a.*b\".c"), Some(vec![named("a.*b"), named("c")]));
        assert_eq!(steps("Pesan Anda"), Some(vec![named("Pesan Anda")]));
        for wrong in ["", ".", "a.", ".a", "a..b", "a*", "***", "**.a.**", "\"a", "\"a\"b", "a\"b"] {
            assert_eq!(steps(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn subjects_have_the_stars_of_bodies() {
        let keys = |body, subject| {
            MessageKeys::new(KeyPattern::parse(body)?, KeyPattern::parse(subject)).is_some().then_some(())
        };
        for (body, subject) in
            [("*.pesan", "*.judul"), ("*.isi.*", "*.judul"), ("pesan", "judul"), ("*.**.a", "x.*.**")]
        {
            assert!(keys(body, subject).is_some(), "{body} {subject}");
        }
        for (body, subject) in [("pesan", "*"), ("*.pesan", "**.judul"), ("**.a.*", "*.**")] {
            assert!(keys(body, subject).is_none(), "{body} {subject}");
        }
    }
}
