//! Times, rates and states as words: the same wording wherever the page speaks.

use crate::engine::emergency::Level;
use crate::language::{language, say, tr};
pub use crate::view::format::{clock, clock_short, decimal, health, role, short, span, truth};
use crate::view::stage::{Condition, NodeView, Role};

/// Simulated seconds per second as `1/120×` or `2.5×`.
pub fn rate(rate: f64) -> String {
    if !rate.is_finite() {
        say("max").to_owned()
    } else if rate <= 0.0 {
        say("paused").to_owned()
    } else if rate < 0.95 {
        format!("1/{}×", (1.0 / rate).round() as u64)
    } else if rate < 9.95 {
        let tenths = (rate * 10.0).round() as u64;
        if tenths.is_multiple_of(10) {
            format!("{}×", tenths / 10)
        } else {
            let point = language().decimal_mark();
            format!("{}{point}{}×", tenths / 10, tenths % 10)
        }
    } else {
        format!("{}×", rate.round() as u64)
    }
}

/// A level in lower case, as class names and test hooks want it.
pub fn level_class(level: Level) -> &'static str {
    match level {
        Level::None => "none",
        Level::Low => "low",
        Level::Medium => "medium",
        Level::High => "high",
        Level::Critical => "critical",
    }
}

/// A level where there is little room; empty when there is none.
pub fn level_short(level: Level) -> &'static str {
    match level {
        Level::None => "",
        Level::Low => "LOW",
        Level::Medium => "MED",
        Level::High => "HIGH",
        Level::Critical => "CRIT",
    }
}

/// The classes of a process's colour and pattern.
pub fn hue(process: u16) -> String {
    format!("hue-{} pattern-{}", process % 8, process / 8 % 4)
}

/// What is true, in one word for tests.
pub fn condition(condition: Condition) -> &'static str {
    match condition {
        Condition::Up => "up",
        Condition::Crashed => "crashed",
        Condition::Hung => "hung",
        Condition::Slow { .. } => "slow",
        Condition::Partitioned => "partitioned",
        Condition::Split => "split",
    }
}

/// A node in a sentence, for people who hear the page.
pub fn node(node: &NodeView) -> String {
    let mut words = format!(
        "{}, {}, {}",
        node.name,
        say(role(node.role)),
        say(health(node.health))
    );
    let mut also = |more: &str| {
        words.push_str(", ");
        words.push_str(more);
    };
    if node.condition != Condition::Up {
        let condition = truth(node.condition);
        also(&tr!("actual state: {condition}", condition));
    }
    if node.draining {
        also(say("draining"));
    }
    if node.held > 0 {
        also(&tr!(
            "{n} message held back" | "{n} messages held back" % node.held
        ));
    }
    if node.role == Role::Executor {
        if let Some(level) = node.mode {
            also(&tr!("mode {level}", level = level.name()));
        }
        also(&tr!(
            "{running} running, {queued} queued, {paused} paused, {completed} completed",
            running = node.slots.iter().flatten().count(),
            queued = node.queue_emergency.len() + node.queue_normal.len(),
            paused = node.paused.len(),
            completed = node.completed
        ));
    } else {
        for line in &node.summary {
            also(line);
        }
    }
    words
}

/// A clock in words: "system 14, coordinator-1 33".
pub fn clock_vector(cells: impl Iterator<Item = (String, u32)>) -> String {
    let mut words = String::new();
    for (name, value) in cells {
        if !words.is_empty() {
            words.push_str(", ");
        }
        words.push_str(&name);
        words.push(' ');
        words.push_str(&value.to_string());
    }
    words
}
