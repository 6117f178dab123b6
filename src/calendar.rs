//! Moments, and how much time passes between them by the clock or within the agency's hours of work.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::fmt::{rfc2822, temporal};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// When a turn of a conversation was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    at: DateTime,
    /// Where the source tells it.
    offset: Option<Offset>,
}

impl Moment {
    /// Reads ISO 8601, with or without an offset, and the form of mail headers.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(pieces) = temporal::Pieces::parse(text) {
            let at = pieces.date().to_datetime(pieces.time()?);
            return Some(Self { at, offset: pieces.to_numeric_offset() });
        }
        let sent = rfc2822::DateTimeParser::new().parse_zoned(text).ok()?;
        Some(Self { at: sent.datetime(), offset: Some(sent.offset()) })
    }

    /// What a clock showed that nobody tells the zone of, as in exports of chats.
    #[must_use]
    pub const fn civil(at: DateTime) -> Self {
        Self { at, offset: None }
    }

    /// The moment so many seconds after the start of 1970 in UTC.
    #[must_use]
    pub fn unix(seconds: i64) -> Option<Self> {
        let moment = Timestamp::from_second(seconds).ok()?;
        Some(Self { at: Offset::UTC.to_datetime(moment), offset: Some(Offset::UTC) })
    }

    /// The moment as clocks in `zone` show it; one without an offset was written there.
    #[must_use]
    pub fn local(self, zone: Zone) -> DateTime {
        let known = self.offset.and_then(|offset| offset.to_timestamp(self.at).ok());
        known.map_or(self.at, |moment| zone.local(moment))
    }
}

/// A zone of Indonesia's clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub enum Zone {
    /// Waktu Indonesia Barat.
    #[default]
    Wib,
    /// Waktu Indonesia Tengah.
    Wita,
    /// Waktu Indonesia Timur.
    Wit,
}

impl Zone {
    /// What its clocks show at `moment`.
    #[must_use]
    pub fn local(self, moment: Timestamp) -> DateTime {
        self.offset().to_datetime(moment)
    }

    const fn offset(self) -> Offset {
        match self {
            Self::Wib => Offset::constant(7),
            Self::Wita => Offset::constant(8),
            Self::Wit => Offset::constant(9),
        }
    }
}

/// Which time counts between question and answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ReplyClock {
    /// Every hour.
    #[default]
    Clock,
    /// The hours of work.
    Working,
}

/// The hours of work on the days of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Hours {
    /// The days, from 1 (Monday) to 7.
    days: Days,
    /// When work begins.
    from: Clock,
    /// When it ends.
    to: Clock,
}

impl Default for Hours {
    fn default() -> Self {
        let hour = |hour| Clock(Time::constant(hour, 0, 0, 0));
        Self { days: Days([true, true, true, true, true, false, false]), from: hour(8), to: hour(16) }
    }
}

/// A time of the day, as `08:00` or `08.00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
struct Clock(Time);

impl TryFrom<String> for Clock {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} is no time such as \"08:00\"");
        let (hour, minute) = text.trim().split_once([':', '.']).ok_or_else(wrong)?;
        let (hour, minute) = (hour.parse().map_err(|_| wrong())?, minute.parse().map_err(|_| wrong())?);
        Time::new(hour, minute, 0, 0).map(Self).map_err(|_| wrong())
    }
}

impl From<Clock> for String {
    fn from(Clock(time): Clock) -> Self {
        format!("{:02}:{:02}", time.hour(), time.minute())
    }
}

/// Days of the week, Monday first, as `1-5` or `1-4,6`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(schema, derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
struct Days([bool; 7]);

impl TryFrom<String> for Days {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let wrong = || format!("{text:?} names no days such as \"1-5\" (1 is Monday)");
        let number = |part: &str| part.trim().parse().ok().filter(|day| (1..=7).contains(day)).ok_or_else(wrong);
        let mut days = [false; 7];
        for part in text.split(',') {
            let (first, last): (usize, usize) = match part.split_once('-') {
                Some((first, last)) => (number(first)?, number(last)?),
                None => (number(part)?, number(part)?),
            };
            days.get_mut(first - 1..last).ok_or_else(wrong)?.fill(true);
        }
        Ok(Self(days))
    }
}

impl From<Days> for String {
    fn from(Days(days): Days) -> Self {
        let named = (1..).zip(days).filter(|(_, works)| *works).map(|(day, _): (u8, bool)| day.to_string());
        named.collect::<Vec<_>>().join(",")
    }
}

impl Hours {
    fn works_on(&self, day: Date, holidays: &[Date]) -> bool {
        let Days(days) = self.days;
        let index = usize::try_from(day.weekday().since(Weekday::Monday)).unwrap_or_default();
        days[index] && !holidays.contains(&day)
    }

    /// Minutes of work between two moments.
    fn minutes(&self, start: DateTime, end: DateTime, holidays: &[Date]) -> i64 {
        /// Nobody waits longer than a year; a wrong date must not take long to add up.
        const DAYS: usize = 366;
        let (Clock(from), Clock(to)) = (self.from, self.to);
        let days = start.date().series(jiff::ToSpan::day(1)).take_while(|day| *day <= end.date()).take(DAYS);
        let worked = days.filter(|day| self.works_on(*day, holidays)).map(|day| {
            let begin = day.to_datetime(from).max(start);
            let finish = day.to_datetime(to).min(end);
            minutes(begin, finish).max(0)
        });
        worked.sum()
    }
}

/// Minutes by the clock between two moments.
fn minutes(start: DateTime, end: DateTime) -> i64 {
    end.duration_since(start).as_mins()
}

/// How long a citizen waited, in minutes, by the clock that counts.
#[must_use]
pub fn waited(start: DateTime, end: DateTime, clock: ReplyClock, hours: &Hours, holidays: &[Date]) -> i64 {
    match clock {
        ReplyClock::Clock => minutes(start, end),
        ReplyClock::Working => hours.minutes(start, end, holidays),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime {
        Moment::parse(text).unwrap().local(Zone::Wib)
    }

    #[test]
    fn reads_moments_with_and_without_an_offset() {
        assert_eq!(at("2025-10-12T08:13"), at("2025-10-12 08:13:00"));
        assert_eq!(at("2025-10-12T01:13:00Z"), at("2025-10-12T08:13"));
        assert_eq!(at("Sun, 12 Oct 2025 09:13:00 +0800"), at("2025-10-12T08:13"));
        assert_eq!(Moment::unix(1_760_231_580), Moment::parse("2025-10-12T01:13:00Z"));
        assert_eq!(Moment::unix(i64::MAX), None);
        assert_eq!(Moment::parse("kemarin"), None);
        assert_eq!(Moment::parse("2025-10-12"), None);
        let shown = jiff::civil::datetime(2025, 10, 12, 8, 13, 0, 0);
        assert_eq!(Moment::civil(shown).local(Zone::Wit), at("2025-10-12T08:13"));
    }

    #[test]
    fn counts_hours_of_work_only() {
        let holidays = ["2025-12-25".parse().unwrap(), "2025-12-26".parse().unwrap()];
        let hours = Hours::default();
        let waited = |start, end| waited(at(start), at(end), ReplyClock::Working, &hours, &holidays) / 60;
        // Friday afternoon to Monday morning.
        assert_eq!(waited("2025-10-10T15:00", "2025-10-13T10:00"), 3);
        // Christmas and the day off beside it.
        assert_eq!(waited("2025-12-24T15:00", "2025-12-29T08:30"), 1);
        assert_eq!(waited("2025-10-13T09:00", "2025-10-16T10:00"), 25);
        // An answer before the question, as wrong clocks have it.
        assert_eq!(waited("2025-10-13T09:00", "2025-10-12T10:00"), 0);
    }

    #[test]
    fn reads_days_and_times_as_people_write_them() {
        assert_eq!(Days::try_from("1-4, 6".to_owned()).unwrap().0, [true, true, true, true, false, true, false]);
        for wrong in ["0-3", "5-1", "8", "Senin", ""] {
            assert!(Days::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
        assert_eq!(String::from(Clock::try_from("7.30".to_owned()).unwrap()), "07:30");
        assert!(Clock::try_from("25:00".to_owned()).is_err());
    }
}
