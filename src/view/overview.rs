//! The system overview in sentences: emergencies, jobs, executors.

use crate::format::{clock_ns, emergency_type, span};
use triage_analysis::suspicion::Figures;
use triage_engine::overview::SystemOverview;
use triage_engine::time::from_us;
use triage_language::{grouped, say, tr};

/// Three lines: emergencies with the level, jobs, executors.
pub fn summary_lines(overview: &SystemOverview) -> [String; 3] {
    [emergencies(overview), jobs(overview), executors(overview)]
}

/// The verdicts of the failure detector so far, and how many of them were wrong.
pub fn suspicions(figures: &Figures) -> String {
    let suspicions = tr!("1 suspicion" | "{n} suspicions" % figures.suspicions);
    let failures = tr!("1 failure verdict" | "{n} failure verdicts" % figures.failures);
    let mut parts = vec![
        with_false_count(suspicions, figures.suspicions_false),
        with_false_count(failures, figures.failures_false),
    ];
    if let Some(longest_us) = figures.mistake_us_max {
        parts.push(tr!("longest mistake {}", span(longest_us)));
    }
    parts.join(" · ")
}

fn with_false_count(all: String, count: u32) -> String {
    match count {
        0 => all,
        _ => tr!("{all}, {count} false", all, count),
    }
}

fn emergencies(overview: &SystemOverview) -> String {
    if overview.emergencies.is_empty() {
        return say("No emergency").to_owned();
    }
    let one = |emergency: &triage_engine::emergency::Emergency| {
        let (kind, level) = (emergency_type(&emergency.kind), emergency.level);
        match &emergency.place {
            Some(place) => tr!("{kind} {level} at {place}", kind, level, place),
            None => [&kind, " ", level.name()].concat(),
        }
    };
    let all: Vec<String> = overview.emergencies.iter().map(one).collect();
    let emergencies = all.join(", ");
    tr!(
        "Level {level}: {emergencies}",
        level = overview.level,
        emergencies
    )
}

fn jobs(overview: &SystemOverview) -> String {
    let jobs = &overview.jobs;
    let count = |count: u32| grouped(count.into());
    let submitted = jobs.submitted;
    [
        tr!(
            "1 job submitted" | "{n} jobs submitted" % submitted,
            n = count(submitted)
        ),
        tr!("{} completed", count(jobs.completed)),
        tr!("{} with executors", count(jobs.assigned)),
        tr!("{} waiting for an executor", count(jobs.waiting)),
        tr!("{} orphaned", count(jobs.orphaned)),
        tr!("{} refused", count(jobs.refused)),
    ]
    .join(" · ")
}

fn executors(overview: &SystemOverview) -> String {
    let all = &overview.executors;
    let count = |health: &str| {
        let of_health = all.iter().filter(|executor| executor.health == health);
        of_health.count()
    };
    let mut parts = vec![
        tr!("1 executor" | "{n} executors" % all.len()),
        tr!("{} healthy", count("healthy")),
    ];
    let (suspected, failed, joining) = (count("suspected"), count("failed"), count("joining"));
    if suspected > 0 {
        parts.push(tr!("{} suspected", suspected));
    }
    if failed > 0 {
        parts.push(tr!("{} failed", failed));
    }
    if joining > 0 {
        parts.push(tr!("{} joining", joining));
    }
    let slots: u32 = all
        .iter()
        .map(|executor| u32::from(executor.capacity))
        .sum();
    let busy = |executor: &triage_engine::overview::ExecutorOverview| {
        executor.running_emergency + executor.running_normal
    };
    let busy: u32 = all.iter().map(busy).sum();
    let paused: u32 = all.iter().map(|executor| executor.paused).sum();
    parts.push(tr!(
        "{busy} of 1 slot busy" | "{busy} of {n} slots busy" % slots,
        busy = busy
    ));
    parts.push(tr!("{} paused", paused));
    if let Some(until_us) = overview.reassignment_held_until_us {
        parts.push(tr!(
            "reassignment held back until {} at the latest: too many executors are silent",
            clock_ns(from_us(until_us))
        ));
    }
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use triage_playback::Player;

    #[test]
    fn summary_lines_cover_emergencies_jobs_and_executors() {
        let library = triage_scenario::library();
        let entry = library
            .iter()
            .find(|entry| entry.name == "failure-recovery");
        let mut player = Player::new(triage_scenario::parse(entry.unwrap().json).unwrap());
        let told = |player: &Player| summary_lines(&player.world().overview());
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
