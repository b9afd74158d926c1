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
    /// Run a scenario. Without --until, it runs until every job is completed or cannot proceed.
    Run {
        /// A file, or the name of a built-in scenario.
        scenario: String,
        /// Use this seed instead of the scenario's.
        #[arg(long)]
        seed: Option<u64>,
        /// Stop at this simulated time, for example 60s, 1500ms or 2m.
        #[arg(long, value_parser = duration_us)]
        until: Option<u64>,
        /// Write the trace as newline-delimited JSON.
        #[arg(long, value_name = "FILE")]
        trace: Option<PathBuf>,
        /// Write counts and latencies as JSON.
        #[arg(long, value_name = "FILE")]
        metrics: Option<PathBuf>,
        /// Write the audit as newline-delimited JSON: all commands, in a hash chain.
        #[arg(long, value_name = "FILE")]
        audit: Option<PathBuf>,
        /// Print the SHA-256 of the trace.
        #[arg(long)]
        hash: bool,
    },
    /// Print, as JSON, which events may have caused an event and which it may have caused.
    Causality {
        /// A file, or the name of a built-in scenario.
        scenario: String,
        /// The event's position in the trace (`seq`).
        #[arg(long, value_name = "SEQ")]
        event: u32,
        /// A second event: print how the two are related, with the causal chain between them.
        #[arg(long, value_name = "SEQ")]
        and: Option<u32>,
        /// Use this seed instead of the scenario's.
        #[arg(long)]
        seed: Option<u64>,
        /// Stop at this simulated time (for example 60s, 1500ms or 2m) instead of at the end of the scenario.
        #[arg(long, value_parser = duration_us)]
        until: Option<u64>,
    },
    /// Print the events that match a query: first a line with their number, then one line of JSON for each.
    Find {
        /// A file, or the name of a built-in scenario.
        scenario: String,
        /// For example 'kind:job_started class:emergency after:42' or 'kind:job_routed -> kind:job_started'.
        query: String,
        /// Use this seed instead of the scenario's.
        #[arg(long)]
        seed: Option<u64>,
        /// Stop at this simulated time (for example 60s, 1500ms or 2m) instead of at the end of the scenario.
        #[arg(long, value_parser = duration_us)]
        until: Option<u64>,
    },
    /// Write a run in the format of another tool. docs/exports.md describes the formats.
    Export {
        /// A file, or the name of a built-in scenario.
        scenario: String,
        /// ndjson, shiviz, chrome, mermaid or csv.
        #[arg(long, value_parser = Format::parse)]
        format: Format,
        /// Write to this file instead of stdout.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Use this seed instead of the scenario's.
        #[arg(long)]
        seed: Option<u64>,
        /// Stop at this simulated time (for example 60s, 1500ms or 2m) instead of at the end of the scenario.
        #[arg(long, value_parser = duration_us)]
        until: Option<u64>,
        /// mermaid: start with the event at this position in the trace.
        #[arg(long, value_name = "SEQ")]
        from: Option<u32>,
        /// mermaid: end with this event, and also draw heartbeats and acknowledgements.
        #[arg(long, value_name = "SEQ")]
        to: Option<u32>,
    },
    /// Import a file: a log with vector clocks becomes a trace, public alerts become a scenario that is marked as an
    /// exercise. docs/imports.md describes both.
    Import {
        /// The file.
        file: PathBuf,
        /// Its format.
        #[arg(long)]
        format: import::Source,
        /// shiviz: the regular expression for one event, with the groups event, host and clock. Default: the first line of
        /// the file.
        #[arg(long, value_name = "EXPRESSION")]
        parser: Option<String>,
        /// shiviz: the regular expression for the delimiter between executions. Default: the second line of the file.
        #[arg(long, value_name = "EXPRESSION")]
        delimiter: Option<String>,
        /// shiviz: import the execution with this name instead of the first one.
        #[arg(long, value_name = "NAME")]
        execution: Option<String>,
        /// Write to this file instead of stdout.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print a link that opens a scenario at a given time. docs/link-format.md describes its content.
    Link {
        /// A file, the name of a built-in scenario, or the file of a saved run.
        scenario: String,
        /// The time, for example 12s, 1500ms or 2m. Default: the start, or the cursor of a saved run.
        #[arg(long, value_name = "TIME", value_parser = duration_us)]
        at: Option<u64>,
        /// The address of the page, which is put in front of the link.
        #[arg(long, value_name = "ADDRESS", default_value = "")]
        page: String,
    },
    /// Turn a saved run into a scenario that contains the manual commands too.
    Record {
        /// The file of a saved run: docs/run-format.md.
        run: PathBuf,
        /// The title of the scenario. Default: the title of the original scenario.
        #[arg(long)]
        title: Option<String>,
        /// Write to this file instead of stdout.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Check whether a scenario file is valid, and print its problems with their location.
    Check {
        /// A file, or the name of a built-in scenario.
        scenario: String,
    },
    /// Print the JSON Schema of a format, for text editors.
    Schema {
        /// The format.
        #[arg(value_enum, default_value = "scenario")]
        format: schema::SchemaFormat,
        /// Write to this file instead of stdout.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print a lesson step by step, with all answers and explanations. Exit code 1 if it does not match its run.
    Lesson {
        /// For example public/lessons/messages.json. docs/lesson-format.md describes the format.
        file: PathBuf,
    },
    /// Decode the result code that a student submits after a lesson.
    Result {
        /// For example messages-3-of-4-7KQ2.
        code: String,
    },
    /// Verify an audit file: print its head, or the first altered entry with exit code 1.
    Audit {
        /// A file that `run --audit` or the page has written.
        file: PathBuf,
        /// The hash of the last entry, from another source. Without it, missing entries at the end cannot be detected.
        #[arg(long, value_name = "HASH", value_parser = audit::hash)]
        head: Option<Hash>,
    },
    /// Run random scenarios on all cores and check the invariants after each step. Exit code 1 if one is violated.
    Soak {
        /// The number of scenarios.
        #[arg(long, default_value_t = 1_000)]
        seeds: u64,
        /// The first seed.
        #[arg(long, default_value_t = 0)]
        first: u64,
        /// Check one scenario instead: a file, or the name of a built-in scenario.
        #[arg(long, conflicts_with_all = ["seeds", "first"])]
        scenario: Option<String>,
    },
    /// Update locales/*.po with the texts of the page. docs/languages.md describes the process.
    Texts {
        /// Change nothing, and print what is missing or wrong. Exit code 1 if there is anything.
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
