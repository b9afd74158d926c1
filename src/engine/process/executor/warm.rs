//! Which serverless functions are warm on an executor: from its first use a function is, once it has begun, until it was
//! not used for a while.

use crate::sorted::SortedMap;
use crate::time::SECOND_NS;

/// How long a function stays warm after its last use, in ns.
const WARM_NS: u64 = 60 * SECOND_NS;

/// The functions that were used or pre-warmed in this life.
#[derive(Clone, Debug)]
pub struct WarmFunctions {
    /// What a function takes to begin, in ns.
    cold_start_ns: u64,
    /// From when to when a function is warm, in ns, by name.
    spans_ns: SortedMap<String, (u64, u64)>,
}

impl WarmFunctions {
    /// None is warm.
    pub fn new(cold_start_ns: u64) -> Self {
        WarmFunctions {
            cold_start_ns,
            spans_ns: SortedMap::default(),
        }
    }

    /// A job of a function starts; gives what is left of the function's warm-up, in ns.
    pub fn start(&mut self, function: &str, now_ns: u64) -> u64 {
        let from_ns = match self.spans_ns.get(function) {
            Some((from_ns, until_ns)) if *until_ns > now_ns => *from_ns,
            _ => now_ns + self.cold_start_ns,
        };
        let used_ns = from_ns.max(now_ns);
        self.spans_ns
            .insert(function.to_owned(), (from_ns, used_ns + WARM_NS));
        from_ns.saturating_sub(now_ns)
    }

    /// A job of a function is done.
    pub fn used(&mut self, function: &str, now_ns: u64) {
        if let Some((_, until_ns)) = self.spans_ns.get_mut(function) {
            *until_ns = now_ns + WARM_NS;
        }
    }

    /// Warms a function before anybody needs it; gives whether it was not warm already.
    pub fn prewarm(&mut self, function: &str, now_ns: u64) -> bool {
        let warm = self.spans_ns.get(function);
        if warm.is_some_and(|(_, until_ns)| *until_ns > now_ns) {
            return false;
        }
        let from_ns = now_ns + self.cold_start_ns;
        self.spans_ns
            .insert(function.to_owned(), (from_ns, from_ns + WARM_NS));
        true
    }
}
