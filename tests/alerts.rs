//! Public alerts become a story: OASIS CAP in its three versions, and the GeoJSON of the US National Weather Service.
#![allow(clippy::unwrap_used)]

use triage::engine::EmergencySystem;
use triage::engine::command::Action;
use triage::engine::emergency::{EmergencyType, Level};
use triage::engine::record::Record;
use triage::import::story::{self, Story};
use triage::import::{cap, nws};
use triage::scenario;

/// An alert of version 1.2 with one info for each event and severity.
fn alert(id: &str, sent: &str, kind: &str, references: &str, infos: &str) -> String {
    format!(
        "<alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>{id}</identifier><sender>warn@example.org</sender>\
         <sent>2026-11-25T{sent}:00+01:00</sent><status>Actual</status><msgType>{kind}</msgType><scope>Public</scope>\
         <references>{references}</references>{infos}</alert>"
    )
}

fn info(event: &str, category: &str, severity: &str, more: &str) -> String {
    format!(
        "<info><category>{category}</category><event>{event}</event><urgency>Immediate</urgency>\
         <severity>{severity}</severity><certainty>Observed</certainty>{more}</info>"
    )
}

fn told(alerts: &[String]) -> Story {
    let document = format!("<feed>{}</feed>", alerts.join("\n"));
    let (alerts, signed) = cap::read(&document).unwrap();
    assert!(!signed);
    story::of(alerts, "warnings.xml").unwrap()
}

/// The story's commands in short: "5.0 declare natural_disaster HIGH".
fn commands(story: &Story) -> Vec<String> {
    let short = |action: &Action| match action {
        Action::DeclareEmergency { kind, level, .. } => format!("declare {} {level}", kind.name()),
        Action::ChangeEmergency { emergency, level } => {
            format!("{} to {level}", emergency.as_deref().unwrap())
        }
        Action::ClearEmergency { emergency } => format!("clear {}", emergency.as_deref().unwrap()),
        other => format!("{other:?}"),
    };
    let commands = story.scenario.commands.iter();
    commands
        .map(|command| {
            format!(
                "{:.1} {}",
                command.at_us as f64 / 1e6,
                short(&command.action)
            )
        })
        .collect()
}

#[test]
fn an_update_changes_a_cancel_ends_and_time_is_shortened() {
    let story = told(&[
        alert(
            "a1",
            "10:00",
            "Alert",
            "",
            &info("Storm", "Met", "Severe", ""),
        ),
        alert(
            "a2",
            "10:30",
            "Update",
            "warn@example.org,a1,2026-11-25T10:00:00+01:00",
            &info("Storm", "Met", "Extreme", ""),
        ),
        alert(
            "f1",
            "10:40",
            "Alert",
            "",
            &info(
                "Chemical fire",
                "CBRNE",
                "Moderate",
                "<expires>2026-11-25T11:10:00+01:00</expires>",
            ),
        ),
        alert(
            "a3",
            "11:00",
            "Update",
            "warn@example.org,a2,x",
            &info("Storm", "Met", "Minor", ""),
        ),
        alert("a4", "11:30", "Cancel", "warn@example.org,a3,x", ""),
    ]);
    assert_eq!(story.scale, 60, "an hour and a half in a minute and a half");
    assert_eq!(
        commands(&story),
        [
            "5.0 declare natural_disaster HIGH",
            "35.0 emergency-1 to CRITICAL",
            "45.0 declare hazmat MEDIUM",
            "65.0 emergency-1 to LOW",
            "75.0 clear emergency-2",
            "95.0 clear emergency-1",
        ]
    );
    let does: Vec<&str> = story.rows.iter().map(|row| row.does.as_str()).collect();
    assert_eq!(
        does,
        [
            "00:05: declares emergency-1: natural_disaster, HIGH",
            "00:35: changes emergency-1 from HIGH to CRITICAL",
            "00:45: declares emergency-2: hazmat, MEDIUM",
            "01:05: changes emergency-1 from CRITICAL to LOW",
            "01:35: ends emergency-1",
        ]
    );
    assert_eq!(story.rows[0].from, "Alert; Storm, Severe, Met");
}

#[test]
fn the_story_is_a_valid_scenario_marked_as_an_exercise_and_does_what_it_says() {
    let area = "<area><areaDesc>Old harbour</areaDesc><polygon></polygon>\
                <polygon>53.5,9.9 53.6,9.9 53.6,10.1 53.5,9.9</polygon><circle>53.55,10.0 2.5</circle></area>";
    let story = told(&[
        alert(
            "f1",
            "08:00",
            "Alert",
            "",
            &info("Flood", "Met", "Extreme", area),
        ),
        alert("f2", "08:10", "Cancel", "warn@example.org,f1,x", ""),
    ]);
    let json = serde_json::to_string(&story.scenario).unwrap();
    let read = scenario::parse(&json).unwrap();
    assert_eq!(read, story.scenario, "what is written is what is read");
    assert_eq!(read.title, "Exercise: Flood");
    assert_eq!(read.name, "exercise-warnings");
    assert!(
        read.description.starts_with("Exercise."),
        "{}",
        read.description
    );
    let Action::DeclareEmergency {
        place,
        location,
        radius_m,
        ..
    } = &read.commands[0].action
    else {
        panic!("{:?}", read.commands[0]);
    };
    assert_eq!(place.as_deref(), Some("Exercise: Old harbour"));
    assert!(location.is_some_and(|middle| middle.x_m.abs() < 10 && middle.y_m.abs() < 10));
    let radius_m = radius_m.unwrap();
    assert!(
        (7_000..12_000).contains(&radius_m),
        "0.1 degrees of longitude and a little: {radius_m}"
    );
    let mut system = EmergencySystem::new(read.setup());
    system.run_until(read.duration_us);
    let kinds = |kind: &str| {
        system
            .trace()
            .iter()
            .filter(|(_, event)| event.record.kind() == kind)
            .count()
    };
    assert_eq!(
        (
            kinds("emergency_declared"),
            kinds("emergency_cleared"),
            kinds("command_denied")
        ),
        (1, 1, 0)
    );
    assert!(kinds("job_completed") > 20);
    let emergency_jobs = system.trace().iter().filter(|(_, event)| {
        matches!(&event.record, Record::JobStarted(_, class, _) if class.name() == "emergency")
    });
    assert!(emergency_jobs.count() > 3);
}

#[test]
fn what_is_odd_in_the_wild_is_read() {
    let signed = "<?xml version=\"1.0\"?>\n<alert xmlns=\"http://www.incident.com/cap/1.0\"><identifier>old</identifier>\
        <sender>x</sender><sent>2003-04-02T14:39:01-05:00</sent><status>Actual</status><msgType>Alert</msgType>\
        <info><language>fr</language><category>Geo</category><event>séisme</event><severity>Severe</severity></info>\
        <info><language>en-CA</language><category>Geo</category><event>earthquake</event><severity>Severe</severity></info>\
        <info><language>en-CA</language><category>Infra</category><event>power cut</event><severity>Unknown</severity></info>\
        <Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><SignedInfo/></Signature></alert>";
    let (alerts, is_signed) = cap::read(signed).unwrap();
    assert!(is_signed);
    let story = story::of(alerts, "old.cap").unwrap();
    assert_eq!(
        story.rows[0].does,
        "00:05: declares emergency-1: natural_disaster, HIGH; declares emergency-2: infrastructure, MEDIUM"
    );
    assert!(
        story.rows[0].from.ends_with("1 more in other languages"),
        "{}",
        story.rows[0].from
    );
    assert_eq!(story.scenario.title, "Exercise: earthquake");
    // Version 1.1, an update of something that is not there, a draft, an acknowledgement, and a type that changes.
    let later = alert(
        "b1",
        "09:00",
        "Update",
        "warn@example.org,gone,x",
        &info("Gas", "Env", "Minor", ""),
    )
    .replace("cap:1.2", "cap:1.1");
    let story = told(&[
        later,
        alert(
            "b2",
            "09:05",
            "Alert",
            "",
            &info("Nothing", "Met", "Severe", ""),
        )
        .replace("Actual", "Draft"),
        alert("b3", "09:06", "Ack", "warn@example.org,b1,x", ""),
        alert(
            "b4",
            "09:10",
            "Update",
            "warn@example.org,b1,x",
            &info("Explosion", "Fire", "Extreme", ""),
        ),
        alert(
            "b5",
            "09:20",
            "Update",
            "warn@example.org,b4,x",
            &info("Explosion", "Fire", "Extreme", ""),
        ),
    ]);
    let does: Vec<&str> = story.rows.iter().map(|row| &row.does[7..]).collect();
    assert_eq!(
        does,
        [
            "declares emergency-1: hazmat, LOW; none of the alerts it updates is active, so it counts as new",
            "skipped: its status is Draft",
            "skipped: it isn't addressed to the public",
            "ends emergency-1; declares emergency-2: fire, CRITICAL",
            "emergency-2 stays CRITICAL",
        ]
    );
}

#[test]
fn categories_and_severities_have_their_meaning() {
    let kind = |names: &[&str]| {
        story::kind_of(
            &names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>(),
        )
    };
    assert_eq!(kind(&["Health"]), EmergencyType::Medical);
    assert_eq!(
        kind(&["Safety", "Transport"]),
        EmergencyType::Infrastructure,
        "the first that says something"
    );
    assert_eq!(kind(&[]), EmergencyType::General);
    let levels = ["Minor", "Moderate", "Severe", "Extreme", "Unknown"].map(story::level_of);
    assert_eq!(
        levels,
        [
            Level::Low,
            Level::Medium,
            Level::High,
            Level::Critical,
            Level::Medium
        ]
    );
}

/// Two features, the second an update of the first.
const NWS: &str = r#"{"type": "FeatureCollection", "features": [
  {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [[[-97.1, 35.2], [-97.0, 35.2], [-97.0, 35.3], [-97.1, 35.2]]]},
   "properties": {"id": "urn:oid:1", "areaDesc": "Cleveland, OK", "sent": "2026-05-01T17:00:00-05:00", "expires": "2026-05-01T17:45:00-05:00",
     "ends": "2026-05-01T18:00:00-05:00", "status": "Actual", "messageType": "Alert", "category": "Met", "severity": "Severe",
     "event": "Tornado Warning", "references": []}},
  {"type": "Feature", "geometry": null,
   "properties": {"id": "urn:oid:2", "areaDesc": "Cleveland, OK", "sent": "2026-05-01T17:20:00-05:00", "ends": null, "expires": "2026-05-01T18:00:00-05:00",
     "status": "Actual", "messageType": "Update", "category": "Met", "severity": "Extreme", "event": "Tornado Warning",
     "references": [{"@id": "x", "identifier": "urn:oid:1", "sender": "w-nws", "sent": "2026-05-01T17:00:00-05:00"}]}}
]}"#;

#[test]
fn the_weather_service_speaks_geojson() {
    let story = story::of(nws::read(NWS).unwrap(), "active.json").unwrap();
    assert_eq!(
        commands(&story),
        [
            "5.0 declare natural_disaster HIGH",
            "25.0 emergency-1 to CRITICAL",
            "65.0 clear emergency-1"
        ]
    );
    let Action::DeclareEmergency {
        place, radius_m, ..
    } = &story.scenario.commands[0].action
    else {
        panic!("no declaration");
    };
    assert_eq!(place.as_deref(), Some("Exercise: Cleveland, OK"));
    assert!(
        radius_m.is_some_and(|metres| (5_000..15_000).contains(&metres)),
        "{radius_m:?}"
    );
}

#[test]
fn a_damaged_file_is_told_with_its_place() {
    let whole = alert(
        "a1",
        "10:00",
        "Alert",
        "",
        &info("Storm", "Met", "Severe", ""),
    );
    let cases = [
        (
            whole.replace("</info>", ""),
            "line 1: the file isn't valid XML",
        ),
        (
            "<rss>\n</rss>".to_owned(),
            "line 1: the file isn't a CAP alert: its root element is <rss>",
        ),
        (
            whole.replace("cap:1.2", "cap:9.9"),
            "of urn:oasis:names:tc:emergency:cap:9.9",
        ),
        (
            whole.replace("<identifier>a1</identifier>", ""),
            "this alert has no <identifier>",
        ),
        (
            whole.replace("2026-11-25T10:00:00+01:00", "yesterday"),
            "\"yesterday\" isn't a time",
        ),
        (
            whole.replace(
                "</info>",
                "<area><areaDesc>x</areaDesc>\n<polygon>95,10</polygon></area></info>",
            ),
            "line 2: \"95,10\" isn't a point",
        ),
    ];
    for (text, contains) in cases {
        let said = cap::read(&text).unwrap_err();
        assert!(said.contains(contains), "{said}");
    }
    let cases = [
        ("{", "EOF"),
        ("[]", "isn't GeoJSON"),
        (r#"{"type": "FeatureCollection", "features": []}"#, "empty"),
        (
            r#"{"type": "Feature"}"#,
            "features[0]: it has no properties",
        ),
    ];
    for (text, contains) in cases {
        let said = nws::read(text).unwrap_err();
        assert!(said.contains(contains), "{text}: {said}");
    }
    let said = nws::read(&NWS.replace("17:20:00-05:00", "17:20")).unwrap_err();
    assert!(said.starts_with("features[1]: properties.sent:"), "{said}");
    let said = nws::read(&NWS.replace("-97.0, 35.3", "-97.0, \"x\"")).unwrap_err();
    assert!(said.contains("pairs of longitude and latitude"), "{said}");
    let (alerts, _) = cap::read(&whole.replace("Actual", "Draft")).unwrap();
    assert!(
        story::of(alerts, "x")
            .unwrap_err()
            .contains("nothing to play")
    );
}

#[test]
fn an_alert_that_is_over_as_it_begins_on_a_long_axis_of_time_is_still_told() {
    let alert = |id: &str, sent: &str, ends: &str| {
        format!(
            r#"{{"type": "Feature", "geometry": null, "properties": {{"id": "{id}", "areaDesc": "Cleveland, OK", "sent": "{sent}",
            "ends": "{ends}", "expires": "{ends}", "status": "Actual", "messageType": "Alert", "category": "Met",
            "severity": "Severe", "event": "Tornado Warning", "references": []}}}}"#
        )
    };
    // Two hundred years are one story, so that a second is shorter than it can tell.
    let json = format!(
        r#"{{"type": "FeatureCollection", "features": [{}, {}]}}"#,
        alert("a", "1826-05-01T17:00:00Z", "1826-05-01T17:00:01Z"),
        alert("b", "2026-05-01T17:00:00Z", "2026-05-01T18:00:00Z"),
    );
    let story = story::of(nws::read(&json).unwrap(), "centuries.json").unwrap();
    let written = serde_json::to_string(&story.scenario).unwrap();
    let read = scenario::parse(&written).map_err(|errors| errors.to_string());
    assert_eq!(read, Ok(story.scenario));
}
