//! Waits until the machine has nothing else to do: figures taken beside a compiler are the compiler's. As `benches/peers/quiet.mjs`.
//!
//! Not here: what is measured then.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// Busy cores up to which a machine counts as quiet.
const QUIET: f64 = 0.3;

/// Waits for at most `patience` seconds; how many cores others kept busy in the last half second, where the system says so (Linux).
pub fn wait(patience: u32) -> Option<f64> {
    let begun = Instant::now();
    loop {
        let before = ticks(&std::fs::read_to_string("/proc/stat").ok()?)?;
        sleep(Duration::from_millis(500));
        let busy = busy(before, ticks(&std::fs::read_to_string("/proc/stat").ok()?)?);
        if busy <= QUIET || begun.elapsed() >= Duration::from_secs(patience.into()) {
            return Some((busy * 100.0).round() / 100.0);
        }
    }
}

/// Time of all cores, and of it what was idle, in the kernel's ticks; and the number of cores.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ticks {
    all: f64,
    idle: f64,
    cores: f64,
}

fn ticks(stat: &str) -> Option<Ticks> {
    let first = stat.lines().next()?.strip_prefix("cpu ")?;
    // user nice system idle iowait irq softirq steal; guest time is part of user.
    let times: Vec<f64> = first.split_whitespace().take(8).filter_map(|number| number.parse().ok()).collect();
    let cores = stat.lines().skip(1).take_while(|line| line.starts_with("cpu")).count();
    Some(Ticks { all: times.iter().sum(), idle: times.get(3)? + times.get(4)?, cores: cores as f64 })
}

fn busy(before: Ticks, after: Ticks) -> f64 {
    let all = after.all - before.all;
    if all > 0.0 { after.cores * (1.0 - (after.idle - before.idle) / all) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_cores_are_read_from_two_looks() {
        let stat = |user: u32, idle: u32| format!("cpu  {user} 0 0 {idle} 0 0 0 0 9 9\ncpu0 1 1\ncpu1 1 1\nintr 1\n");
        let (before, after) = (ticks(&stat(100, 100)).unwrap(), ticks(&stat(150, 250)).unwrap());
        assert_eq!(after.cores, 2.0);
        assert_eq!(busy(before, after), 0.5);
        assert_eq!(busy(before, before), 0.0);
        assert_eq!(ticks("nonsense"), None);
    }
}
