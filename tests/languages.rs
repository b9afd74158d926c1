//! What is data is the same in every language: traces, digests, audits, exports, saved runs and links. One test in a process
//! of its own, since a language is spoken by all of it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

use triage::analysis::causality::{Comparison, Cut};
use triage::analysis::export::{self, Format, Range, Run};
use triage::analysis::query::Query;
use triage::engine::audit::{self, Verdict};
use triage::engine::command::{Action, Rejection};
use triage::engine::record::Record;
use triage::import::{cap, story};
use triage::labels;
use triage::language::{Catalogue, Language, speak};
use triage::playback::Player;
use triage::scenario::link::{Link, ViewState};
use triage::scenario::saved::SavedRun;
use triage::scenario::{self, library};
use triage::view::audit::table;

/// Commands that are refused, each for another reason: by right, by name, by bounds, by what the run has come to.
const REFUSED: [(&str, &str); 26] = [
    ("observer", r#"{"submit_normal_job": {"work_us": 1}}"#),
    (
        "paula",
        r#"{"submit_emergency_job": {"type": "fire", "job": {"work_us": 1}}}"#,
    ),
    ("operator", r#"{"clear_emergency": {}}"#),
    ("dispatcher", r#"{"crash": {"process": "a"}}"#),
    ("operator", r#"{"unite": {}}"#),
    ("mallory", r#"{"unite": {}}"#),
    ("commander", r#"{"unite": {}}"#),
    ("commander", r#"{"submit_normal_job": {"work_us": 0}}"#),
    (
        "commander",
        r#"{"submit_normal_job": {"work_us": 1, "requirements": ["x", "x"]}}"#,
    ),
    (
        "commander",
        r#"{"submit_normal_job": {"work_us": 1, "requirements": ["X y"]}}"#,
    ),
    (
        "commander",
        r#"{"add_executor": {"id": "", "capacity": 1}}"#,
    ),
    (
        "commander",
        r#"{"add_executor": {"id": "b", "capacity": 0}}"#,
    ),
    (
        "commander",
        r#"{"add_executor": {"id": "b", "capacity": 2000}}"#,
    ),
    (
        "commander",
        r#"{"add_executor": {"id": "a", "capacity": 1}}"#,
    ),
    (
        "commander",
        r#"{"drain_executor": {"executor": "recovery"}}"#,
    ),
    ("commander", r#"{"drain_executor": {"executor": "z"}}"#),
    ("commander", r#"{"crash": {"process": "system"}}"#),
    ("commander", r#"{"restart": {"process": "a"}}"#),
    ("commander", r#"{"resume": {"process": "a"}}"#),
    ("commander", r#"{"heal": {"process": "a"}}"#),
    (
        "commander",
        r#"{"slow": {"process": "recovery", "factor": 2}}"#,
    ),
    ("commander", r#"{"slow": {"process": "a", "factor": 1000}}"#),
    ("commander", r#"{"degrade_link": {"to": "a"}}"#),
    (
        "commander",
        r#"{"degrade_link": {"to": "a", "loss_percent": 101}}"#,
    ),
    ("commander", r#"{"forge_clock": {"from": "a", "to": "a"}}"#),
    (
        "commander",
        r#"{"declare_emergency": {"type": "fire", "level": "NONE"}}"#,
    ),
];

/// A scenario of refusals: the commands above, and jobs that nobody can run.
const REFUSING: &str = r#"{
    "format": 1, "name": "refusing", "title": "Refusing", "duration_us": 20000000,
    "principals": [{"name": "paula", "role": "operator"}],
    "executors": [{"id": "a", "capacity": 1}],
    "commands": [
        {"at_us": 2000000, "action": {"submit_normal_job": {"work_us": 1, "requirements": ["x"]}}},
        {"at_us": 2000000, "action": {"submit_normal_job": {"work_us": 1, "target": "z"}}},
        {"at_us": 2000000, "action": {"submit_normal_job": {"work_us": 1, "requirements": ["x"], "target": "a"}}},
        {"at_us": 3000000, "action": {"crash": {"process": "a"}}},
        {"at_us": 3000000, "action": {"crash": {"process": "a"}}},
        {"at_us": 4000000, "action": {"declare_emergency": {"type": "fire", "level": "HIGH"}}},
        {"at_us": 5000000, "action": {"change_emergency": {"level": "HIGH"}}},
        {"at_us": 5000000, "action": {"clear_emergency": {"emergency": "emergency-9"}}}
    ]
}"#;

/// Two alerts, as files have them.
const ALERTS: &str = r#"<feed>
    <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>1</identifier><sent>2026-11-25T10:00:00+01:00</sent>
    <status>Actual</status><msgType>Alert</msgType><info><category>Fire</category><event>Wildfire</event>
    <severity>Severe</severity><area><areaDesc>Valley</areaDesc></area></info></alert>
    <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>2</identifier><sent>2026-11-25T11:00:00+01:00</sent>
    <status>Actual</status><msgType>Cancel</msgType><references>x,1,y</references></alert>
</feed>"#;

/// Everything that is data, by what it is; and what people are told beside it.
#[derive(Default)]
struct Seen {
    data: Vec<(String, String)>,
    said: Vec<String>,
}

impl Seen {
    fn data(&mut self, name: &str, what: &str, text: impl ToString) {
        self.data
            .push((format!("{name}: {what}"), text.to_string()));
    }

    /// Plays a scenario as it is written, then somebody asks for what is refused.
    fn run(&mut self, json: &str) {
        let scenario = scenario::parse(json).unwrap();
        let (name, end_us) = (scenario.name.clone(), scenario.duration_us);
        let mut player = Player::new(scenario);
        player.seek_us(end_us);
        player.mark("");
        for (who, action) in REFUSED {
            let action: Action = scenario::parse_command(&format!(r#"{{"action": {action}}}"#))
                .unwrap()
                .action;
            let refused: Result<(), Rejection> = player.command(who, action);
            if let Err(rejection) = refused {
                self.data(&name, "refusal", rejection.code());
                self.said.push(labels::rejection(&rejection));
            }
        }
        let trace = player.trace();
        for (seq, event) in trace.iter() {
            match &event.record {
                Record::CommandDenied(denial) => self.said.push(labels::rejection(&denial.reason)),
                Record::JobRefused { reason, .. } => self.said.push(labels::job_refusal(reason)),
                _ => {}
            }
            event.record.fields(&mut |key, field| {
                self.data(&name, &format!("{key} at {seq}"), format!("{field:?}"));
            });
        }
        let audit = player.world().audit();
        for entry in audit.entries() {
            if let Verdict::Denied(reason) = &entry.verdict {
                self.said.push(labels::rejection(reason));
            }
        }
        self.data(&name, "audit", audit.to_ndjson());
        let table = table(&audit.to_ndjson(), None);
        let rows = table.rows.iter();
        let reasons = rows.filter_map(|row| row.verdict.split_once("denied: "));
        self.said
            .extend(reasons.map(|(_, reason)| reason.to_owned()));
        self.data(&name, "digest", player.digest_at_cursor());
        self.data(&name, "overview", player.overview_json());
        let run = Run {
            trace,
            count: player.count(),
            end_ns: player.world().now_ns(),
        };
        for format in Format::ALL {
            let text = export::text(&run, format, Range::default()).unwrap();
            self.data(&name, format.name(), text);
        }
        let saved = player.saved(true).to_json(json);
        let link = Link::new(
            player.saved(false),
            json,
            &player.digest_at_cursor().0,
            ViewState::default(),
        );
        self.data(&name, "link", link.fragment());
        self.data(&name, "saved run", &saved);
        let again = Player::from_saved(&SavedRun::parse(&saved).unwrap()).unwrap();
        assert_eq!(
            again.digest_at_cursor(),
            player.digest_at_cursor(),
            "{name}"
        );
        assert_eq!(
            again.world().audit().to_ndjson(),
            audit.to_ndjson(),
            "{name}"
        );

        let broken = audit::verify(b"nonsense", None).unwrap_err();
        let query = Query::parse("kind:job_routed -> kind:job_started process:a").unwrap();
        let (first, last) = (1, player.count() - 1);
        let cut = Cut::before(player.lanes(), player.count());
        self.said.extend([
            labels::broken(&broken),
            query.sentence(),
            Query::parse("kind:nonsense").unwrap_err().to_string(),
            cut.verdict(trace, player.lanes()).in_words(trace),
        ]);
        let comparison = Comparison::of(trace, player.lanes(), first, last);
        self.said
            .extend(comparison.map(|found| found.in_words(trace)));
        self.said
            .extend(player.branches().into_iter().map(|branch| branch.name));
        let range = Range {
            from: Some(9),
            to: Some(1),
        };
        self.said
            .extend(export::check(&run, Format::Mermaid, range).err());
    }

    /// What is wrong with files and links.
    fn complaints(&mut self) {
        let wrong = |json: &str| scenario::parse(json).unwrap_err().0;
        self.said.extend(wrong("{"));
        self.said.extend(wrong(r#"{"format": 1}"#));
        self.said.extend(wrong(
            &REFUSING.replace("\"id\": \"a\"", "\"id\": \"system\""),
        ));
        self.said.extend(Link::parse("1.AAAA").err());
        self.said.extend(SavedRun::parse("[]").err());
        self.said.extend(cap::read("<rss/>").err());
    }

    fn of_everything() -> Seen {
        let mut seen = Seen::default();
        for built_in in library() {
            seen.run(built_in.json);
        }
        seen.run(REFUSING);
        let (alerts, _) = cap::read(ALERTS).unwrap();
        let story = story::of(alerts, "alerts.xml").unwrap();
        seen.said.extend(story.rows.into_iter().map(|row| row.does));
        let scenario = serde_json::to_string(&story.scenario).unwrap();
        seen.run(&scenario);
        seen.data("story", "scenario", scenario);
        seen.complaints();
        seen
    }
}

#[test]
fn what_is_data_is_the_same_in_every_language_and_what_is_said_is_not() {
    let english = Seen::of_everything();
    speak(Some(Catalogue::bracketing(Language::German)));
    let other = Seen::of_everything();
    speak(None);

    assert_eq!(english.data.len(), other.data.len());
    for ((name, text), (same, data)) in english.data.iter().zip(&other.data) {
        assert_eq!(name, same);
        assert!(text == data, "{name} differs: {data}");
        assert!(!data.contains('⟦'), "{name}");
    }
    let refusals = english
        .data
        .iter()
        .filter(|(name, _)| name.ends_with("refusal"));
    assert!(
        refusals.count() > 200,
        "every scenario refuses most of the commands"
    );

    assert_eq!(english.said.len(), other.said.len());
    for (said, translated) in english.said.iter().zip(&other.said) {
        assert!(translated.contains('⟦'), "not translated: {said}");
        assert!(!said.contains('⟦'), "{said}");
    }
}
