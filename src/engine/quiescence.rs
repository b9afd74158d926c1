//! Whether anything worth watching is still to come, and when: heartbeats alone go on for ever.

use super::id::ProcessIndex;
use super::message::Message;
use super::process::Timer;
use super::process::recovery::HealthView;
use super::world::{Role, Scheduled, Status, World};

impl World {
    /// When the next thing happens that a person would wait for (an arrival, a command, a message that matters,
    /// the end of a job, a change of belief), in ns. Heartbeats, acknowledgements, repetitions and checks that
    /// find nothing do not count.
    pub fn next_notable_ns(&self) -> Option<u64> {
        let notable = self.queue.iter().filter(|(_, item)| match **item {
            Scheduled::Deliver(id) => self.network.get(id).is_some_and(is_worth_watching),
            Scheduled::Timer(_, Timer::Retry(_), _) => false,
            item => self.is_pending(item),
        });
        notable.map(|(t_ns, _)| t_ns).min()
    }

    /// The first transmission that arrives next, of those that a person would follow.
    pub fn next_worth_watching(&self) -> Option<&Message> {
        let worth = self
            .network
            .in_flight()
            .filter(|message| is_worth_watching(message));
        worth.min_by_key(|message| message.due_ns)
    }

    fn is_pending(&self, item: Scheduled) -> bool {
        match item {
            Scheduled::Command(_) | Scheduled::Arrival(_) | Scheduled::Logged(_) => true,
            Scheduled::Deliver(id) => self
                .network
                .get(id)
                .is_some_and(|message| !message.body.is_background()),
            Scheduled::Timer(process, timer, generation) => {
                self.is_current(process, timer, generation)
                    && match timer {
                        Timer::Heartbeat | Timer::Gossip => false,
                        Timer::Completion(_) | Timer::Retry(_) | Timer::Hold => true,
                        // It will find silence only of somebody who cannot be heard.
                        Timer::Silence(executor) => !self.can_talk(executor, process),
                    }
            }
        }
    }

    /// Whether two processes run and messages pass between them, apart from degraded links.
    fn can_talk(&self, from: ProcessIndex, to: ProcessIndex) -> bool {
        let up = |index: ProcessIndex| matches!(self.processes[index.index()].status, Status::Up);
        up(from) && up(to) && !self.network.is_cut(from, to)
    }

    /// Whether nothing will ever change any more but heartbeats, unless somebody gives a command: every job is
    /// done, or waits for something that will not come by itself, and everybody who can be told knows everything.
    pub fn is_quiet(&self) -> bool {
        let pending = self.queue.iter().any(|(_, item)| match *item {
            // Repetitions to somebody who cannot answer go on for ever.
            Scheduled::Timer(process, Timer::Retry(_), _) => {
                self.is_pending(*item) && self.awaits_an_answer(process)
            }
            Scheduled::Deliver(id) => self.network.get(id).is_some_and(|message| {
                self.can_talk(message.from, message.to) && !message.body.is_background()
            }),
            _ => self.is_pending(*item),
        });
        !pending && self.health_views_are_settled() && self.gossip_is_settled()
    }

    /// Whether a process that can be heard waits for somebody who can be heard.
    fn awaits_an_answer(&self, index: ProcessIndex) -> bool {
        let process = &self.processes[index.index()];
        let mut waits = process.mail.outbox.iter();
        waits.any(|(_, pending)| self.can_talk(index, pending.to))
    }

    /// Whether coordinators that can speak with each other have nothing to tell each other of executors or emergencies.
    fn gossip_is_settled(&self) -> bool {
        let ledgers = || {
            let all = self.processes.iter().zip(0..);
            all.filter_map(|(process, index)| match &process.role {
                Role::Coordinator(coordinator) => Some((ProcessIndex(index), &coordinator.ledger)),
                _ => None,
            })
        };
        ledgers().all(|(one, mine)| {
            ledgers().all(|(other, theirs)| {
                let same = || {
                    mine.checksum() == theirs.checksum()
                        && mine.emergency.version == theirs.emergency.version
                };
                one >= other || !self.can_talk(one, other) || same()
            })
        })
    }

    fn health_views_are_settled(&self) -> bool {
        let index = self.recovery_index();
        let recovery = match (self.recovery(), &self.processes[index.index()].status) {
            (Some(recovery), Status::Up) => recovery,
            _ => return true, // nobody believes anything else before it is back
        };
        let heard = |executor: ProcessIndex| self.can_talk(executor, index);
        self.executors().all(|(index, _, executor)| {
            let Some(member) = recovery.members().get(&index) else {
                return !heard(index);
            };
            let alive = heard(index);
            match member.health {
                HealthView::Removed => !alive,
                HealthView::Healthy => {
                    let knows = executor.state.as_ref().map(|state| state.version);
                    alive
                        && member.incarnation == executor.incarnation
                        && knows == Some(recovery.known.state.version)
                }
                HealthView::Suspected => false,
                HealthView::Failed => !alive,
            }
        })
    }
}

fn is_worth_watching(message: &Message) -> bool {
    !message.body.is_background() && message.original == message.id
}
