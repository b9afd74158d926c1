//! The stage: nodes, queues, slots, clock strips and travelling messages.

use std::rc::Rc;

use crate::format;
use triage_engine::clock::Clocks;
use triage_engine::emergency::Level;
use triage_engine::id::{JobId, MessageId, ProcessIndex};
use triage_engine::job::{Class, Job};
use triage_engine::message::{Message, Payload};
use triage_engine::policy::detector::Detector;
use triage_engine::policy::mass_failure::MassFailureGuardState;
use triage_engine::process::coordinator::Coordinator;
use triage_engine::process::executor::{Executor, Running};
use triage_engine::process::recovery::{HealthView, Recovery};
use triage_engine::process::system::System;
use triage_engine::record::{Attempt, Record};
use triage_engine::trace::{Event, Form};
use triage_engine::world::{Process, Role as Logic, Status, World};
use triage_labels as labels;
use triage_language::{grouped, say, tr};
use triage_playback::Player;

/// How far along its path a refused message is drawn.
const REFUSED_AT: f32 = 0.85;
/// Slots beyond this number are counted, not drawn.
const SLOTS_DRAWN_MAX: usize = 12;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Entry point of all commands.
    System,
    /// Ledger and routing.
    Coordinator,
    /// Heartbeats, failures, reassignment, emergency level.
    Recovery,
    /// Runs jobs.
    Executor,
}

/// Recovery's view of an executor; other processes are always `Healthy` or `Failed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Health {
    /// Its heartbeats arrive in time.
    Healthy,
    /// Silent for longer than the first bound.
    Suspected,
    /// Silent for too long: its jobs are reassigned.
    Failed,
    /// Added, but its registration hasn't arrived yet.
    Joining,
    /// Drained or removed: no longer a member.
    Removed,
}

/// The actual state, which no process can see, only the user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// No fault.
    Up,
    Crashed,
    Hung,
    Slow {
        /// Slowdown factor.
        factor: u32,
    },
    /// Works, but is cut off from all other processes.
    Partitioned,
    /// Works, in a group that is cut off from all others.
    Split,
}

/// A process on the stage. Changes only with events.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeView {
    /// Process index; determines the colour (`index % 8`) and the pattern (`index / 8`).
    pub index: u16,
    /// At most 40 characters.
    pub name: Rc<str>,
    pub role: Role,
    /// Recovery's view.
    pub health: Health,
    /// The actual state.
    pub condition: Condition,
    /// Whether it accepts no new jobs.
    pub draining: bool,
    /// Number of messages that it holds back until their dependencies have been delivered.
    pub held: usize,
    /// The level that an executor works under; `None` for other roles, and until it knows the level.
    pub mode: Option<Level>,
    /// One or two short lines for system, coordinators and recovery ("ledger 10 jobs"); empty for executors.
    pub summary: Vec<String>,
    /// One entry for each slot of an executor, in slot order; at most 12, see `slots_hidden`.
    pub slots: Vec<Option<SlotView>>,
    /// Number of slots beyond the first 12.
    pub slots_hidden: u16,
    /// Waiting emergency jobs, in the order of the queue.
    pub queue_emergency: Vec<JobId>,
    /// Waiting normal jobs, in the order of the queue.
    pub queue_normal: Vec<JobId>,
    /// Paused normal jobs, in the order in which they were paused.
    pub paused: Vec<JobId>,
    /// Number of jobs completed here.
    pub completed: u32,
    pub clock: ClockStrip,
}

/// A running job in its slot. Its progress at time t is `(t - started_us) / duration_us` unless `frozen_at` is set.
#[derive(Clone, Debug, PartialEq)]
pub struct SlotView {
    pub job: JobId,
    pub name: Rc<str>,
    /// Attempt number (fencing token).
    pub attempt: u32,
    pub class: Class,
    /// The level whose colour an emergency job has: the system's level, or `Low` if that is NONE.
    pub level: Level,
    /// The simulated time at which the progress was 0, extrapolated at the current speed, in µs; may be before the
    /// start of the run.
    pub started_us: i64,
    /// Time from 0 to 1 at the current speed, in µs; at least 1.
    pub duration_us: i64,
    /// The constant progress (0 to 1) while the executor is hung.
    pub frozen_at: Option<f32>,
}

/// A vector clock for drawing: one cell for each process, in the order of process indices.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ClockStrip {
    pub cells: Vec<ClockCell>,
    /// Number of digits of the widest entry, including clocks shown beside this one.
    pub digits: u32,
}

impl ClockStrip {
    pub fn new(cells: Vec<ClockCell>) -> ClockStrip {
        let widest = cells.iter().map(|cell| cell.value).max();
        let digits = widest.unwrap_or_default().max(1).ilog10() + 1;
        ClockStrip { cells, digits }
    }
}

/// One entry of a vector clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockCell {
    /// Index of the process whose events it counts.
    pub process: u16,
    /// Number of events of that process that are known here.
    pub value: u32,
    /// Whether it is the process's own entry.
    pub own: bool,
    /// Whether the process's last event raised it by a merge, or, for its own entry, by a tick.
    pub raised: bool,
}

/// What a travelling message carries, as far as it affects drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A normal job (submission, assignment, return or completion): a circle.
    NormalJob,
    /// An emergency job: a diamond in the colour of the level.
    EmergencyJob(Level),
    /// A heartbeat, its reply, or gossip: a small dot on a dotted link.
    Heartbeat,
    /// An acknowledgement: a tiny hollow dot.
    Acknowledgement,
    /// A declaration, change or clearing: a pennant in the level's colour.
    Emergency(Level),
    /// Any other message between processes (registration, drain, failure notice): a small square.
    Control,
}

/// A message in flight. Changes every frame.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenView {
    /// Stable key.
    pub message: MessageId,
    /// Index of its send in the trace.
    pub sent: u32,
    /// Sender's index.
    pub from: u16,
    /// Receiver's index.
    pub to: u16,
    /// 0 at the sender, 1 at the receiver.
    pub progress: f32,
    pub kind: TokenKind,
    /// "job-9", "job-9 #2" with its attempt, "CRITICAL", "heartbeat".
    pub label: String,
    /// A completion on its way back to the ledger: drawn filled, with a tick.
    pub completion: bool,
    /// Won't arrive: falls off and fades with a cross from progress 0.5 on.
    pub lost: bool,
    /// Has just been refused by its receiver: struck through.
    pub refused: bool,
}

/// An active emergency in the top bar.
#[derive(Clone, Debug, PartialEq)]
pub struct EmergencyView {
    /// Such as `emergency-1`.
    pub id: String,
    /// Type in words.
    pub kind: String,
    /// Current level.
    pub level: Level,
    /// Location in words.
    pub place: Option<String>,
    pub declared_us: u64,
}

/// Everything on the stage that changes only with events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StageView {
    /// Every process that hasn't been removed, in the order of process indices.
    pub nodes: Vec<NodeView>,
    /// Active emergencies, oldest first.
    pub emergencies: Vec<EmergencyView>,
    /// Jobs that wait at a coordinator because no executor can take them: the job and what it waits for.
    pub waiting: Vec<(JobId, String)>,
    /// Network faults, each in a few words.
    pub network: Vec<String>,
}

/// The stage at the cursor, without travelling messages.
pub fn stage(player: &Player) -> StageView {
    let world = player.world();
    let state = world
        .system()
        .map(|system| Rc::clone(&system.state))
        .unwrap_or_default();
    let emergencies = state.active.iter().map(|emergency| EmergencyView {
        id: emergency.id.to_string(),
        kind: format::emergency_type(&emergency.kind),
        level: emergency.level,
        place: emergency.place.as_deref().map(str::to_owned),
        declared_us: emergency.declared_us,
    });
    let waiting = world.processes().iter().flat_map(|process| {
        let coordinator = match &process.role {
            Logic::Coordinator(coordinator) => Some(coordinator),
            _ => None,
        };
        let is_down = !matches!(process.status, Status::Up);
        let waits = coordinator.into_iter().flat_map(Coordinator::waiting);
        waits.map(move |entry| {
            let what = match coordinator {
                Some(coordinator) if !is_down => {
                    labels::waits_for(&coordinator.waits_for(&entry.job))
                }
                _ => tr!("{} (down)", process.name),
            };
            (entry.job.id, what)
        })
    });
    let waiting = waiting.chain(unanswered(world));
    let indexed = world.processes().iter().zip(0..);
    let mut nodes: Vec<NodeView> = indexed
        .filter_map(|(process, index)| node(world, index, process, state.level()))
        .collect();
    mark_ticks(player, &mut nodes);
    // Entries have the same width on all cards, so that columns are comparable.
    let digits = nodes.iter().map(|node| node.clock.digits).max();
    for node in &mut nodes {
        node.clock.digits = digits.unwrap_or(1);
    }
    StageView {
        nodes,
        emergencies: emergencies.collect(),
        waiting: waiting.collect(),
        network: network(world),
    }
}

/// Marks the own entries that ticked at the last moment before the cursor.
fn mark_ticks(player: &Player, nodes: &mut [NodeView]) {
    for (_, event) in last_events(player) {
        let ticked = |node: &&mut NodeView| event.process() == Some(ProcessIndex(node.index));
        if let Some(node) = nodes.iter_mut().find(ticked) {
            for cell in node.clock.cells.iter_mut().filter(|cell| cell.own) {
                cell.raised = true;
            }
        }
    }
}

/// Jobs on their way to a coordinator that is down; they already belong to it.
fn unanswered(world: &World) -> impl Iterator<Item = (JobId, String)> {
    let system = world.processes().first().into_iter();
    let pending = system.flat_map(|system| system.mail.outbox.iter());
    pending.filter_map(|(_, pending)| {
        let owner = &world.processes()[pending.to.index()];
        match (&pending.body, &owner.status) {
            (Payload::SubmitJob(job), Status::Crashed | Status::Hung { .. }) => {
                Some((job.id, tr!("{} (down)", owner.name)))
            }
            _ => None,
        }
    })
}

fn network(world: &World) -> Vec<String> {
    let name = |index: ProcessIndex| &*world.processes()[index.index()].name;
    let end = |end: Option<ProcessIndex>| end.map_or_else(|| say("all processes"), name);
    let network = world.network();
    let mut wrong = Vec::new();
    if !network.split().is_empty() {
        let group: Vec<&str> = network.split().iter().map(|index| name(*index)).collect();
        wrong.push(tr!("{} split from the others", group.join(", ")));
    }
    wrong.extend(network.faults().map(|(pair, fault)| {
        let (from, to) = (end(pair.from), end(pair.to));
        [from, " → ", to, ": ", &format::link_fault(*fault)].concat()
    }));
    wrong.extend(network.forgeries().map(|(from, to)| {
        tr!(
            "{from} → {to}: the next clock is forged",
            from = name(*from),
            to = name(*to)
        )
    }));
    wrong
}

/// One process at the cursor; `None` if there is no such process, or it has left.
pub fn node_at(player: &Player, index: ProcessIndex) -> Option<NodeView> {
    let world = player.world();
    let process = world.processes().get(index.index())?;
    let level = world
        .system()
        .map_or(Level::None, |system| system.state.level());
    node(world, index.0, process, level)
}

/// Every message in flight at the cursor.
pub fn tokens(player: &Player) -> Vec<TokenView> {
    let world = player.world();
    let level = world
        .system()
        .map_or(Level::None, |system| system.state.level());
    let in_flight = world.network().in_flight();
    in_flight
        .map(|message| token(world, message, level))
        .chain(refused(player, level))
        .collect()
}

/// The events of the last moment before the cursor, newest first.
fn last_events(player: &Player) -> impl Iterator<Item = (u32, &Event)> {
    let trace = player.trace();
    let events = (0..player.count())
        .rev()
        .filter_map(move |seq| Some((seq, trace.get(seq)?)));
    let mut last_ns = None;
    events.take_while(move |(_, event)| *last_ns.get_or_insert(event.t_ns) == event.t_ns)
}

/// Completions that were refused at the last moment: they are shown before their receiver until the next event.
fn refused(player: &Player, level: Level) -> impl Iterator<Item = TokenView> {
    last_events(player).filter_map(move |(_, event)| {
        let Record::CompletionRefused(attempt, _) = event.record else {
            return None;
        };
        let Form::Receipt {
            from,
            message,
            cause,
        } = event.form
        else {
            return None;
        };
        let place = (attempt.job.0 as usize).checked_sub(1)?;
        let job = player.trace().jobs().get(place)?;
        Some(TokenView {
            message,
            sent: cause,
            from: from.0,
            to: event.process()?.0,
            progress: REFUSED_AT,
            kind: job_kind(job, level),
            label: attempt_label(attempt),
            completion: true,
            lost: false,
            refused: true,
        })
    })
}

fn node(world: &World, index: u16, process: &Process, level: Level) -> Option<NodeView> {
    let place = ProcessIndex(index);
    let mut view = NodeView {
        index,
        name: Rc::clone(&process.name),
        role: Role::System,
        health: Health::Healthy,
        condition: condition(world, place, process),
        draining: false,
        held: process.held_back().count(),
        mode: None,
        summary: Vec::new(),
        slots: Vec::new(),
        slots_hidden: 0,
        queue_emergency: Vec::new(),
        queue_normal: Vec::new(),
        paused: Vec::new(),
        completed: 0,
        clock: strip(&process.clocks, place, world.processes().len()),
    };
    if matches!(process.status, Status::Crashed) {
        view.health = Health::Failed; // recovery's view overrides this for executors below
    }
    match &process.role {
        Logic::System(system) => view.summary = system_summary(system),
        Logic::Host => {}
        Logic::Coordinator(coordinator) => {
            view.role = Role::Coordinator;
            view.summary = coordinator_summary(world, coordinator);
            view.completed = coordinator.ledger.completed;
        }
        Logic::Recovery(recovery) => {
            view.role = Role::Recovery;
            view.summary = recovery_summary(world, recovery);
        }
        Logic::Executor(executor) => {
            if matches!(process.status, Status::Left) {
                return None;
            }
            let member = world
                .recovery()
                .and_then(|recovery| recovery.members().get(&place));
            view.role = Role::Executor;
            view.health = match member.map(|member| member.health) {
                None => Health::Joining,
                Some(HealthView::Healthy) => Health::Healthy,
                Some(HealthView::Suspected) => Health::Suspected,
                Some(HealthView::Failed) => Health::Failed,
                Some(HealthView::Removed) => Health::Removed,
            };
            view.draining = executor.draining || member.is_some_and(|member| member.draining);
            fill_executor(&mut view, world, process, executor, level);
        }
    }
    Some(view)
}

fn condition(world: &World, index: ProcessIndex, process: &Process) -> Condition {
    let slow_factor = match &process.role {
        Logic::Executor(executor) => executor.slow_factor,
        _ => 1,
    };
    match process.status {
        Status::Crashed => Condition::Crashed,
        Status::Hung { .. } => Condition::Hung,
        _ if world.network().is_cut_off(index) => Condition::Partitioned,
        _ if world.network().split().contains(&index) => Condition::Split,
        _ if slow_factor > 1 => Condition::Slow {
            factor: slow_factor,
        },
        _ => Condition::Up,
    }
}

fn fill_executor(
    view: &mut NodeView,
    world: &World,
    process: &Process,
    executor: &Executor,
    level: Level,
) {
    let capacity = usize::from(executor.spec.capacity);
    let drawn = capacity.min(SLOTS_DRAWN_MAX);
    let stopped_ns = match process.status {
        Status::Hung { since_ns, .. } => Some(since_ns),
        _ => None,
    };
    view.mode = executor.level();
    view.slots = vec![None; drawn];
    view.slots_hidden = (capacity - drawn) as u16;
    for running in executor.running_jobs.values() {
        if let Some(slot) = view.slots.get_mut(usize::from(running.slot)) {
            let now_ns = stopped_ns.unwrap_or(world.now_ns());
            *slot = Some(slot_view(
                running,
                executor.slow_factor,
                level,
                now_ns,
                stopped_ns.is_some(),
            ));
        }
    }
    view.queue_emergency = executor
        .emergency_jobs
        .iter()
        .map(|waiting| waiting.job.id)
        .collect();
    view.queue_normal = executor
        .normal_jobs
        .iter()
        .map(|waiting| waiting.job.id)
        .collect();
    view.paused = executor
        .paused_jobs
        .iter()
        .map(|paused| paused.assignment.job.id)
        .collect();
    view.completed = executor.completed_jobs;
}

fn slot_view(running: &Running, factor: u32, level: Level, now_ns: u64, frozen: bool) -> SlotView {
    let factor = i64::from(factor.max(1));
    let total_us = (running.total_ns / 1_000) as i64;
    let left_us = (running.remaining_ns / 1_000) as i64;
    // Extrapolated at the current speed: the total duration, and when it would have started.
    let duration_us = (total_us * factor).max(1);
    let started_us = (running.since_ns / 1_000) as i64 - (total_us - left_us) * factor;
    let progress = ((now_ns / 1_000) as i64 - started_us) as f32 / duration_us as f32;
    let Attempt { job, number } = running.assignment.key();
    SlotView {
        job,
        name: Rc::clone(&running.assignment.job.name),
        attempt: number,
        class: running.assignment.job.class(),
        level: display_level(level),
        started_us,
        duration_us,
        frozen_at: frozen.then_some(progress.clamp(0.0, 1.0)),
    }
}

/// The level whose colour an emergency job has: LOW if the system has none.
fn display_level(level: Level) -> Level {
    level.max(Level::Low)
}

/// A process's clock as a strip with a cell for each of `processes`.
pub fn strip(clocks: &Clocks, own: ProcessIndex, processes: usize) -> ClockStrip {
    let cell = |index: u16| ClockCell {
        process: index,
        value: clocks.stamp().vector.get(ProcessIndex(index)),
        own: index == own.0,
        raised: clocks.raised().contains(&ProcessIndex(index)),
    };
    ClockStrip::new((0..processes as u16).map(cell).collect())
}

fn system_summary(system: &System) -> Vec<String> {
    let active = system.state.active.len();
    let emergencies = match active {
        0 => say("no emergency").to_owned(),
        more => tr!("1 emergency active" | "{n} emergencies active" % more),
    };
    let jobs = grouped(system.jobs.into());
    vec![
        tr!(
            "1 job submitted" | "{n} jobs submitted" % system.jobs,
            n = jobs
        ),
        emergencies,
    ]
}

fn coordinator_summary(world: &World, coordinator: &Coordinator) -> Vec<String> {
    let configuration = &world.setup().configuration;
    let open = coordinator.ledger.jobs.len() as u32;
    if configuration.coordinators > 1 {
        let coordinators = usize::from(configuration.coordinators);
        return vec![
            tr!("owns 1 job" | "owns {n} jobs" % open),
            gossip_summary(coordinator, coordinators - 1, world.now_ns()),
        ];
    }
    let routing = [
        configuration.routing_normal.name(),
        configuration.routing_emergency.name(),
    ];
    let waiting = coordinator.waiting().count();
    let second = match waiting {
        0 => tr!(
            "routing {normal} / {emergency}",
            normal = routing[0].replace('_', "-"),
            emergency = routing[1]
        ),
        some => tr!("{} waiting for an executor", some),
    };
    vec![
        tr!(
            "ledger {open} open · attempt ≤ {attempt}",
            open,
            attempt = coordinator.ledger.attempt_max
        ),
        second,
    ]
}

/// How many other coordinators it has received gossip from, and the age of the oldest information.
fn gossip_summary(coordinator: &Coordinator, others: usize, now_ns: u64) -> String {
    let peers = &coordinator.gossip.peers;
    let oldest = peers.values().map(|peer| peer.reported_ns).min();
    match oldest {
        Some(reported_ns) if peers.len() == others => {
            let age_us = now_ns.saturating_sub(reported_ns) / 1_000;
            // The card is only updated with events, so it rounds to tenths of a second.
            let age = format::span(age_us / 100_000 * 100_000);
            tr!("last gossip {age} ago", age)
        }
        Some(_) => tr!("gossip from {} of the others", peers.len()),
        None => say("no gossip received yet").to_owned(),
    }
}

fn recovery_summary(world: &World, recovery: &Recovery) -> Vec<String> {
    let count = |belief: HealthView| {
        recovery
            .members()
            .values()
            .filter(|member| member.health == belief)
            .count()
    };
    let mut said = vec![tr!("{} healthy", count(HealthView::Healthy))];
    let (suspected, failed) = (count(HealthView::Suspected), count(HealthView::Failed));
    if suspected > 0 {
        said.push(tr!("{} suspected", suspected));
    }
    if failed > 0 {
        said.push(tr!("{} failed", failed));
    }
    let second = match recovery.braking {
        MassFailureGuardState::Held(_) => say("holds reassignment back").to_owned(),
        MassFailureGuardState::Off | MassFailureGuardState::Over => {
            let detector = detector(world.setup().configuration.detector);
            tr!("detector: {detector}", detector)
        }
    };
    vec![said.join(" · "), second]
}

/// A detector with its most important parameter.
fn detector(detector: Detector) -> String {
    match detector {
        Detector::Timeout { fail_us, .. } => tr!("timeout {}", format::span(fail_us)),
        Detector::PhiAccrual(phi) => {
            let thousandths = phi.fail_phi_thousandths;
            tr!("φ-accrual {}", format::number(f64::from(thousandths) / 1e3))
        }
        Detector::Preset(preset) => tr!("as in {}", preset.name()),
    }
}

fn token(world: &World, message: &Message, level: Level) -> TokenView {
    let span_ns = message.due_ns.saturating_sub(message.sent_ns).max(1) as f32;
    let since_ns = world.now_ns().saturating_sub(message.sent_ns) as f32;
    let receiver = &world.processes()[message.to.index()].status;
    let nobody_there = matches!(receiver, Status::Crashed | Status::Left);
    let (kind, label) = token_kind(&message.body, level);
    TokenView {
        message: message.id,
        sent: message.send_seq,
        from: message.from.0,
        to: message.to.0,
        progress: (since_ns / span_ns).clamp(0.0, 1.0),
        kind,
        label,
        completion: matches!(message.body, Payload::Complete { .. }),
        lost: message.cut
            || message.lost
            || nobody_there
            || world.network().is_cut(message.from, message.to),
        refused: false,
    }
}

/// A job with its attempt: "job-9 #2".
pub fn attempt_label(attempt: Attempt) -> String {
    format!("{} #{}", attempt.job, attempt.number)
}

fn job_kind(job: &Job, level: Level) -> TokenKind {
    match job.class() {
        Class::Normal => TokenKind::NormalJob,
        Class::Emergency => TokenKind::EmergencyJob(display_level(level)),
    }
}

fn token_kind(body: &Payload, level: Level) -> (TokenKind, String) {
    let of_job = |job: &Job| job_kind(job, level);
    let attempt = |job: &Job, number: u32| {
        attempt_label(Attempt {
            job: job.id,
            number,
        })
    };
    match body {
        Payload::SubmitJob(job) => (of_job(job), job.id.to_string()),
        Payload::Assign {
            job,
            attempt: number,
            ..
        }
        | Payload::Return {
            job,
            attempt: number,
        } => (of_job(job), attempt(job, *number)),
        Payload::Complete {
            job,
            attempt: number,
        } => (of_job(job), attempt(job, *number)),
        Payload::Heartbeat { .. } | Payload::HeartbeatReply { .. } | Payload::Gossip(_) => {
            (TokenKind::Heartbeat, format::message_kind(body.what()))
        }
        Payload::Acknowledgement(_) => (
            TokenKind::Acknowledgement,
            format::message_kind(body.what()),
        ),
        Payload::Emergency { state, .. }
        | Payload::EmergencyNotice(state)
        | Payload::SetMode(state) => (
            TokenKind::Emergency(state.level()),
            state.level().name().to_owned(),
        ),
        other => (TokenKind::Control, format::message_kind(other.what())),
    }
}
