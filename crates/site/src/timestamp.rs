//! Moments as clients read them.

use domain::UnixMillis;
use locales::{Messages, Value};

/// RFC 3339 in UTC with whole seconds: `2026-11-22T10:15:00Z`. Rounded down, so a deadline told
/// is never later than the real one.
pub fn rfc3339(moment: UnixMillis) -> String {
    let secs = moment.0.div_euclid(1000);
    let (day, second) = (secs.div_euclid(86_400), secs.rem_euclid(86_400));
    let (year, month, date) = civil_from_days(day);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `2026-11-22 10:15 UTC`, or as another language writes it, for people.
pub fn minute(moment: UnixMillis, t: &Messages) -> String {
    let text = rfc3339(moment);
    let part = |range| Value::from(text.get(range).unwrap_or_default());
    let parts = [
        ("year", part(0..4)),
        ("month", part(5..7)),
        ("day", part(8..10)),
        ("time", part(11..16)),
    ];
    t.with("moment", parts)
}

/// Whole seconds from `now` until `moment`, rounded up; 0 when it is past.
pub fn secs_until(moment: UnixMillis, now: UnixMillis) -> i64 {
    let millis = moment.0.saturating_sub(now.0).max(0);
    millis / 1000 + i64::from(millis % 1000 > 0)
}

/// `59:12`.
pub fn clock_text(secs: i64) -> String {
    format!("{}:{:02}", secs / 60, secs % 60)
}

/// Proleptic Gregorian (year, month, day of month) of a day counted from 1970-01-01. Counts in
/// eras of 400 years that begin on 1 March, so that the leap day is the last day of a year.
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let date = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    (year, month, date)
}

#[cfg(test)]
mod tests {
    use locales::Language;

    use super::*;

    #[test]
    fn moments_are_written_as_dates() {
        for (secs, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_342_500, "2026-11-22T10:15:00Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(rfc3339(UnixMillis(secs * 1000)), text);
        }
    }

    #[test]
    fn people_get_the_minute() {
        let text = |language| minute(UnixMillis(1_795_342_559_000), Messages::of(language));
        assert_eq!(text(Language::English), "2026-11-22 10:15 UTC");
        assert_eq!(text(Language::Russian), "22.11.2026, 10:15 UTC");
    }

    #[test]
    fn what_is_left_is_never_negative() {
        let now = UnixMillis(10_000);
        assert_eq!(secs_until(UnixMillis(9_000), now), 0);
        assert_eq!(secs_until(UnixMillis(10_001), now), 1);
        assert_eq!(clock_text(secs_until(UnixMillis(3_562_000), now)), "59:12");
    }
}
