//! ISO 8601 durations such as `PT1H`, `P1D`, `P1DT12H30M` and `-PT5M`.

use chrono::TimeDelta;

/// Reads a duration of weeks, days, hours, minutes and seconds. Years and months are not: how long they are depends on the day.
pub fn parse(text: &str) -> Option<TimeDelta> {
    let (back, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (date, time) = rest.strip_prefix('P')?.split_once('T').map_or((rest.strip_prefix('P')?, None), |(date, time)| (date, Some(time)));
    if time == Some("") || (date.is_empty() && time.is_none()) {
        return None;
    }
    let date = sum(date, &[('W', 604_800), ('D', 86_400)])?;
    let time = sum(time.unwrap_or_default(), &[('H', 3_600), ('M', 60), ('S', 1)])?;
    let span = TimeDelta::try_seconds(date.checked_add(time)?)?;
    Some(if back { -span } else { span })
}

/// Adds up the numbers before each of `units` (letter, seconds), which must come in this order.
fn sum(mut text: &str, units: &[(char, i64)]) -> Option<i64> {
    let mut total: i64 = 0;
    for (letter, seconds) in units {
        if let Some((number, rest)) = text.split_once(*letter) {
            total = total.checked_add(i64::from(number.parse::<u32>().ok()?).checked_mul(*seconds)?)?;
            text = rest;
        }
    }
    text.is_empty().then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_its_parts_added_up() {
        let cases =
            [("PT1H", 3_600), ("P1D", 86_400), ("P1DT12H30M", 131_400), ("-PT5M", -300), ("P2W", 1_209_600), ("PT0S", 0), ("PT90S", 90)];
        for (text, seconds) in cases {
            assert_eq!(parse(text), TimeDelta::try_seconds(seconds), "{text}");
        }
    }

    #[test]
    fn what_is_no_duration_is_refused() {
        for text in ["", "P", "PT", "1H", "PT1", "PTH", "P1M", "P1Y", "PT1M1H", "P1H", "PT-1H", "PT99999999999H"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
