//! Formats times, durations, numbers and names, the same everywhere on the page.

use crate::stage::{Condition, Health, Role};
use triage_engine::clock::HybridTime;
use triage_engine::emergency::EmergencyType;
use triage_engine::job::Class;
use triage_engine::message::MessageKind;
use triage_engine::network::LinkFault;
use triage_language::mark;
use triage_language::{grouped, known, language, say, tr};

/// Names up to this length are never shortened. Coordinators must stay distinguishable on a phone.
const SPLIT_FROM: usize = 12;
/// Number of characters at the end of a longer name that are always visible.
const TAIL_LETTERS: usize = 5;

/// A moment in µs as `00:07.412`.
pub fn clock(t_us: f64) -> String {
    let ms = (t_us / 1000.0).max(0.0) as u64;
    let point = language().decimal_mark();
    format!(
        "{:02}:{:02}{point}{:03}",
        ms / 60_000,
        ms / 1000 % 60,
        ms % 1000
    )
}

/// A moment in ns as `00:07.412`.
pub fn clock_ns(t_ns: u64) -> String {
    clock(t_ns as f64 / 1e3)
}

/// A moment in µs as `00:08.2`, for running text.
pub fn clock_short(t_us: u64) -> String {
    let tenths = t_us / 100_000;
    let point = language().decimal_mark();
    format!(
        "{:02}:{:02}{point}{}",
        tenths / 600,
        tenths / 10 % 60,
        tenths % 10
    )
}

/// A duration in µs, in a suitable unit: `41 ms`, `3.7 s`.
pub fn span(us: u64) -> String {
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..1_000_000 => format!("{} ms", us / 1000),
        _ => {
            let whole = grouped(us / 1_000_000);
            if us.is_multiple_of(1_000_000) {
                return [&whole, " s"].concat();
            }
            let point = language().decimal_mark();
            format!("{whole}{point}{} s", us / 100_000 % 10)
        }
    }
}

/// A hybrid time: its wall clock in ms, and the counter.
pub fn hybrid(time: HybridTime) -> String {
    format!("{} ms + {}", time.wall_us / 1_000, time.counter)
}

/// A number with at most two decimals and the decimal mark of the language: `3`, `0.5`, `-12.34`.
pub fn number(value: f64) -> String {
    let number = decimal(value);
    match language().decimal_mark() {
        "." => number,
        point => number.replace('.', point),
    }
}

/// A number with at most two decimals and a point in every language, for CSS and SVG. The float formatter would make
/// the page several kilobytes larger.
pub fn decimal(value: f64) -> String {
    let hundredths = (value * 100.0).round() as i64;
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (
        hundredths.unsigned_abs() / 100,
        hundredths.unsigned_abs() % 100,
    );
    match (rest, rest % 10) {
        (0, _) => format!("{sign}{whole}"),
        (_, 0) => format!("{sign}{whole}.{}", rest / 10),
        _ => format!("{sign}{whole}.{rest:02}"),
    }
}

/// Shortens a name in the middle, because names often differ at the end.
pub fn short(name: &str, letters_max: usize) -> String {
    let count = name.chars().count();
    if count <= letters_max {
        return name.to_owned();
    }
    let end = (letters_max / 3).max(1);
    let begin = letters_max.saturating_sub(end + 1);
    let letters = name.chars();
    let first: String = letters.clone().take(begin).collect();
    let last: String = letters.skip(count - end).collect();
    [&first, "…", &last].concat()
}

/// Splits a long name in two: CSS may shorten the first part but not the second, because names often differ at the end.
pub fn split_name(name: &str) -> (&str, &str) {
    if name.chars().count() <= SPLIT_FROM {
        return (name, "");
    }
    let place = name.char_indices().rev().nth(TAIL_LETTERS - 1);
    name.split_at(place.map_or(0, |(place, _)| place))
}

/// Joins words with commas, the last two with "and".
pub fn list_and(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [before @ .., last] => {
            let before = before.join(", ");
            tr!("{before} and {last}", before, last)
        }
    }
}

pub fn emergency_type(kind: &EmergencyType) -> String {
    let words = kind.name().replace('_', " ");
    match kind {
        EmergencyType::Custom(_) => words,
        _ => known(&words),
    }
}

/// The types of emergencies for the translation catalogue; [`emergency_type`] looks them up.
const _: [&str; 7] = [
    mark!("medical"),
    mark!("fire"),
    mark!("natural disaster"),
    mark!("security"),
    mark!("infrastructure"),
    mark!("hazmat"),
    mark!("general"),
];

/// The kind of a message, short enough for the label beside it on the stage.
pub fn message_kind(what: MessageKind) -> String {
    known(&what.name().replace('_', " "))
}

/// The kinds of messages for the translation catalogue; [`message_kind`] looks them up.
const _: [&str; MessageKind::ALL.len()] = [
    mark!("ack"),
    mark!("job submitted"),
    mark!("job routed"),
    mark!("job reassigned"),
    mark!("job completed"),
    mark!("job returned"),
    mark!("heartbeat"),
    mark!("heartbeat reply"),
    mark!("emergency declared"),
    mark!("emergency changed"),
    mark!("emergency cleared"),
    mark!("emergency notice"),
    mark!("set mode"),
    mark!("executor added"),
    mark!("register"),
    mark!("welcome"),
    mark!("executor joined"),
    mark!("executor suspected"),
    mark!("executor failed"),
    mark!("executor healthy"),
    mark!("executor draining"),
    mark!("executor removed"),
    mark!("drain executor"),
    mark!("drain"),
    mark!("drained"),
    mark!("remove executor"),
    mark!("orphans"),
    mark!("reassigned"),
    mark!("gossip"),
    mark!("gossip reply"),
];

/// The class of a job as a single word.
pub fn class(class: Class) -> &'static str {
    match class {
        Class::Normal => say("normal"),
        Class::Emergency => say("emergency"),
    }
}

/// Why a completion is refused.
pub fn refusal(newest: Option<u32>) -> String {
    match newest {
        Some(newest) => tr!("superseded by attempt {newest}", newest),
        None => say("already completed").to_owned(),
    }
}

/// Recovery's view in one word, untranslated for attributes; `say` translates it.
pub fn health(health: Health) -> &'static str {
    match health {
        Health::Healthy => mark!("healthy"),
        Health::Suspected => mark!("suspected"),
        Health::Failed => mark!("failed"),
        Health::Joining => mark!("joining"),
        Health::Removed => mark!("removed"),
    }
}

/// The actual state, as a chip shows it; empty without a fault.
pub fn truth(condition: Condition) -> String {
    match condition {
        Condition::Up => String::new(),
        Condition::Crashed => say("crashed").to_owned(),
        Condition::Hung => say("hung").to_owned(),
        Condition::Slow { factor } => tr!("slow ×{factor}", factor),
        Condition::Partitioned => say("cut off").to_owned(),
        Condition::Split => say("split off").to_owned(),
    }
}

/// The effects of a degraded link: "30% lost, 40 ms late".
pub fn link_fault(fault: LinkFault) -> String {
    let mut words = Vec::new();
    if fault.loss_percent > 0 {
        words.push(tr!("{percent}% lost", percent = fault.loss_percent));
    }
    if fault.duplicate_percent > 0 {
        words.push(tr!(
            "{percent}% duplicated",
            percent = fault.duplicate_percent
        ));
    }
    if fault.reorder_percent > 0 {
        words.push(tr!("{percent}% reordered", percent = fault.reorder_percent));
    }
    if fault.delay_us >= 1000 {
        words.push(tr!("{} ms delay", grouped(fault.delay_us / 1000)));
    }
    words.join(", ")
}

/// A role, untranslated for attributes; `say` translates it.
pub fn role(role: Role) -> &'static str {
    match role {
        Role::System => mark!("system"),
        Role::Coordinator => mark!("coordinator"),
        Role::Recovery => mark!("recovery"),
        Role::Executor => mark!("executor"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_end() {
        assert_eq!(short("medical-centre", 16), "medical-centre");
        let long = "regional-command-post-north-sector-07";
        assert_eq!(short(long, 16), "regional-c…or-07");
        assert!((2..40).all(|max| short(long, max).chars().count() <= max));
        assert_eq!(
            split_name(long),
            ("regional-command-post-north-sect", "or-07")
        );
        assert_eq!(split_name("fire-station"), ("fire-station", ""));
        assert_eq!(split_name("coordinator-2"), ("coordina", "tor-2"));
        assert_eq!(split_name("пожарная-станция-07").1, "ия-07");
    }

    #[test]
    fn spans_and_moments_are_rounded_down_in_the_unit_that_suits_them() {
        assert_eq!(clock(7_412_900.0), "00:07.412");
        assert_eq!(clock_short(68_290_000), "01:08.2");
        for (us, words) in [
            (900, "900 µs"),
            (41_900, "41 ms"),
            (3_780_000, "3.7 s"),
            (5_000_000, "5 s"),
        ] {
            assert_eq!(span(us), words);
        }
        let numbers = [3.0, 0.5, -12.34, -0.001, 7.05];
        assert_eq!(
            numbers.map(decimal).join(" "),
            "3 0.5 -12.34 0 7.05",
            "decimals"
        );
    }
}
