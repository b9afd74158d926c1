//! Who may do what: the whole table, role by role and action by action, and what a denial leaves behind.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use triage::engine::EmergencySystem;
use triage::engine::access::Role;
use triage::engine::audit::Verdict;
use triage::engine::command::Action;
use triage::engine::record::Record;
use triage::engine::trace::Recorder;
use triage::labels;
use triage::scenario;

/// What each role may, by the name of the action: the table of the model, written again.
const TABLE: [(&str, &str, [bool; 4]); 21] = {
    const NOBODY_BELOW: [bool; 4] = [false, false, false, true];
    const OPERATOR: [bool; 4] = [false, true, true, true];
    const DISPATCHER: [bool; 4] = [false, false, true, true];
    [
        (
            "submit_normal_job",
            r#"{"work_us": 1000, "execution": "traditional"}"#,
            OPERATOR,
        ),
        (
            "submit_emergency_job",
            r#"{"type": "fire", "job": {"work_us": 1000}}"#,
            DISPATCHER,
        ),
        (
            "declare_emergency",
            r#"{"type": "fire", "level": "LOW"}"#,
            NOBODY_BELOW,
        ),
        ("change_emergency", r#"{"level": "HIGH"}"#, NOBODY_BELOW),
        ("clear_emergency", r#"{}"#, NOBODY_BELOW),
        ("add_executor", r#"{"id": "new", "capacity": 1}"#, OPERATOR),
        ("drain_executor", r#"{"executor": "b"}"#, OPERATOR),
        ("remove_executor", r#"{"executor": "b"}"#, NOBODY_BELOW),
        ("crash", r#"{"process": "a"}"#, NOBODY_BELOW),
        ("restart", r#"{"process": "crashed"}"#, NOBODY_BELOW),
        ("hang", r#"{"process": "a"}"#, NOBODY_BELOW),
        ("resume", r#"{"process": "hung"}"#, NOBODY_BELOW),
        ("slow", r#"{"process": "a", "factor": 3}"#, NOBODY_BELOW),
        ("partition", r#"{"process": "a"}"#, NOBODY_BELOW),
        ("heal", r#"{"process": "cut"}"#, NOBODY_BELOW),
        (
            "degrade_link",
            r#"{"from": "a", "loss_percent": 50}"#,
            NOBODY_BELOW,
        ),
        ("restore_link", r#"{"from": "b", "to": "*"}"#, NOBODY_BELOW),
        (
            "forge_clock",
            r#"{"from": "a", "to": "recovery"}"#,
            NOBODY_BELOW,
        ),
        ("split", r#"{"group": ["a"]}"#, NOBODY_BELOW),
        ("unite", r#"{}"#, NOBODY_BELOW),
        ("run_heartbeat_cycle", r#"{}"#, OPERATOR),
    ]
};

/// A system in which every action of the table can be done, after the commands that bring it about.
fn system() -> EmergencySystem {
    let json = r#"{
        "format": 1, "name": "access", "title": "Access", "duration_us": 1000000,
        "principals": [
            {"name": "oskar", "role": "observer"}, {"name": "paula", "role": "operator"},
            {"name": "alice", "role": "dispatcher"}, {"name": "carla", "role": "commander"}
        ],
        "executors": [
            {"id": "a", "capacity": 2}, {"id": "b", "capacity": 2}, {"id": "crashed", "capacity": 2},
            {"id": "hung", "capacity": 2}, {"id": "cut", "capacity": 2}
        ]
    }"#;
    let mut system = EmergencySystem::new(scenario::parse(json).unwrap().setup());
    for action in [
        r#"{"crash": {"process": "crashed"}}"#,
        r#"{"hang": {"process": "hung"}}"#,
        r#"{"partition": {"process": "cut"}}"#,
        r#"{"declare_emergency": {"type": "fire", "level": "LOW"}}"#,
        r#"{"degrade_link": {"from": "b", "to": "*", "loss_percent": 5}}"#,
    ] {
        system.apply("commander", &self::action(action)).unwrap();
    }
    system.run_until(100_000);
    system
}

fn action(json: &str) -> Action {
    let command = format!(r#"{{"action": {json}}}"#);
    scenario::parse_command(&command).unwrap().action
}

fn state(system: &EmergencySystem) -> String {
    let mut overview = serde_json::to_value(system.system_overview()).unwrap();
    // A refusal is an event of the system, which is all that it changes.
    overview["t_us"] = 0.into();
    overview["system"]["clock"] = 0.into();
    overview.to_string()
}

#[test]
fn each_role_may_exactly_what_the_table_says() {
    let (mut allowed, mut denied) = (0, 0);
    for (name, value, may) in TABLE {
        let asked = action(&format!(r#"{{"{name}": {value}}}"#));
        for (principals, may) in [
            ["observer", "oskar"],
            ["operator", "paula"],
            ["dispatcher", "alice"],
            ["commander", "carla"],
        ]
        .into_iter()
        .zip(may)
        {
            for principal in principals {
                let mut system = system();
                if name == "unite" {
                    let split = action(r#"{"split": {"group": ["a"]}}"#);
                    system.apply("commander", &split).unwrap();
                }
                let before = (state(&system), system.trace().count());
                let done = system.apply(principal, &asked);
                assert_eq!(done.is_ok(), may, "{name} by {principal}: {done:?}");
                let audit = system.world().audit().entries().to_vec();
                let last = audit.last().unwrap();
                assert_eq!(&*last.principal, principal);
                assert_eq!(last.role, Role::of(principals[0]));
                assert_eq!(last.action, asked);
                assert_eq!(last.verdict == Verdict::Allowed, may);
                if may {
                    allowed += 1;
                    continue;
                }
                denied += 1;
                let reason = done.unwrap_err();
                assert!(labels::rejection(&reason).contains(principal), "{reason:?}");
                assert_eq!(
                    state(&system),
                    before.0,
                    "{name} by {principal} changes something"
                );
                assert_eq!(system.trace().count(), before.1 + 1);
                let Record::CommandDenied(denial) = &system.trace().get(before.1).unwrap().record
                else {
                    panic!("{name} by {principal} is not recorded as denied");
                };
                assert_eq!((&*denial.principal, &denial.reason), (principal, &reason));
            }
        }
        // Nobody whom nobody knows may anything.
        for stranger in ["mallory", "", "Commander", "system"] {
            let refused = system().apply(stranger, &asked).unwrap_err();
            assert_eq!(refused.code(), "unknown_principal");
        }
    }
    assert_eq!((allowed, denied), (2 * 30, 2 * 54));
}

#[test]
fn a_denial_says_what_it_takes() {
    let mut system = system();
    for (principal, asked, reason) in [
        (
            "observer",
            r#"{"submit_normal_job": {"work_us": 1}}"#,
            "the observer may not submit jobs: this requires the operator role or higher",
        ),
        (
            "paula",
            r#"{"submit_emergency_job": {"type": "fire", "job": {"work_us": 1}}}"#,
            "paula is an operator and may not submit emergency jobs: this requires the dispatcher role or higher",
        ),
        (
            "alice",
            r#"{"crash": {"process": "a"}}"#,
            "alice is a dispatcher and may not inject or undo faults, or remove executors: this requires the commander role",
        ),
        (
            "mallory",
            r#"{"unite": {}}"#,
            "there is no principal mallory: act as observer, operator, dispatcher or commander, or as a principal that the scenario declares",
        ),
    ] {
        let refused = system.apply(principal, &action(asked)).unwrap_err();
        assert_eq!(labels::rejection(&refused), reason);
    }
}

#[test]
fn who_may_not_is_told_so_before_what_is_wrong_with_the_command() {
    let mut system = system();
    let nonsense = action(r#"{"crash": {"process": "nobody"}}"#);
    let refused = system.apply("operator", &nonsense).unwrap_err();
    assert_eq!(refused.code(), "not_permitted");
    let refused = system.apply("commander", &nonsense).unwrap_err();
    assert_eq!(refused.code(), "no_process");
}

#[test]
fn the_workload_is_nobodys_command() {
    let json = r#"{
        "format": 1, "name": "work", "title": "Work", "duration_us": 1000000,
        "executors": [{"id": "a", "capacity": 2}],
        "workload": [{"name": "w", "arrivals": {"fixed": {"every_us": 100000}}, "until_us": 1000000,
            "work": {"min_us": 1, "max_us": 2}}],
        "commands": [{"at_us": 5, "principal": "observer", "action": {"unite": {}}}]
    }"#;
    let mut system = EmergencySystem::new(scenario::parse(json).unwrap().setup());
    system.run_until(1_000_000);
    assert_eq!(system.system_overview().jobs.submitted, 9);
    let entries = system.world().audit().entries();
    assert_eq!(entries.len(), 1);
    assert_eq!((entries[0].t_us, &*entries[0].principal), (5, "observer"));
}

#[test]
fn principals_of_a_scenario_are_validated_with_their_paths() {
    let parse = |principals: &str, principal: &str| {
        let json = format!(
            r#"{{"format": 1, "name": "p", "title": "P", "duration_us": 1, "principals": {principals},
            "executors": [{{"id": "a", "capacity": 1}}],
            "commands": [{{"principal": "{principal}", "action": {{"unite": {{}}}}}}]}}"#
        );
        scenario::parse(&json)
            .map(|_| ())
            .map_err(|errors| errors.to_string())
    };
    assert_eq!(
        parse(r#"[{"name": "eve", "role": "observer"}]"#, "eve"),
        Ok(())
    );
    // Who is unknown is denied when the run comes to it.
    assert_eq!(parse("[]", "mallory"), Ok(()));
    for (principals, principal, expected) in [
        (
            r#"[{"name": "eve", "role": "king"}]"#,
            "eve",
            "principals[0].role: unknown variant `king`, expected one of `observer`, `operator`, `dispatcher`, `commander`",
        ),
        (
            r#"[{"name": "Eve", "role": "observer"}]"#,
            "eve",
            "principals[0].name: \"Eve\" contains \"E\": use lower-case letters, digits, - and _",
        ),
        (
            r#"[{"name": "eve", "role": "observer"}, {"name": "eve", "role": "commander"}]"#,
            "eve",
            "principals[1].name: eve is already used",
        ),
        (
            r#"[{"name": "commander", "role": "observer"}, {"name": "system", "role": "observer"}]"#,
            "eve",
            "principals[0].name: commander is already used\nprincipals[1].name: system is already used",
        ),
        (
            "[]",
            "",
            "commands[0].principal: a name needs at least one character",
        ),
    ] {
        assert_eq!(parse(principals, principal), Err(expected.to_owned()));
    }
}
