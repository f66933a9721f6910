//! Dates and times of day in the congress's own time zone, written day first.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use sync::ids::Timestamp;

const DAY_MS: i64 = 86_400_000;

/// A day. In JSON `yyyy-MM-dd`; shown as `dd/MM/yyyy`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Date {
    year: i32,
    month: u8,
    day: u8,
}

impl Date {
    /// `None` for a day that does not exist.
    pub fn new(year: i32, month: u8, day: u8) -> Option<Self> {
        let date = Self { year, month, day };
        ((1..=9999).contains(&year) && Self::from_days(date.days()) == date).then_some(date)
    }

    pub fn year(self) -> i32 {
        self.year
    }

    pub fn month(self) -> u8 {
        self.month
    }

    pub fn day(self) -> u8 {
        self.day
    }

    /// 0 is Monday.
    pub fn weekday(self) -> u8 {
        u8::try_from((self.days() + 3).rem_euclid(7)).unwrap_or(0)
    }

    /// The moment of a time on this day.
    pub fn at(self, time: TimeOfDay, utc_offset_minutes: i32) -> Timestamp {
        Timestamp(self.days() * DAY_MS + (i64::from(time.0) - i64::from(utc_offset_minutes)) * 60_000)
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar, counted in years that begin in March.
    fn days(self) -> i64 {
        let (month, day) = (i64::from(self.month), i64::from(self.day));
        let year = i64::from(self.year) - i64::from(month <= 2);
        let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
    }

    fn from_days(days: i64) -> Self {
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let narrow = |value: i64| u8::try_from(value).unwrap_or(0);
        Self { year: i32::try_from(year).unwrap_or(0), month: narrow(month), day: narrow(day) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}/{:02}/{:04}", self.day, self.month, self.year)
    }
}

impl FromStr for Date {
    type Err = DateError;

    /// Reads `dd/MM/yyyy` (also with one digit) and `yyyy-MM-dd`. Tells a month-first date from other nonsense.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let separator = if text.contains('/') { '/' } else { '-' };
        let parts: Vec<&str> = text.trim().split(separator).collect();
        let [a, b, c] = parts[..] else { return Err(DateError::Unreadable) };
        let digits = |part: &str| part.parse::<i32>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
        let (Some(first), Some(second), Some(third)) = (digits(a), digits(b), digits(c)) else {
            return Err(DateError::Unreadable);
        };
        let (year, month, day) = if separator == '/' { (third, second, first) } else { (first, second, third) };
        if (if separator == '/' { c.len() } else { a.len() }) != 4 {
            return Err(DateError::Unreadable);
        }
        if separator == '/' && (13..=31).contains(&second) && (1..=12).contains(&first) {
            return Err(DateError::MonthFirst);
        }
        let narrow = |value: i32| u8::try_from(value).map_err(|_| DateError::NoSuchDay);
        Date::new(year, narrow(month)?, narrow(day)?).ok_or(DateError::NoSuchDay)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DateError {
    Unreadable,
    /// Reads as `MM/dd/yyyy`.
    MonthFirst,
    NoSuchDay,
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:04}-{:02}-{:02}", self.year, self.month, self.day))
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|_| serde::de::Error::custom("not a date"))
    }
}

/// Minutes after midnight. In JSON a number; shown as `07:30`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeOfDay(pub u32);

impl TimeOfDay {
    #[must_use]
    pub fn plus(self, minutes: u32) -> Self {
        Self(self.0.saturating_add(minutes))
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60 % 24, self.0 % 60)
    }
}

impl FromStr for TimeOfDay {
    type Err = ();

    /// Reads `HH:mm`, `7:30` and `7h30`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (hours, minutes) = text.trim().split_once([':', 'h']).ok_or(())?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse::<u32>().ok());
        let (hours, minutes) = (digits(hours).flatten().ok_or(())?, digits(minutes).flatten().ok_or(())?);
        if hours < 24 && minutes < 60 { Ok(Self(hours * 60 + minutes)) } else { Err(()) }
    }
}

/// A moment as the clock in the hall shows it.
pub fn local(at: Timestamp, utc_offset_minutes: i32) -> (Date, TimeOfDay) {
    let local = at.0 + i64::from(utc_offset_minutes) * 60_000;
    let minutes = u32::try_from(local.rem_euclid(DAY_MS) / 60_000).unwrap_or(0);
    (Date::from_days(local.div_euclid(DAY_MS)), TimeOfDay(minutes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dates_are_read_day_first_and_a_month_first_date_is_named() {
        let cases = [
            ("25/11/2026", Ok((2026, 11, 25))),
            ("8/1/2026", Ok((2026, 1, 8))),
            ("2026-11-25", Ok((2026, 11, 25))),
            ("29/02/2028", Ok((2028, 2, 29))),
            ("29/02/2026", Err(DateError::NoSuchDay)),
            ("11/25/2026", Err(DateError::MonthFirst)),
            ("31/04/2026", Err(DateError::NoSuchDay)),
            ("25/11/26", Err(DateError::Unreadable)),
            ("mai", Err(DateError::Unreadable)),
        ];
        for (text, expected) in cases {
            let read = text.parse::<Date>().map(|date| (date.year(), date.month(), date.day()));
            assert_eq!(read, expected, "{text}");
        }
    }

    #[test]
    fn moments_are_shown_in_the_time_zone_of_the_hall() {
        let date: Date = "25/11/2026".parse().unwrap();
        let at = date.at("07:30".parse().unwrap(), 420);
        assert_eq!(at.0, 1_795_566_600_000);
        assert_eq!(local(at, 420), (date, TimeOfDay(450)));
        assert_eq!(date.weekday(), 2, "a Wednesday");
    }

    proptest! {
        #[test]
        fn every_day_survives_a_round_trip(days in -700_000_i64..2_900_000) {
            let date = Date::from_days(days);
            prop_assert_eq!(date.days(), days);
            prop_assert_eq!(Date::new(date.year, date.month, date.day).is_some(), (1..=9999).contains(&date.year));
        }
    }
}
