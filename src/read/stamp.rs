//! Stamps: the date and time before each message of a `WhatsApp` export, in the forms of the languages of phones.

use jiff::civil::{Date, DateTime};

use crate::calendar::Moment;

/// How the stamps of an export are written. A file keeps to one form, so that lines of another one, pasted into a message,
/// are told from its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "independent facts")]
pub(super) struct Form {
    /// What ends the stamp: a bracket, or one of several dashes.
    close: char,
    /// What stands between day, month and year; none where there is no date.
    date: Option<char>,
    /// Which of them has four digits.
    long: Option<usize>,
    /// Whether a comma stands between date and time.
    comma: bool,
    /// Whether a word stands there.
    word: bool,
    /// What stands between hour and minute.
    clock: char,
    seconds: bool,
    /// Whether the half or the part of the day is told.
    half: bool,
}

impl Form {
    /// Whether stamps stand in brackets, as on iOS.
    pub(super) fn is_bracketed(self) -> bool {
        self.close == ']'
    }
}

/// The stamp of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp {
    pub(super) form: Form,
    /// Day, month and year in their order, if there is a date.
    date: Option<[Number; 3]>,
    hour: u16,
    minute: u16,
    second: u16,
    half: Option<Half>,
    /// Whether `AM` or `PM` stands there in capitals: small letters are those of languages that put the day first.
    capitals: bool,
    /// Where in the line begins what follows the stamp.
    pub(super) end: usize,
}

#[derive(Clone, Copy, Debug)]
struct Number {
    value: u16,
    digits: usize,
}

/// Which hours of the day are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    /// `AM`.
    Before,
    /// `PM`.
    After,
    Pagi,
    Siang,
    Sore,
    Malam,
}

/// Words for parts of the day, longer ones first.
const HALVES: [(&str, Half); 9] = [
    ("tengah malam", Half::Malam),
    ("tengah hari", Half::Siang),
    ("dini hari", Half::Pagi),
    ("pagi", Half::Pagi),
    ("siang", Half::Siang),
    ("sore", Half::Sore),
    ("malam", Half::Malam),
    ("ص", Half::Before),
    ("م", Half::After),
];

/// Words between date and time.
const AT: [&str; 6] = ["klo", "pukul", "jam", "kl.", "um", "at"];

/// Whether a character only steers in which direction others are written.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The stamp that opens `line`, if one does.
pub(super) fn stamp(line: &str) -> Option<Stamp> {
    let mut at = Cursor { rest: line };
    let bracketed = at.eat(&['[']).is_some();
    let mut ahead = at;
    let (date, between) = match ahead.date() {
        Some((date, between)) => {
            at = ahead;
            (Some(date), Some(between))
        }
        None => (None, None),
    };
    let comma = at.eat(&[',', '،']).is_some();
    let blank = at.blanks();
    let word = date.is_some() && at.word(&AT);
    at.blanks();
    if date.is_some() && !(comma || blank) {
        return None;
    }
    let hour = at.number(2)?;
    let clock = at.eat(&[':', '.'])?;
    let minute = at.number(2).filter(|minute| minute.digits == 2)?;
    let mut ahead = at;
    let second = ahead.eat(&[clock]).and_then(|_| ahead.number(2)).filter(|second| second.digits == 2);
    if second.is_some() {
        at = ahead;
    }
    let (half, capitals) = at.half().map_or((None, false), |(half, capitals)| (Some(half), capitals));
    let blank = at.blanks();
    let close = if bracketed { at.eat(&[']'])? } else { at.eat(&['-', '–', '—']).filter(|_| blank)? };
    let ends = at.rest.trim().is_empty();
    let fits = at.blanks() || ends || bracketed;
    if !fits || !bracketed && at.is_at_time() {
        return None;
    }
    let form = Form {
        close,
        date: between,
        long: date.and_then(|date| date.iter().position(|number| number.digits == 4)),
        comma,
        word,
        clock,
        seconds: second.is_some(),
        half: half.is_some(),
    };
    // Schedules have times alone, too, but none with all that this form has.
    let alone = second.is_some() && half.is_some() && close != '-' && !bracketed;
    let stamp = Stamp {
        form,
        date,
        hour: hour.value,
        minute: minute.value,
        second: second.map_or(0, |second| second.value),
        half,
        capitals,
        end: line.len() - at.rest.len(),
    };
    let possible = match date {
        Some(_) => Order::ALL.into_iter().any(|order| stamp.civil(order).is_some()),
        None => alone && stamp.time().is_some(),
    };
    possible.then_some(stamp)
}

impl Stamp {
    /// When it was, if there is a date that exists in this order.
    pub(super) fn moment(&self, order: Order) -> Option<Moment> {
        self.civil(order).map(Moment::civil)
    }

    fn civil(&self, order: Order) -> Option<DateTime> {
        let [first, second, third] = self.date?;
        let (year, month, day) = match order {
            Order::DayMonthYear => (third, second, first),
            Order::MonthDayYear => (third, first, second),
            Order::YearMonthDay => (first, second, third),
        };
        let century = if year.digits <= 2 { 2000 } else { 0 };
        let small = |number: Number| i8::try_from(number.value).ok();
        let date = Date::new(i16::try_from(year.value).ok()? + century, small(month)?, small(day)?).ok()?;
        let (hour, minute, second) = self.time()?;
        Some(date.at(hour, minute, second, 0))
    }

    /// Hour, minute and second of the day, if there is such a time.
    fn time(&self) -> Option<(i8, i8, i8)> {
        let hour = match self.half {
            // Some languages number the hours from 1 to 24.
            None => self.hour % 24,
            Some(_) if self.hour > 12 => self.hour % 24,
            Some(Half::Before | Half::Pagi) => self.hour % 12,
            Some(Half::After | Half::Sore) => self.hour % 12 + 12,
            Some(Half::Siang) if self.hour >= 9 => self.hour,
            Some(Half::Malam) if self.hour % 12 < 5 => self.hour % 12,
            Some(Half::Siang | Half::Malam) => self.hour + 12,
        };
        let small = |value: u16, below: u16| i8::try_from(value).ok().filter(|_| value < below);
        if self.hour > 24 {
            return None;
        }
        Some((small(hour, 24)?, small(self.minute, 60)?, small(self.second, 60)?))
    }
}

/// In which order the parts of a date stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    DayMonthYear,
    MonthDayYear,
    YearMonthDay,
}

impl Order {
    const ALL: [Self; 3] = [Self::DayMonthYear, Self::MonthDayYear, Self::YearMonthDay];

    /// The order of the dates of an export, by all of its stamps: what is certain of one holds for the others.
    pub(super) fn of<'s>(stamps: impl Iterator<Item = &'s Stamp>) -> Self {
        let (mut first_over, mut second_over) = (false, false);
        let (mut local, mut american) = (false, false);
        let mut backwards = [0_u64; 2];
        let mut last: [Option<DateTime>; 2] = [None, None];
        for stamp in stamps {
            let Some([first, second, third]) = stamp.date else { continue };
            if first.digits > third.digits.max(2) || first.value > 31 || third.digits == 1 {
                return Self::YearMonthDay;
            }
            first_over |= first.value > 12;
            second_over |= second.value > 12;
            american |= stamp.capitals && stamp.form.date == Some('/');
            local |= stamp.form.clock == '.' || stamp.form.word || stamp.half.is_some_and(Half::is_indonesian);
            for (at, order) in [Self::DayMonthYear, Self::MonthDayYear].into_iter().enumerate() {
                let now = stamp.civil(order);
                backwards[at] += u64::from(now < last[at]);
                last[at] = now.or(last[at]);
            }
        }
        let month_first = match (first_over, second_over, local, american) {
            (true, ..) => false,
            (_, true, ..) => true,
            (.., true, _) => false,
            (.., true) => true,
            _ => backwards[1] < backwards[0],
        };
        if month_first { Self::MonthDayYear } else { Self::DayMonthYear }
    }
}

impl Half {
    fn is_indonesian(self) -> bool {
        matches!(self, Self::Pagi | Self::Siang | Self::Sore | Self::Malam)
    }
}

/// What is left of a line. Marks of direction are passed over wherever they stand.
#[derive(Clone, Copy)]
struct Cursor<'l> {
    rest: &'l str,
}

impl Cursor<'_> {
    /// Takes the next character if it is one of those.
    fn eat(&mut self, wanted: &[char]) -> Option<char> {
        let rest = self.rest.trim_start_matches(is_mark);
        let next = rest.chars().next().filter(|c| wanted.contains(c))?;
        self.rest = rest.get(next.len_utf8()..)?;
        Some(next)
    }

    /// Takes blanks, and says whether there were any.
    fn blanks(&mut self) -> bool {
        let rest = self.rest.trim_start_matches(|c: char| is_mark(c) || is_blank(c));
        let passed = self.rest.len() - rest.len();
        let any = self.rest.get(..passed).is_some_and(|passed| passed.contains(is_blank));
        self.rest = rest;
        any
    }

    /// Takes a number of at most so many digits.
    fn number(&mut self, most: usize) -> Option<Number> {
        let mut number = Number { value: 0, digits: 0 };
        let mut rest = self.rest.trim_start_matches(is_mark);
        while let Some((c, digit)) = rest.chars().next().and_then(|c| Some((c, digit(c)?))) {
            if number.digits == most {
                return None;
            }
            number = Number { value: number.value * 10 + digit, digits: number.digits + 1 };
            rest = rest.get(c.len_utf8()..)?;
        }
        if number.digits == 0 {
            return None;
        }
        self.rest = rest;
        Some(number)
    }

    /// Three numbers with the same character between them, and that character.
    fn date(&mut self) -> Option<([Number; 3], char)> {
        let first = self.number(4)?;
        let between = self.eat(&['/', '.', '-'])?;
        let second = self.number(2)?;
        self.eat(&[between])?;
        let third = self.number(4)?;
        let date = [first, second, third];
        date.iter().all(|number| number.digits != 3).then_some((date, between))
    }

    /// Takes one of the words, which must end there.
    fn word(&mut self, words: &[&str]) -> bool {
        let rest = self.rest.trim_start_matches(is_mark);
        let after = words.iter().find_map(|word| {
            let written = rest.get(..word.len())?;
            let after = rest.get(word.len()..)?;
            (written.eq_ignore_ascii_case(word) && !after.starts_with(char::is_alphanumeric)).then_some(after)
        });
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    /// Takes what tells the half or the part of the day, and whether that is written in capitals.
    fn half(&mut self) -> Option<(Half, bool)> {
        let mut ahead = *self;
        ahead.blanks();
        if let Some((_, half)) = HALVES.iter().find(|(word, _)| ahead.word(&[word])) {
            *self = ahead;
            return Some((*half, false));
        }
        let letter = ahead.eat(&['A', 'P', 'a', 'p'])?;
        if ahead.eat(&['.']).is_some() {
            ahead.blanks();
        }
        let last = ahead.eat(&['M', 'm'])?;
        ahead.eat(&['.']);
        if ahead.rest.starts_with(char::is_alphanumeric) {
            return None;
        }
        *self = ahead;
        let capitals = letter.is_ascii_uppercase() && last.is_ascii_uppercase();
        let half = if letter.eq_ignore_ascii_case(&'a') { Half::Before } else { Half::After };
        Some((half, capitals))
    }

    /// Whether a time follows, as in "08.00 - 10.00".
    fn is_at_time(mut self) -> bool {
        self.number(2).is_some() && self.eat(&[':', '.']).is_some() && self.number(2).is_some()
    }
}

/// Whether a character is a blank within a line, of which exports have several.
fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}')
}

/// A digit of the scripts in which phones write dates.
fn digit(c: char) -> Option<u16> {
    let zeros = ['0', '\u{660}', '\u{6f0}', '\u{966}'];
    let value = zeros.iter().find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10));
    value.and_then(|value| u16::try_from(value).ok())
}
