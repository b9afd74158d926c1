//! The types of a lesson file. Field names are as in the file, and the readers show which fields are optional.

use super::question::{About, Question, Relation};
use super::{
    Anchor, Arrows, Highlight, LESSON_FORMAT, Lesson, LessonSummary, PARTS, Place, Step, Task,
};
use triage_language::{say, tr};
use triage_scenario::json::Json;
use triage_scenario::reader::{Problem, Read, object, tagged, text, word};
use triage_scenario::saved::scenario_text;

/// A lesson file.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct File {
    /// The version of this format: 1.
    lesson_format: u32,
    /// Its name: lower-case letters, digits and `-`, at most 40.
    name: String,
    /// Its title.
    title: String,
    /// What students can do after the lesson, in a sentence or two.
    about: String,
    /// The approximate duration, in minutes.
    minutes: u32,
    /// The name of a built-in scenario, or a scenario.
    #[cfg_attr(
        feature = "schema",
        schemars(with = "crate::schema::NamedOr<triage_scenario::Scenario>")
    )]
    scenario: Source,
    /// The steps, at least one.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<Written>"))]
    steps: Vec<Step>,
}

enum Source {
    BuiltIn(String),
    Inside,
}

impl File {
    /// Converts the file to a lesson. `json` is the text of the file, from which an embedded scenario is copied.
    pub fn into_lesson(self, json: &str) -> Result<Lesson, String> {
        if self.lesson_format != LESSON_FORMAT {
            return Err(tr!(
                "lesson_format: {format} is not supported: this page reads version {wanted}",
                format = self.lesson_format,
                wanted = LESSON_FORMAT
            ));
        }
        let scenario = match self.scenario {
            Source::BuiltIn(name) => {
                let library = triage_scenario::library();
                let found = library.into_iter().find(|entry| entry.name == name);
                let entry = found.ok_or_else(|| {
                    let name = format!("{name:?}");
                    tr!("scenario: there is no built-in scenario named {name}", name)
                })?;
                entry.json
            }
            Source::Inside => scenario_text(json).unwrap_or_default(),
        };
        Ok(Lesson {
            name: self.name,
            title: self.title,
            about: self.about,
            minutes: self.minutes,
            scenario: scenario.to_owned(),
            steps: self.steps,
        })
    }
}

impl Read for File {
    fn read(json: &Json) -> Result<File, Problem> {
        object!(json => File {
            "lesson_format" => lesson_format,
            "name" => name,
            "title" => title,
            "about" => about,
            "minutes" => minutes = 5,
            "scenario" => scenario,
            "steps" => steps,
        })
    }
}

impl Read for Source {
    fn read(json: &Json) -> Result<Source, Problem> {
        match json {
            Json::Object(_) => Ok(Source::Inside),
            name => Ok(Source::BuiltIn(text(name)?.to_owned())),
        }
    }
}

impl Read for LessonSummary {
    fn read(json: &Json) -> Result<LessonSummary, Problem> {
        object!(json => LessonSummary {
            "name" => name,
            "title" => title,
            "about" => about,
            "minutes" => minutes,
            "steps" => steps,
            "questions" => questions,
        })
    }
}

/// A step as written in a file.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Step"))]
struct Written {
    /// Its title.
    title: String,
    /// Its text, by paragraphs. `[[term]]` and `[[words|term]]` link to the glossary.
    text: Vec<String>,
    /// Moves the cursor to just after this event.
    after: Option<Anchor>,
    /// Moves the cursor to just before this event, so that students can predict it.
    before: Option<Anchor>,
    /// The view of the dock to open.
    view: Option<String>,
    /// Messages to draw in the diagram in addition to those about jobs and levels.
    arrows: Vec<Arrows>,
    /// What to highlight.
    #[cfg_attr(feature = "schema", schemars(rename = "look_at"))]
    highlights: Vec<Highlight>,
    /// What the student must do before going on.
    #[cfg_attr(feature = "schema", schemars(rename = "do"))]
    task: Option<Task>,
    /// A question to answer.
    question: Option<Question>,
}

impl Read for Step {
    fn read(json: &Json) -> Result<Step, Problem> {
        let written: Result<Written, Problem> = object!(json => Written {
            "title" => title,
            "text" => text,
            "after" => after = None,
            "before" => before = None,
            "view" => view = None,
            "arrows" => arrows = Vec::new(),
            "look_at" => highlights = Vec::new(),
            "do" => task = None,
            "question" => question = None,
        });
        let written = written?;
        let at = match (written.after, written.before) {
            (Some(_), Some(_)) => {
                let both = say("give `after` or `before`, not both");
                return Err(Problem::new(both.to_owned()));
            }
            (after, before) => after.map(Place::After).or(before.map(Place::Before)),
        };
        Ok(Step {
            title: written.title,
            text: written.text,
            at,
            view: written.view,
            arrows: written.arrows,
            highlights: written.highlights,
            task: written.task,
            question: written.question,
        })
    }
}

impl Read for Anchor {
    fn read(json: &Json) -> Result<Anchor, Problem> {
        if let Json::Text(query) = json {
            let query = query.clone();
            return Ok(Anchor { query, hit: 1 });
        }
        object!(json => Anchor { "query" => query, "hit" => hit = 1 })
    }
}

impl Read for Arrows {
    fn read(json: &Json) -> Result<Arrows, Problem> {
        let known = ["acknowledgements", "heartbeats"];
        Ok([Arrows::Acknowledgements, Arrows::Heartbeats][word(json, &known)?])
    }
}

const MARKS: [&str; 6] = ["process", "clock", "slot", "event", "message", "part"];

impl Read for Highlight {
    fn read(json: &Json) -> Result<Highlight, Problem> {
        tagged(json, &MARKS, |name, value| {
            Ok(match name {
                "process" => Highlight::Process(Read::read(value)?),
                "clock" => Highlight::Clock(Read::read(value)?),
                "slot" => Highlight::Slot(Read::read(value)?),
                "event" => Highlight::Event(Read::read(value)?),
                "message" => Highlight::Message(Read::read(value)?),
                _ => Highlight::Part(word(value, &PARTS.map(|(part, _)| part))?),
            })
        })
    }
}

impl Read for Task {
    fn read(json: &Json) -> Result<Task, Problem> {
        object!(json => Task { "say" => say, "command" => command, "until" => until })
    }
}

impl Read for Question {
    fn read(json: &Json) -> Result<Question, Problem> {
        object!(json => Question {
            "ask" => ask,
            "about" => about,
            "reveal" => reveal = None,
            "then" => then = String::new(),
        })
    }
}

const ABOUT: [&str; 14] = [
    "relation", "vectors", "clock", "count", "click", "lamport", "wall", "who", "level", "pauses",
    "targets", "token", "first", "delay",
];

impl Read for About {
    fn read(json: &Json) -> Result<About, Problem> {
        tagged(json, &ABOUT, |name, value| match name {
            "relation" => object!(value => About::Relation { "of" => of, "to" => to }),
            "vectors" => object!(value => About::Vectors { "of" => of, "to" => to }),
            "clock" => object!(value => About::Clock { "of" => of }),
            "count" => object!(value => About::Count {
                "relation" => relation, "to" => to, "among" => among
            }),
            "click" => object!(value => About::Click { "relation" => relation, "to" => to }),
            "lamport" => object!(value => About::Lamport { "of" => of, "to" => to }),
            "wall" => object!(value => About::Wall { "of" => of, "to" => to }),
            "who" => object!(value => About::Who { "of" => of, "role" => role }),
            "level" => object!(value => About::Level { "of" => of }),
            "pauses" => object!(value => About::Pauses { "job" => job }),
            "targets" => object!(value => About::Targets { "under" => under = None }),
            "token" => object!(value => About::Token { "of" => of }),
            "first" => object!(value => About::First { "of" => of, "to" => to }),
            _ => object!(value => About::Delay {
                "from" => from, "to" => to, "bounds_ms" => bounds_ms
            }),
        })
    }
}

impl Read for Relation {
    fn read(json: &Json) -> Result<Relation, Problem> {
        let known = Relation::ALL.map(|relation| relation.name());
        Ok(Relation::ALL[word(json, &known)?])
    }
}

impl Read for super::question::Part {
    fn read(json: &Json) -> Result<super::question::Part, Problem> {
        use super::question::Part;
        let known = ["process", "executor", "to"];
        Ok([Part::Process, Part::Executor, Part::To][word(json, &known)?])
    }
}

impl Read for super::question::Under {
    fn read(json: &Json) -> Result<super::question::Under, Problem> {
        use super::question::Under;
        let known = ["fifo", "strict"];
        Ok([Under::Fifo, Under::Strict][word(json, &known)?])
    }
}
