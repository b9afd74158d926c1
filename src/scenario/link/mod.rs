//! A run as a link: what is on the screen in a few hundred letters after the `#` of an address, so that nothing of it
//! reaches a server. `docs/link-format.md` describes it. The events are not in it: they are replayed, and checked
//! against a part of the hash of the trace.

mod body;
mod bytes;
mod pack;

use super::saved::{SavedRun, SavedVersion};
use super::{Scenario, library};
use triage_language::tr;

/// The version of the format that this build writes. It reads format 1 too: the same but for the hash, which was that of
/// a trace whose reasons were sentences.
pub const LINK_FORMAT: u32 = 2;
/// The parameter of the fragment that a link is.
pub const PARAMETER: &str = "run";
/// Longer ones, in characters without the address of the page, are cut by mail programs and chats.
pub const LINK_MAX: usize = 5_000;
/// Bytes of the trace's SHA-256 that a link carries: one in 2⁶⁴ of the other traces has the same.
pub const HASH_BYTES: usize = 8;

/// Everything that a link says.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// The scenario, what was done by hand, and the moment. It has no `trace_hash`.
    pub run: SavedRun,
    /// Where the scenario comes from.
    pub source: Source,
    /// The first bytes of the SHA-256 of the trace up to the cursor; nothing in a link of format 1.
    pub hash: Option<[u8; HASH_BYTES]>,
    /// What is looked at.
    pub sight: ViewState,
}

/// Where the scenario of a link comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// It is built in: the link has its name.
    BuiltIn {
        /// Whether its text is the one that the link was made with.
        is_same: bool,
    },
    /// It is somebody's own: the link has its text.
    Own(String),
}

/// What is looked at, in the words of the page: it knows them, a link only carries them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ViewState {
    /// The view of the dock by its name; empty for the page's choice.
    pub dock: String,
    /// The names of the panels that are closed, with spaces between.
    pub closed: String,
    /// What the inspector shows, such as `e12`; empty for nothing.
    pub inspected: String,
    /// The process that is chosen, by its index.
    pub selected: Option<u16>,
    /// The event that is chosen, by its place in the trace.
    pub event: Option<u32>,
    /// The event that it is compared with.
    pub second: Option<u32>,
    /// The job that is chosen, by its number.
    pub job: Option<u32>,
    /// A cut: how many events of each process lie before it.
    pub cut: Option<Vec<u32>>,
    /// What the log and the diagram look for.
    pub query: String,
}

/// A link to hand out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// It goes after the address of the page.
    Link {
        /// From the `#` on.
        fragment: String,
        /// Branches that had no room.
        left_out: usize,
    },
    /// Even without the other branches it would have so many characters.
    TooLong(usize),
}

impl Link {
    /// A link to a run. `source` is the text of its scenario; a built-in one is named, any other is carried whole.
    /// `trace_hash` is the SHA-256 of the trace up to the cursor.
    pub fn new(run: SavedRun, source: &str, trace_hash: &[u8; 32], sight: ViewState) -> Link {
        let source = match library().iter().find(|one| one.name == run.scenario.name) {
            Some(built_in) if built_in.json.trim() == source.trim() => {
                Source::BuiltIn { is_same: true }
            }
            _ => Source::Own(without_spaces(source)),
        };
        let mut hash = [0; HASH_BYTES];
        hash.copy_from_slice(&trace_hash[..HASH_BYTES]);
        Link {
            run: SavedRun {
                trace_hash: None,
                ..run
            },
            source,
            hash: Some(hash),
            sight,
        }
    }

    /// Reads what stands after `run=` in an address.
    ///
    /// # Errors
    /// Says in a sentence what is wrong with it.
    pub fn parse(text: &str) -> Result<Link, String> {
        let (format, bytes) = pack::unpacked(text)?;
        let mut link = body::read(&bytes)?;
        if format < LINK_FORMAT {
            link.hash = None;
        }
        Ok(link)
    }

    /// Reads what was packed, as the fuzzer makes it up: nobody guesses a checksum.
    ///
    /// # Errors
    /// Says in a sentence what is wrong with it.
    pub fn parse_unpacked(bytes: &[u8]) -> Result<Link, String> {
        body::read(bytes)
    }

    /// What goes after the address of the page.
    pub fn fragment(&self) -> String {
        // An old link that is handed on stays one, without a hash that could be checked.
        let format = if self.hash.is_some() { LINK_FORMAT } else { 1 };
        let packed = pack::packed(format, &body::written(self));
        ["#", PARAMETER, "=", &packed].concat()
    }

    /// A link that is short enough: with every branch if they fit, else with the present one.
    pub fn offer(&self) -> Offer {
        let fragment = self.fragment();
        if fragment.len() <= LINK_MAX {
            let left_out = 0;
            return Offer::Link { fragment, left_out };
        }
        let present = self.without_other_branches();
        let fragment = present.fragment();
        if fragment.len() <= LINK_MAX {
            let left_out = self.run.leaves().saturating_sub(1);
            Offer::Link { fragment, left_out }
        } else {
            Offer::TooLong(fragment.len())
        }
    }

    /// The same with nothing but the acts that lead to what is played.
    fn without_other_branches(&self) -> Link {
        let line = self.run.line().into_iter();
        let versions = line.enumerate().map(|(at, version)| SavedVersion {
            parent: at.checked_sub(1).map(|before| before as u32),
            ..version.clone()
        });
        let versions: Vec<SavedVersion> = versions.collect();
        let run = SavedRun {
            current: versions.len().saturating_sub(1) as u32,
            versions,
            ..self.run.clone()
        };
        Link {
            run,
            ..self.clone()
        }
    }
}

/// JSON without the spaces between its values.
fn without_spaces(json: &str) -> String {
    let (mut inside, mut escaped) = (false, false);
    let keep = |letter: &char| {
        let kept = inside || !letter.is_ascii_whitespace();
        inside ^= *letter == '"' && !escaped;
        escaped = inside && *letter == '\\' && !escaped;
        kept
    };
    json.chars().filter(keep).collect()
}

/// The built-in scenario of a name, with its text.
fn built_in(name: &str) -> Result<(Scenario, &'static str), String> {
    let library = library();
    let Some(found) = library.iter().find(|one| one.name == name) else {
        return Err(tr!(
            "The link uses the built-in scenario “{}”, which this page does not have. The page may be older than the link: reload it, or open the link with the page that made it.",
            name
        ));
    };
    let scenario = super::parse(found.json).map_err(|errors| errors.to_string())?;
    Ok((scenario, found.json))
}
