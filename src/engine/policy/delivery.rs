//! How an emergency is announced: an experiment in the order of delivery.

use serde::Serialize;

/// Who tells executors of an emergency, and in which order they get to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum EmergencyDelivery {
    /// `system` notifies `recovery`, which sends the level to every executor: each executor receives it once.
    #[default]
    Relayed,
    /// `system` broadcasts a notice to everybody, and recovery broadcasts its order once it has the notice.
    /// Links keep the order of each sender, so an executor may get the order before the notice it follows from.
    Fifo,
    /// The same, delivered in causal order: an order that comes first is held back until the notice is there.
    Causal,
}

impl EmergencyDelivery {
    /// All of them, the usual one first.
    pub const ALL: [EmergencyDelivery; 3] = [
        EmergencyDelivery::Relayed,
        EmergencyDelivery::Fifo,
        EmergencyDelivery::Causal,
    ];

    /// The name used in scenarios and traces.
    pub fn name(self) -> &'static str {
        match self {
            EmergencyDelivery::Relayed => "relayed",
            EmergencyDelivery::Fifo => "fifo",
            EmergencyDelivery::Causal => "causal",
        }
    }
}
