//! The headless runner: the same engine without a page. Errors go to stderr with exit code 2.

mod commands;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use triage_analysis::export::{Format, Range};
use triage_engine::audit::Hash;

use commands::input::{duration_us, load, recorded};
use commands::run::Outputs;
use commands::{
    audit, causality, export, find, import, lesson, link, record, run, schema, soak, texts,
};

#[derive(Parser)]
#[command(
    name = "triage",
    about = "Runs emergency-response scenarios without a page."
)]
struct Arguments {
    #[command(subcommand)]
    command: Commands,
}

#[derive(Subcommand)]
enum Commands {
    /// Run a scenario; without --until, until every job is done or provably waits.
    Run {
        /// A file, or the name of a built-in scenario.
        scenario: String,
        /// Another seed than the scenario's.
        #[arg(long)]
        seed: Option<u64>,
        /// Stop at this simulated time: 60s, 1500ms or 2m.
        #[arg(long, value_parser = duration_us)]
        until: Option<u64>,
        /// Write the trace as newline-delimited JSON.
        #[arg(long, value_name = "FILE")]
        trace: Option<PathBuf>,
        /// Write counts and latencies as JSON.
        #[arg(long, value_name = "FILE")]
        metrics: Option<PathBuf>,
        /// Write the audit as newline-delimited JSON: every command, in a hash chain.
        #[arg(long, value_name = "FILE")]
        audit: Option<PathBuf>,
        /// Print the SHA-256 of the trace.
        #[arg(long)]
        hash: bool,
    },
    /// Say what can have caused an event and what it can have caused, as JSON.
    Causality {
        /// A file, or the name of a built-in scenario.
        scenario: String,
        /// The event's place in the trace (`seq`).
        #[arg(long, value_name = "SEQ")]
        event: u32,
        /// Another event: which came first, with the chain that proves it.
        #[arg(long, value_name = "SEQ")]
        and: Option<u32>,
        /// Another seed than the scenario's.
        #[arg(long)]
        seed: Option<u64>,
        /// Stop at this simulated time (60s, 1500ms or 2m), not at the end of the story.
        #[arg(long, value_parser = duration_us)]
        until: Option<u64>,
    },
    /// Print the events that a query finds, each on a line of JSON after a first line that counts them.
    Find {
        /// A file, or the name of a built-in scenario.
        scenario: String,
        /// Such as 'kind:job_started class:emergency after:42' or 'kind:job_routed -> kind:job_started'.
        query: String,
        /// Another seed than the scenario's.
        #[arg(long)]
        seed: Option<u64>,
        /// Stop at this simulated time (60s, 1500ms or 2m), not at the end of the story.
        #[arg(long, value_parser = duration_us)]
        until: Option<u64>,
    },
    /// Write a run in the format of another tool: docs/exports.md says what each holds and what opens it.
    Export {
        /// A file, or the name of a built-in scenario.
        scenario: String,
        /// ndjson, shiviz, chrome, mermaid or csv.
        #[arg(long, value_parser = Format::parse)]
        format: Format,
        /// Write there, not to stdout.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Another seed than the scenario's.
        #[arg(long)]
        seed: Option<u64>,
        /// Stop at this simulated time (60s, 1500ms or 2m), not at the end of the story.
        #[arg(long, value_parser = duration_us)]
        until: Option<u64>,
        /// mermaid: begin with the event at this place in the trace.
        #[arg(long, value_name = "SEQ")]
        from: Option<u32>,
        /// mermaid: end with this event, and draw heartbeats and acknowledgements too.
        #[arg(long, value_name = "SEQ")]
        to: Option<u32>,
    },
    /// Read what comes from elsewhere: a log with vector clocks becomes a trace, public alerts become a scenario, marked
    /// as an exercise. docs/imports.md says how.
    Import {
        /// The file.
        file: PathBuf,
        /// What it is.
        #[arg(long)]
        format: import::Source,
        /// shiviz: the expression for one event, with groups event, host and clock; else what the file's first line says.
        #[arg(long, value_name = "EXPRESSION")]
        parser: Option<String>,
        /// shiviz: the expression for what stands between two executions; else what the file's second line says.
        #[arg(long, value_name = "EXPRESSION")]
        delimiter: Option<String>,
        /// shiviz: the execution of this name, not the first.
        #[arg(long, value_name = "NAME")]
        execution: Option<String>,
        /// Write there, not to stdout.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print the link that opens a scenario at a moment: docs/link-format.md says what is in it.
    Link {
        /// A file, the name of a built-in scenario, or the file of a run.
        scenario: String,
        /// The moment: 12s, 1500ms or 2m; without it the beginning, or where the run was left.
        #[arg(long, value_name = "TIME", value_parser = duration_us)]
        at: Option<u64>,
        /// The address of the page, to stand before the link.
        #[arg(long, value_name = "ADDRESS", default_value = "")]
        page: String,
    },
    /// Make a scenario of a run as it was played: what was done by hand stands among its commands.
    Record {
        /// The file of a run: docs/run-format.md.
        run: PathBuf,
        /// Its title; without one, that of the scenario that was played.
        #[arg(long)]
        title: Option<String>,
        /// Write there, not to stdout.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Say whether a scenario file is valid, and if not, what is wrong where.
    Check {
        /// A file, or the name of a built-in scenario.
        scenario: String,
    },
    /// Print the JSON Schema of a format, as editors use it while somebody types.
    Schema {
        /// Which format.
        #[arg(value_enum, default_value = "scenario")]
        format: schema::SchemaFormat,
        /// Write it there instead.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print a lesson step by step with every answer and why; exit code 1 if something in it does not hold in its run.
    Lesson {
        /// Such as public/lessons/messages.json; docs/lesson-format.md describes it.
        file: PathBuf,
    },
    /// Read the code that a student hands in after a lesson.
    Result {
        /// Such as messages-3-of-4-7KQ2.
        code: String,
    },
    /// Verify an audit file: print its head, or name the first altered entry and exit with 1.
    Audit {
        /// As `run --audit` or the page writes it.
        file: PathBuf,
        /// The hash of the last entry, from elsewhere: without it nobody can tell that the end was cut off.
        #[arg(long, value_name = "HASH", value_parser = audit::hash)]
        head: Option<Hash>,
    },
    /// Run random scenarios under the checker of invariants over all cores; exit code 1 if a promise is broken.
    Soak {
        /// How many.
        #[arg(long, default_value_t = 1_000)]
        seeds: u64,
        /// The first seed.
        #[arg(long, default_value_t = 0)]
        first: u64,
        /// Run one scenario under the checker instead: a file, or the name of a built-in scenario.
        #[arg(long, conflicts_with_all = ["seeds", "first"])]
        scenario: Option<String>,
    },
    /// Bring locales/*.po up to date with the texts of the page: docs/languages.md says how.
    Texts {
        /// Change nothing, and say what is missing or wrong; exit code 1 if anything is.
        #[arg(long)]
        check: bool,
    },
    /// List the built-in scenarios, name first.
    List,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.command {
        Commands::Run {
            scenario,
            seed,
            until,
            trace,
            metrics,
            audit,
            hash,
        } => {
            let outputs = Outputs {
                trace: trace.as_deref(),
                metrics: metrics.as_deref(),
                audit: audit.as_deref(),
                hash: *hash,
            };
            run::run(scenario, *seed, *until, &outputs)
        }
        Commands::Causality {
            scenario,
            event,
            and,
            seed,
            until,
        } => recorded(scenario, *seed, *until)
            .and_then(|system| causality::causality(&system, *event, *and)),
        Commands::Find {
            scenario,
            query,
            seed,
            until,
        } => find::parse(query).and_then(|query| {
            let system = recorded(scenario, *seed, *until)?;
            find::find(&system, &query)
        }),
        Commands::Export {
            scenario,
            format,
            out,
            seed,
            until,
            from,
            to,
        } => recorded(scenario, *seed, *until).and_then(|system| {
            let range = Range {
                from: *from,
                to: *to,
            };
            export::export(&system, *format, range, out.as_deref())
        }),
        Commands::Import {
            file,
            format,
            parser,
            delimiter,
            execution,
            out,
        } => {
            let options = import::LogOptions {
                parser: parser.as_deref(),
                delimiter: delimiter.as_deref(),
                execution: execution.as_deref(),
            };
            import::import(file, *format, &options, out.as_deref())
        }
        Commands::Link { scenario, at, page } => link::link(scenario, *at, page),
        Commands::Record { run, title, out } => {
            record::record(run, title.as_deref(), out.as_deref())
        }
        Commands::Audit { file, head } => audit::audit(file, *head),
        Commands::Check { scenario } => check(scenario),
        Commands::Schema { format, out } => schema::schema(*format, out.as_deref()),
        Commands::Lesson { file } => lesson::lesson(file),
        Commands::Result { code } => lesson::result(code),
        Commands::Soak {
            seeds,
            first,
            scenario,
        } => match scenario {
            Some(name) => soak::one(name),
            None => soak::soak(*first, *seeds),
        },
        Commands::Texts { check } => texts::texts(*check),
        Commands::List => list(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads our output may stop reading it; that is no error.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => {
            ExitCode::SUCCESS
        }
        Err(Failure::Broken) => ExitCode::FAILURE,
        Err(failure) => {
            let _ = writeln!(std::io::stderr(), "{}", failure.message());
            ExitCode::from(2)
        }
    }
}

enum Failure {
    Message(String),
    Output(std::io::Error),
    /// A promise of the model or a chain is broken, and was told.
    Broken,
}

impl Failure {
    fn message(&self) -> String {
        match self {
            Failure::Message(message) => message.clone(),
            Failure::Output(error) => format!("cannot write: {error}"),
            Failure::Broken => "broken".to_owned(),
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::Output(error)
    }
}

fn check(name: &str) -> Result<(), Failure> {
    let scenario = load(name)?;
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{}: valid, {} executors, {} workloads, {} commands",
        scenario.name,
        scenario.executors.len(),
        scenario.workload.len(),
        scenario.commands.len()
    )?;
    Ok(())
}

fn list() -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    for built_in in triage_scenario::library() {
        writeln!(out, "{:<20} {}", built_in.name, built_in.title)?;
    }
    Ok(())
}
