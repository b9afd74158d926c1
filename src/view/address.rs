//! Parses the page's address: parameters in the query and in the fragment, which browsers don't send to the server. See
//! `docs/embedding.md`. Unknown parameters are ignored, since other scripts may use them; unknown values are reported.

use triage_language::{Language, say, tr};
use triage_scenario::link::PARAMETER;

/// Accepted speeds, in thousandths of the speed multiplier.
const SPEEDS: std::ops::RangeInclusive<u64> = 10..=1_000_000;
const DAY_MS: u64 = 86_400_000;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Address {
    /// The encoded link after `run=`.
    pub run: Option<String>,
    /// Name of a built-in scenario.
    pub scenario: Option<String>,
    pub lesson: Option<String>,
    /// 1-based.
    pub step: Option<usize>,
    /// `scenario` or `lesson`: what the editor opens with.
    pub edit: Option<String>,
    /// Position of the cursor.
    pub at_us: Option<u64>,
    /// Whether the run starts playing immediately.
    pub autoplay: Option<bool>,
    /// Speed multiplier; infinite for `max`.
    pub speed: Option<f64>,
    /// Names of the panels and dock views to open.
    pub views: Option<Vec<String>>,
    /// The principal that issues commands.
    pub role: Option<String>,
    pub lang: Option<Language>,
    /// Whether the page is embedded in another page.
    pub embed: bool,
    /// Messages about values that the page doesn't know.
    pub problems: Vec<String>,
}

impl Address {
    /// Parses the query and the fragment, each with or without its leading `?` or `#`. The fragment overrides the
    /// query.
    pub fn parse(query: &str, fragment: &str) -> Address {
        let mut address = Address::default();
        for part in [
            query.trim_start_matches('?'),
            fragment.trim_start_matches('#'),
        ] {
            for pair in part.split('&').filter(|pair| !pair.is_empty()) {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                address.set(name, &decoded(value));
            }
        }
        address
    }

    fn set(&mut self, name: &str, value: &str) {
        let text = || Some(value.to_owned());
        match name {
            PARAMETER => self.run = text(),
            "scenario" => self.scenario = text(),
            "lesson" => self.lesson = text(),
            "step" => match value.parse() {
                Ok(step) if step > 0 => self.step = Some(step),
                _ => self.report_unknown(name, value, say("the number of a step, from 1")),
            },
            "role" => self.role = text(),
            "edit" => {
                self.edit = text();
                self.check_one_of(name, value, &["scenario", "lesson"]);
            }
            "at" => match thousandths(value.trim_end_matches('s')) {
                Some(at_ms) if at_ms <= DAY_MS => self.at_us = Some(at_ms * 1_000),
                _ => self.report_unknown(name, value, say("a time in seconds, such as 12.5")),
            },
            "autoplay" => {
                let expected = say("1 or 0");
                self.autoplay = self.yes_or_no(name, value, expected);
            }
            "embed" => self.embed = self.yes_or_no(name, value, say("1 or 0")).unwrap_or(true),
            "speed" => match thousandths(value.trim_end_matches(['x', '×'])) {
                _ if value == "max" => self.speed = Some(f64::INFINITY),
                Some(speed) if SPEEDS.contains(&speed) => self.speed = Some(speed as f64 / 1e3),
                _ => self.report_unknown(name, value, say("a number from 0.01 to 1000, or max")),
            },
            "views" => {
                let names = value.split([',', ' ', '+']).filter(|name| !name.is_empty());
                self.views = Some(names.map(str::to_owned).collect());
            }
            "theme" => self.check_one_of(name, value, &["light", "dark", "auto"]),
            "controls" => self.check_one_of(name, value, &["none", "transport", "all"]),
            "lang" => {
                self.lang = Language::of_tag(value);
                if self.lang.is_none() {
                    self.report_unknown(name, value, &Language::ALL.map(Language::tag).join(", "));
                }
            }
            _ => {}
        }
    }

    /// A flag without a value is on.
    fn yes_or_no(&mut self, name: &str, value: &str, expected: &str) -> Option<bool> {
        match value {
            "" | "1" | "true" | "yes" | "on" => Some(true),
            "0" | "false" | "no" | "off" => Some(false),
            _ => {
                self.report_unknown(name, value, expected);
                None
            }
        }
    }

    /// Only reports an unknown value: scripts outside WebAssembly handle the parameter itself.
    fn check_one_of(&mut self, name: &str, value: &str, known: &[&str]) {
        if !known.contains(&value) {
            self.report_unknown(name, value, &known.join(", "));
        }
    }

    /// Records a message about a value that the page doesn't know.
    pub fn report_unknown(&mut self, name: &str, value: &str, expected: &str) {
        let value: String = value.chars().take(60).collect();
        self.problems.push(tr!(
            "The address contains {name}={value}, which this page does not support. It supports {known}.",
            name,
            value,
            known = expected
        ));
    }
}

/// Parses a decimal number into thousandths, rounding down. The standard library's float parser would add a table of
/// ten kilobytes that doesn't compress.
fn thousandths(value: &str) -> Option<u64> {
    let (integer, fraction) = value.split_once('.').unwrap_or((value, ""));
    let is_number = value.bytes().any(|digit| digit.is_ascii_digit())
        && [integer, fraction]
            .iter()
            .all(|part| part.bytes().all(|digit| digit.is_ascii_digit()));
    if !is_number {
        return None;
    }
    let integer: u64 = if integer.is_empty() {
        0
    } else {
        integer.parse().ok()?
    };
    let digits = fraction.bytes().chain(*b"000").take(3);
    let part = digits.fold(0, |sum, digit| sum * 10 + u64::from(digit - b'0'));
    integer.checked_mul(1_000)?.checked_add(part)
}

/// Decodes percent-encoding and `+`; invalid UTF-8 is replaced.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, more @ ..] = rest {
        rest = more;
        let pair = more
            .get(..2)
            .and_then(|pair| std::str::from_utf8(pair).ok());
        let byte = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match (first, byte) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = &more[2..];
            }
            (b'+', _) => bytes.push(b' '),
            (other, _) => bytes.push(*other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_and_fragment_are_read_together_and_the_fragment_counts() {
        let address = Address::parse(
            "?scenario=partition&speed=2x&utm_source=mail&views=log,commands&embed&lang=en",
            "#speed=max&at=12.5s&autoplay=0&role=fire%20chief&lesson=a+b&step=3&lang=de-AT",
        );
        assert_eq!(address.scenario.as_deref(), Some("partition"));
        assert_eq!(address.speed, Some(f64::INFINITY));
        assert_eq!(address.at_us, Some(12_500_000));
        assert_eq!(address.autoplay, Some(false));
        assert_eq!(address.role.as_deref(), Some("fire chief"));
        assert_eq!(address.lesson.as_deref(), Some("a b"));
        assert_eq!(address.step, Some(3));
        assert_eq!(address.lang, Some(Language::German));
        assert_eq!(
            address.views.as_deref(),
            Some(&["log".to_owned(), "commands".to_owned()][..])
        );
        assert!(address.embed && address.problems.is_empty(), "{address:?}");
    }

    #[test]
    fn unknown_values_are_reported() {
        for pair in [
            "at=noon",
            "step=0",
            "at=-1",
            "at=NaN",
            "at=90000",
            "autoplay=maybe",
            "speed=fast",
            "speed=0",
            "speed=inf",
            "theme=pink",
            "controls=some",
            "lang=xx",
            "edit=poem",
            "embed=perhaps",
        ] {
            let address = Address::parse("", pair);
            assert_eq!(address.problems.len(), 1, "{pair}");
            assert!(address.problems[0].contains(pair), "{:?}", address.problems);
        }
        let long = Address::parse(&["theme=", &"x".repeat(500)].concat(), "");
        assert!(long.problems[0].len() < 200);
    }

    #[test]
    fn numbers_are_read_to_the_thousandth() {
        for (value, expected) in [
            ("12", Some(12_000)),
            ("12.5", Some(12_500)),
            (".25", Some(250)),
            ("0.0019", Some(1)),
            ("7.", Some(7_000)),
            (".", None),
            ("", None),
            ("-1", None),
            ("1e3", None),
            ("1.2.3", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(thousandths(value), expected, "{value}");
        }
    }

    #[test]
    fn damaged_signs_stay_as_they_are() {
        for (value, expected) in [
            ("%", "%"),
            ("%4", "%4"),
            ("%zz", "%zz"),
            ("%41", "A"),
            ("%ff", "\u{fffd}"),
            ("é", "é"),
        ] {
            assert_eq!(decoded(value), expected);
        }
    }
}
