//! The system overview in sentences: emergencies, what became of the jobs, and how the executors are.

use crate::analysis::suspicion::Figures;
use crate::engine::overview::SystemOverview;
use crate::engine::time::from_us;
use crate::view::words::{clock_ns, counted, span};

/// Three lines: emergencies with their level, jobs, executors.
pub fn sums(overview: &SystemOverview) -> [String; 3] {
    [emergencies(overview), jobs(overview), executors(overview)]
}

/// What the failure detector has said so far, and how much of it it took back.
pub fn suspicions(figures: &Figures) -> String {
    let mut words = counted(figures.suspicions as usize, "suspicion");
    said_false(figures.suspicions_false, &mut words);
    words.push_str(" · ");
    words.push_str(&counted(figures.failures as usize, "failure verdict"));
    said_false(figures.failures_false, &mut words);
    if let Some(longest_us) = figures.mistake_us_max {
        words.push_str(" · longest mistake ");
        words.push_str(&span(longest_us));
    }
    words
}

fn said_false(count: u32, words: &mut String) {
    if count > 0 {
        words.push_str(", ");
        words.push_str(&count.to_string());
        words.push_str(" false");
    }
}

fn emergencies(overview: &SystemOverview) -> String {
    if overview.emergencies.is_empty() {
        return "No emergency".to_owned();
    }
    let mut words = ["Level ", overview.level.name(), ":"].concat();
    for (at, emergency) in overview.emergencies.iter().enumerate() {
        words.push_str(if at == 0 { " " } else { ", " });
        words.push_str(&emergency.kind.name().replace('_', " "));
        words.push(' ');
        words.push_str(emergency.level.name());
        if let Some(place) = &emergency.place {
            words.push_str(" at ");
            words.push_str(place);
        }
    }
    words
}

fn jobs(overview: &SystemOverview) -> String {
    let jobs = &overview.jobs;
    let mut words = counted(jobs.submitted as usize, "job");
    words.push_str(" submitted");
    for (count, what) in [
        (jobs.completed, "completed"),
        (jobs.assigned, "with executors"),
        (jobs.waiting, "waiting for one"),
        (jobs.orphaned, "orphaned"),
        (jobs.refused, "refused"),
    ] {
        words.push_str(" · ");
        words.push_str(&count.to_string());
        words.push(' ');
        words.push_str(what);
    }
    words
}

fn executors(overview: &SystemOverview) -> String {
    let all = &overview.executors;
    let mut words = counted(all.len(), "executor");
    for health in ["healthy", "suspected", "failed", "joining"] {
        let count = all
            .iter()
            .filter(|executor| executor.health == health)
            .count();
        if count > 0 || health == "healthy" {
            words.push_str(" · ");
            words.push_str(&count.to_string());
            words.push(' ');
            words.push_str(health);
        }
    }
    let slots: u32 = all
        .iter()
        .map(|executor| u32::from(executor.capacity))
        .sum();
    let busy = |executor: &crate::engine::overview::ExecutorOverview| {
        executor.running_emergency + executor.running_normal
    };
    let busy: u32 = all.iter().map(busy).sum();
    let paused: u32 = all.iter().map(|executor| executor.paused).sum();
    words.push_str(" · ");
    words.push_str(&busy.to_string());
    words.push_str(" of ");
    words.push_str(&counted(slots as usize, "slot"));
    words.push_str(" busy · ");
    words.push_str(&paused.to_string());
    words.push_str(" paused");
    if let Some(until_us) = overview.reassignment_held_until_us {
        words.push_str(" · reassignment held until ");
        words.push_str(&clock_ns(from_us(until_us)));
        words.push_str(" at the latest: too many are silent at once");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playback::Player;
    use crate::scenario;

    #[test]
    fn the_sums_tell_the_emergency_the_jobs_and_the_executors() {
        let library = scenario::library();
        let entry = library
            .iter()
            .find(|entry| entry.name == "failure-recovery");
        let mut player = Player::new(scenario::parse(entry.unwrap().json).unwrap());
        let told = |player: &Player| sums(&player.world().overview());
        assert_eq!(told(&player)[0], "No emergency");
        assert!(told(&player)[1].starts_with("0 jobs submitted · 0 completed"));
        player.seek_us(player.end_us());
        let overview = player.world().overview();
        let [_, jobs, executors] = told(&player);
        let completed = format!(
            "{} jobs submitted · {} completed",
            overview.jobs.submitted, overview.jobs.completed
        );
        assert!(jobs.starts_with(&completed), "{jobs}");
        assert!(executors.starts_with("4 executors · "), "{executors}");
        let said = suspicions(&player.suspicions().at(u64::MAX));
        assert_eq!(said, "1 suspicion · 1 failure verdict");
    }
}
