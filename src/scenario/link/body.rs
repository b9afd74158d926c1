//! What a link says, as bytes. Places are written as what they add to the place before them.

use sha2::{Digest, Sha256};

use super::bytes::{Reader, Writer};
use super::{HASH_BYTES, Link, Source, ViewState, built_in};
use crate::reader;
use crate::saved::{RUN_FORMAT, SavedAct, SavedMarker, SavedPlace, SavedRun, SavedVersion};
use triage_language::{say, tr};

const BUILT_IN: u8 = 0;
const OWN: u8 = 1;
/// Bytes of the SHA-256 that tell that a built-in scenario has changed since.
const DIGEST_BYTES: usize = 4;

/// The bytes of a link.
pub fn written(link: &Link) -> Vec<u8> {
    let run = &link.run;
    let mut out = Writer::default();
    out.text(&run.engine);
    match &link.source {
        Source::BuiltIn { .. } => {
            let name = &run.scenario.name;
            out.0.push(BUILT_IN);
            out.text(name);
            let text = built_in(name).map_or("", |(_, text)| text);
            out.0.extend_from_slice(&digest(text));
        }
        Source::Own(text) => {
            out.0.push(OWN);
            out.text(text);
        }
    }
    out.number(run.versions.len() as u64);
    for (at, version) in run.versions.iter().enumerate() {
        put_version(&mut out, &run.versions, at, version);
    }
    out.number(run.current.into());
    let before = act_of(&run.versions, run.current);
    put_place(&mut out, run.cursor, before);
    out.number(run.end_us.wrapping_sub(run.scenario.duration_us));
    out.number(run.markers.len() as u64);
    for marker in &run.markers {
        out.number(marker.t_us);
        out.text(&marker.name);
    }
    out.0.extend_from_slice(&link.hash.unwrap_or_default());
    put_sight(&mut out, &link.sight);
    out.0
}

/// The link of some bytes.
///
/// # Errors
/// Says in a sentence what is wrong with it.
pub fn read(bytes: &[u8]) -> Result<Link, String> {
    let mut from = Reader(bytes);
    let cannot = |reason: &str| {
        tr!(
            "The link cannot be opened: {}. Ask for the link again, or for the file.",
            reason
        )
    };
    let link = link(&mut from).map_err(|wrong| match wrong {
        Wrong::Said(sentence) => sentence,
        Wrong::Because(reason) => cannot(&reason),
    })?;
    if !from.0.is_empty() {
        return Err(cannot(say("there is extra data at its end")));
    }
    Ok(link)
}

/// What is wrong with a link.
enum Wrong {
    /// In a whole sentence.
    Said(String),
    /// The reason why it cannot be opened.
    Because(String),
}

impl From<String> for Wrong {
    fn from(reason: String) -> Wrong {
        Wrong::Because(reason)
    }
}

fn link(from: &mut Reader) -> Result<Link, Wrong> {
    let engine = from.text()?.to_owned();
    let (scenario, source) = match from.byte()? {
        BUILT_IN => {
            let (scenario, text) = built_in(from.text()?).map_err(Wrong::Said)?;
            let is_same = from.bytes(DIGEST_BYTES)? == digest(text);
            (scenario, Source::BuiltIn { is_same })
        }
        OWN => {
            let text = from.text()?;
            let scenario = crate::parse(text).map_err(|errors| {
                let first = errors.0.first().map_or("", |first| first);
                tr!("scenario: {}", first)
            })?;
            (scenario, Source::Own(text.to_owned()))
        }
        _ => {
            return Err(say("it does not contain or name a scenario")
                .to_owned()
                .into());
        }
    };
    let mut versions = Vec::new();
    for at in 0..from.count()? {
        let version = version(from, &versions)
            .map_err(|reason| tr!("command {at}: {reason}", at = at, reason = reason))?;
        versions.push(version);
    }
    let current = from.small()?;
    let before = act_of(&versions, current);
    let cursor = place(from, before)?;
    let end_us = from.number()?.wrapping_add(scenario.duration_us);
    let mut markers = Vec::new();
    for _ in 0..from.count()? {
        markers.push(SavedMarker {
            t_us: from.number()?,
            name: from.text()?.to_owned(),
        });
    }
    let mut hash = [0; HASH_BYTES];
    hash.copy_from_slice(from.bytes(HASH_BYTES)?);
    let sight = sight(from)?;
    let run = SavedRun {
        run_format: RUN_FORMAT,
        engine,
        scenario,
        versions,
        current,
        markers,
        end_us,
        cursor,
        trace_hash: None,
    };
    run.check()?;
    Ok(Link {
        run,
        source,
        hash: Some(hash),
        sight,
    })
}

/// How many places before its own a version's parent is, and the act; 0 in the first, which has neither.
fn put_version(out: &mut Writer, all: &[SavedVersion], at: usize, version: &SavedVersion) {
    let before = version
        .parent
        .map_or(SavedPlace::default(), |parent| act_of(all, parent));
    let mut here = before;
    match (&version.act, version.parent) {
        (Some(act), Some(parent)) => {
            out.number((at as u64).saturating_sub(parent.into()));
            out.text(&act.principal);
            // Writing plain values to memory cannot fail.
            out.text(&serde_json::to_string(&act.action).unwrap_or_default());
            put_place(out, act.at, before);
            here = act.at;
        }
        _ => out.number(0),
    }
    out.number(version.seen.wrapping_sub(here.events).into());
    out.text(version.name.as_deref().unwrap_or_default());
}

fn version(from: &mut Reader, all: &[SavedVersion]) -> Result<SavedVersion, String> {
    let back: usize = from.small()?;
    let (mut parent, mut act, mut here) = (None, None, SavedPlace::default());
    if back > 0 {
        let found = all.len().checked_sub(back);
        let found = found.ok_or_else(|| say("it continues a version that does not exist"))? as u32;
        let principal = from.text()?.to_owned();
        let action = reader::read(from.text()?)?;
        here = place(from, act_of(all, found))?;
        parent = Some(found);
        act = Some(SavedAct {
            principal,
            action,
            at: here,
        });
    }
    let seen = from.small::<u32>()?.wrapping_add(here.events);
    let name = from.text()?;
    Ok(SavedVersion {
        parent,
        act,
        seen,
        name: (!name.is_empty()).then(|| name.to_owned()),
    })
}

/// Where the act of a version is; the beginning for the first one.
fn act_of(versions: &[SavedVersion], at: u32) -> SavedPlace {
    let act = versions
        .get(at as usize)
        .and_then(|version| version.act.as_ref());
    act.map_or(SavedPlace::default(), |act| act.at)
}

fn put_place(out: &mut Writer, place: SavedPlace, before: SavedPlace) {
    out.number(place.events.wrapping_sub(before.events).into());
    out.number(place.steps.wrapping_sub(before.steps));
    out.number(place.t_ns.wrapping_sub(before.t_ns));
}

fn place(from: &mut Reader, before: SavedPlace) -> Result<SavedPlace, String> {
    Ok(SavedPlace {
        events: from.small::<u32>()?.wrapping_add(before.events),
        steps: from.number()?.wrapping_add(before.steps),
        t_ns: from.number()?.wrapping_add(before.t_ns),
    })
}

fn put_sight(out: &mut Writer, sight: &ViewState) {
    out.text(&sight.dock);
    out.text(&sight.closed);
    out.text(&sight.inspected);
    out.option(sight.selected.map(u64::from));
    for chosen in [sight.event, sight.second, sight.job] {
        out.option(chosen.map(u64::from));
    }
    out.option(sight.cut.as_ref().map(|cut| cut.len() as u64));
    for count in sight.cut.iter().flatten() {
        out.number((*count).into());
    }
    out.text(&sight.query);
}

fn sight(from: &mut Reader) -> Result<ViewState, String> {
    let mut sight = ViewState {
        dock: from.text()?.to_owned(),
        closed: from.text()?.to_owned(),
        inspected: from.text()?.to_owned(),
        selected: from.option()?,
        event: from.option()?,
        second: from.option()?,
        job: from.option()?,
        ..ViewState::default()
    };
    if let Some(count) = from.option::<usize>()? {
        let mut cut = Vec::new();
        for _ in 0..count {
            cut.push(from.small()?);
        }
        sight.cut = Some(cut);
    }
    sight.query = from.text()?.to_owned();
    Ok(sight)
}

fn digest(text: &str) -> [u8; DIGEST_BYTES] {
    let digest = Sha256::digest(text.as_bytes());
    [digest[0], digest[1], digest[2], digest[3]]
}
