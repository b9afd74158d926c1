//! The audit as a table with the result of checking its hash chain, and tampered copies to demonstrate the check.
//! Everything is read from the file's text, so altered entries are shown as they are written.

use std::rc::Rc;

use crate::format::clock;
use triage_engine::access::Role;
use triage_engine::audit::{AuditEntry, Hash, Verdict, verify};
use triage_engine::command::Rejection;
use triage_labels as labels;
use triage_language::mark;
use triage_language::{grouped, say, tr};
use triage_scenario::audited;

/// At most this many of the latest rows are drawn, plus the broken one.
pub const ROWS_MAX: usize = 500;
/// Hexadecimal digits of a hash that are shown.
const DIGITS: usize = 8;
/// Names of roles for the translation catalogue.
const _: [&str; Role::ALL.len()] = [
    mark!("observer"),
    mark!("operator"),
    mark!("dispatcher"),
    mark!("commander"),
];

/// An audit other than that of the current run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalAudit {
    /// Name of its file; `None` for a copy of the run's own audit.
    pub name: Option<String>,
    /// Whether it is a tampered copy.
    pub altered: bool,
    /// One JSON entry a line.
    pub text: String,
    /// The expected hash of the last entry, if known.
    pub head: Option<Hash>,
}

/// Result of the chain check for one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryStatus {
    /// Consistent with all entries before it.
    Fits,
    /// The first inconsistent entry.
    Broken,
    /// After the first inconsistent entry, so it can't be verified.
    After,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Index in the file, from 0.
    pub place: usize,
    /// When the command was given: `00:07.412`.
    pub time: String,
    pub principal: String,
    /// The untranslated name of the role; `say` translates it.
    pub role: &'static str,
    /// The command.
    pub command: String,
    /// "allowed", or the reason for the rejection.
    pub verdict: String,
    pub allowed: bool,
    pub hash: String,
    pub status: EntryStatus,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditView {
    /// At most [`ROWS_MAX`] plus the broken one, oldest first.
    pub rows: Vec<AuditRow>,
    /// Number of entries in the file.
    pub count: usize,
    /// Whether the chain is intact.
    pub intact: bool,
    /// The result of the check, in a sentence or two.
    pub verdict: String,
}

/// What is altered in an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditChange {
    /// Another principal issued the command.
    Principal(Rc<str>),
    /// The verdict is inverted.
    Verdict,
}

/// Builds the table from the text of an audit file. `head` is the expected hash of the last entry, if known.
pub fn table(text: &str, head: Option<Hash>) -> AuditView {
    let lines: Vec<&str> = text.lines().collect();
    let count = lines.len();
    let (broken, verdict) = match verify(text.as_bytes(), head) {
        Ok(chain) if chain.count == 0 => (None, say("No command has been given yet.").to_owned()),
        Ok(chain) => {
            let head = chain.head.to_string();
            (
                None,
                tr!(
                    "The chain of 1 entry is intact. Its head is {head}."
                        | "The chain of {n} entries is intact. Its head is {head}." % count,
                    head = head,
                    n = grouped(count as u64)
                ),
            )
        }
        Err(broken) => {
            let place = broken.entry as usize;
            let after = match count.saturating_sub(place + 1) {
                0 => String::new(),
                more => tr!(
                    " The 1 entry after it is no longer valid."
                        | " The {n} entries after it are no longer valid." % more,
                    n = grouped(more as u64)
                ),
            };
            let broken = labels::broken(&broken);
            (
                Some(place),
                tr!("The chain is broken: {broken}.{after}", broken, after),
            )
        }
    };
    let first_shown = count.saturating_sub(ROWS_MAX);
    let shown = |place: &usize| *place >= first_shown || Some(*place) == broken;
    let rows = (0..count).filter(shown).map(|place| {
        let status = match broken {
            Some(broken) if place == broken => EntryStatus::Broken,
            Some(broken) if place > broken => EntryStatus::After,
            _ => EntryStatus::Fits,
        };
        row(place, lines[place], status)
    });
    AuditView {
        rows: rows.collect(),
        count,
        intact: broken.is_none(),
        verdict,
    }
}

/// The roles that an entry could be forged to name: all but its own.
pub fn others(text: &str, place: usize) -> Vec<&'static str> {
    let principal = at(text, place).map(|entry| entry.principal);
    let names = Role::ALL.map(Role::name).into_iter();
    names
        .filter(|name| principal.as_ref().is_none_or(|own| **own != **name))
        .collect()
}

/// The same audit with one entry altered; with `hashed`, the entry's hash is recomputed to fit. `None` if there is no
/// such entry or it can't be read.
pub fn altered(text: &str, place: usize, change: &AuditChange, hashed: bool) -> Option<String> {
    let mut entry = at(text, place)?;
    match change {
        AuditChange::Principal(name) => entry.principal = Rc::clone(name),
        AuditChange::Verdict => {
            entry.verdict = match entry.verdict {
                Verdict::Allowed => {
                    Verdict::Denied(Rejection::UnknownPrincipal(Rc::clone(&entry.principal)))
                }
                Verdict::Denied(_) => Verdict::Allowed,
            }
        }
    }
    if hashed {
        entry.hash = entry.expected_hash();
    }
    let mut copy = String::with_capacity(text.len());
    for (other, line) in text.split_inclusive('\n').enumerate() {
        if other == place {
            copy.push_str(&entry.to_json());
            copy.push('\n');
        } else {
            copy.push_str(line);
        }
    }
    Some(copy)
}

fn at(text: &str, place: usize) -> Option<AuditEntry> {
    audited::entry(text.lines().nth(place)?).ok()
}

fn row(place: usize, line: &str, status: EntryStatus) -> AuditRow {
    let Ok(entry) = audited::entry(line) else {
        return AuditRow {
            place,
            time: String::new(),
            principal: "?".to_owned(),
            role: "",
            command: line.chars().take(80).collect(),
            verdict: say("cannot be read").to_owned(),
            allowed: false,
            hash: String::new(),
            status,
        };
    };
    let allowed = entry.verdict == Verdict::Allowed;
    AuditRow {
        place,
        time: clock(entry.t_us as f64),
        principal: entry.principal.to_string(),
        role: entry.role.map_or(mark!("unknown"), Role::name),
        command: labels::action(&entry.action),
        verdict: match entry.verdict {
            Verdict::Allowed => say("allowed").to_owned(),
            Verdict::Denied(reason) => tr!("denied: {}", labels::rejection(&reason)),
        },
        allowed,
        hash: entry.hash.to_string().chars().take(DIGITS).collect(),
        status,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use triage_engine::EmergencySystem;

    fn audit(commands: &str) -> (String, Hash) {
        let json = format!(
            r#"{{"format": 1, "name": "a", "title": "A", "duration_us": 9000000,
            "executors": [{{"id": "a", "capacity": 1}}], "commands": [{commands}]}}"#
        );
        let scenario = triage_scenario::parse(&json).unwrap();
        let mut system = EmergencySystem::new(scenario.setup());
        system.run_until(9_000_000);
        let audit = system.world().audit();
        (audit.to_ndjson(), audit.head())
    }

    const FOUR: &str = r#"{"at_us": 1000, "principal": "operator", "action": {"submit_normal_job": {"work_us": 5}}},
        {"at_us": 2000, "principal": "observer", "action": {"crash": {"process": "a"}}},
        {"at_us": 3000000, "action": {"declare_emergency": {"type": "fire", "level": "HIGH"}}},
        {"at_us": 4000000, "principal": "mallory", "action": {"unite": {}}}"#;

    #[test]
    fn a_row_shows_principal_command_and_verdict() {
        let (text, head) = audit(FOUR);
        let view = table(&text, Some(head));
        assert!(view.intact);
        assert_eq!(
            view.verdict,
            format!("The chain of 4 entries is intact. Its head is {head}.")
        );
        let said: Vec<_> = view
            .rows
            .iter()
            .map(|row| {
                let verdict = row.verdict.split(':').next().unwrap_or_default();
                [&*row.time, &row.principal, row.role, &row.command, verdict].join(" ")
            })
            .collect();
        assert_eq!(
            said,
            [
                "00:00.001 operator operator submit normal job allowed",
                "00:00.002 observer observer crash a denied",
                "00:03.000 commander commander declare HIGH allowed",
                "00:04.000 mallory unknown unite network denied",
            ]
        );
        assert_eq!(table("", None).verdict, "No command has been given yet.");
    }

    #[test]
    fn an_alteration_is_located_and_nothing_after_it_fits() {
        let (text, head) = audit(FOUR);
        use EntryStatus::{After, Broken, Fits};
        let cases = [
            (
                1,
                false,
                [Fits, Broken, After, After],
                "entry 1 was altered: its hash",
            ),
            (
                3,
                false,
                [Fits, Fits, Fits, Broken],
                "entry 3 was altered: its hash",
            ),
            (
                1,
                true,
                [Fits, Fits, Broken, After],
                "entry 2 does not continue entry 1",
            ),
            (
                3,
                true,
                [Fits, Fits, Fits, Fits],
                "does not end in the given head",
            ),
        ];
        for (place, hashed, standings, words) in cases {
            let someone = AuditChange::Principal(others(&text, place)[0].into());
            for change in [someone, AuditChange::Verdict] {
                let copy = altered(&text, place, &change, hashed).unwrap();
                let view = table(&copy, Some(head));
                let found: Vec<EntryStatus> = view.rows.iter().map(|row| row.status).collect();
                assert_eq!(found, standings, "{}", view.verdict);
                assert!(
                    !view.intact && view.verdict.contains(words),
                    "{}",
                    view.verdict
                );
            }
        }
        let copy = altered(&text, 1, &AuditChange::Verdict, false).unwrap();
        let verdict = table(&copy, None).verdict;
        assert!(
            verdict.ends_with("The 2 entries after it are no longer valid."),
            "{verdict}"
        );
        let again = altered(&copy, 1, &AuditChange::Principal("commander".into()), false).unwrap();
        assert!(table(&again, None).rows[1].allowed);
        assert_eq!(altered(&text, 4, &AuditChange::Verdict, false), None);
    }

    #[test]
    fn unreadable_entries_are_shown_verbatim() {
        let view = table("nonsense\n<b>\n", None);
        assert_eq!(view.rows[0].command, "nonsense");
        assert_eq!(view.rows[0].status, EntryStatus::Broken);
        assert!(
            view.verdict
                .contains("entry 0 was altered: its format isn't")
        );
    }

    #[test]
    fn long_audits_show_the_latest_entries_and_the_broken_one() {
        let one = r#"{"at_us": 1, "action": {"run_heartbeat_cycle": {}}}"#;
        let (text, _) = audit(&vec![one; ROWS_MAX + 50].join(","));
        let view = table(&text, None);
        assert_eq!((view.count, view.rows.len()), (ROWS_MAX + 50, ROWS_MAX));
        assert_eq!(view.rows[0].place, 50);
        let copy = altered(&text, 7, &AuditChange::Verdict, false).unwrap();
        let view = table(&copy, None);
        let places: Vec<usize> = view.rows.iter().take(2).map(|row| row.place).collect();
        assert_eq!((places, view.rows.len()), (vec![7, 50], ROWS_MAX + 1));
    }
}
