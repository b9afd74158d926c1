//! Clocks equal causality: vectors and Lamport values are computed here from the causes of events alone.

use super::{Verdict, rule};
use crate::id::ProcessIndex;
use crate::trace::{Event, Form};
use crate::world::World;

/// The send of one message, and what its sender knew.
#[derive(Debug)]
struct Sent {
    seq: u32,
    from: ProcessIndex,
    to: ProcessIndex,
    lamport: u32,
    vector: Box<[u32]>,
}

#[derive(Debug, Default)]
pub(super) struct ClockRules {
    vectors: Vec<Vec<u32>>,
    lamports: Vec<u32>,
    /// By message number, which counts from 1.
    sent: Vec<Sent>,
    now_ns: u64,
}

impl ClockRules {
    pub(super) fn join(&mut self) {
        self.vectors.push(Vec::new());
        self.lamports.push(0);
    }

    pub(super) fn see(&mut self, seq: u32, event: &Event) -> Verdict {
        rule(event.t_ns >= self.now_ns, "time goes back", || {
            format!("{} after {}", event.t_ns, self.now_ns)
        })?;
        self.now_ns = event.t_ns;
        let Some(process) = event.process() else {
            return Ok(());
        };
        let own = process.index();
        let mut lamport = self.lamports[own];
        if let Form::Receipt {
            from,
            message,
            cause,
        } = event.form
        {
            let sent = (message.0 as usize)
                .checked_sub(1)
                .and_then(|index| self.sent.get(index));
            let Some(sent) = sent.filter(|sent| {
                sent.seq == cause && sent.from == from && sent.to == process && cause < seq
            }) else {
                return Err((
                    "a receipt without its send",
                    format!("message {} from seq {cause}", message.0),
                ));
            };
            // A forged stamp is refused: the receipt ticks and merges nothing.
            if event.record.kind() != "message_refused" {
                let mine = &mut self.vectors[own];
                mine.resize(mine.len().max(sent.vector.len()), 0);
                for (mine, theirs) in mine.iter_mut().zip(&sent.vector) {
                    *mine = (*mine).max(*theirs);
                }
                lamport = lamport.max(sent.lamport);
            }
        }
        let mine = &mut self.vectors[own];
        mine.resize(mine.len().max(own + 1), 0);
        mine[own] += 1;
        self.lamports[own] = lamport + 1;
        if let Form::Send { to, message, .. } = event.form {
            let expected = self.sent.len() as u32 + 1;
            rule(message.0 == expected, "a message number is not new", || {
                format!("{} in place of {expected}", message.0)
            })?;
            self.sent.push(Sent {
                seq,
                from: process,
                to,
                lamport: lamport + 1,
                vector: self.vectors[own].clone().into(),
            });
        }
        Ok(())
    }

    /// The clocks that the processes of these events hold now.
    pub(super) fn compare(&self, new: &[Event], world: &World) -> Verdict {
        for process in new.iter().filter_map(Event::process) {
            let stamp = world.processes()[process.index()].clocks.stamp();
            let mine = &self.vectors[process.index()];
            let same = (0..self.vectors.len()).all(|index| {
                let other = ProcessIndex(index as u16);
                stamp.vector.get(other) == mine.get(index).copied().unwrap_or(0)
            });
            rule(same, "a vector clock differs from causality", || {
                format!("{process:?} has {:?}, causes give {mine:?}", stamp.vector)
            })?;
            let lamport = self.lamports[process.index()];
            rule(
                stamp.lamport == lamport,
                "a Lamport clock differs from causality",
                || format!("{process:?} has {}, causes give {lamport}", stamp.lamport),
            )?;
        }
        Ok(())
    }
}
