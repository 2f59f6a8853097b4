//! Counting tests from what the runners print, so that one line can sum them all.
//!
//! Not here: deciding whether a run was good; that is the runner's exit code.

/// Tests counted so far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub passed: u64,
    pub failed: u64,
    pub skipped: u64,
}

impl Tally {
    /// A tally of one.
    pub fn one(passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed), skipped: 0 }
    }

    pub fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// Adds what one line of output says: the summaries of Rust's test harness (native, and wasm in a browser), of
    /// vitest and of Node's own runner. Any other line adds nothing.
    pub fn read_line(&mut self, line: &str) {
        let line = without_colours(line);
        let line = line.trim();
        if let Some(rest) = line.strip_prefix("test result:") {
            // test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out
            let rest = rest.split_once('.').map_or(rest, |(_, counts)| counts);
            self.add(counts(rest.split(';')));
        } else if let Some(rest) = line.strip_prefix("Tests ") {
            // Tests  1 failed | 4 passed | 1 skipped (6)
            self.add(counts(rest.split('(').next().unwrap_or_default().split('|')));
        } else if let Some(rest) = line.strip_prefix("ℹ ").or_else(|| line.strip_prefix("# ")) {
            // ℹ pass 5   (or "# pass 5" where the output is not a terminal)
            if let Some((word, number)) = rest.split_once(' ')
                && let Ok(number) = number.trim().parse::<u64>()
            {
                match word {
                    "pass" => self.passed += number,
                    "fail" | "cancelled" => self.failed += number,
                    "skipped" | "todo" => self.skipped += number,
                    _ => {}
                }
            }
        }
    }
}

/// Sums parts such as "12 passed".
fn counts<'a>(parts: impl Iterator<Item = &'a str>) -> Tally {
    let mut tally = Tally::default();
    for part in parts {
        let mut words = part.split_whitespace();
        let (Some(number), Some(word)) = (words.next().and_then(|n| n.parse::<u64>().ok()), words.next()) else {
            continue;
        };
        match word {
            "passed" => tally.passed += number,
            "failed" => tally.failed += number,
            "ignored" | "skipped" | "todo" => tally.skipped += number,
            _ => {}
        }
    }
    tally
}

/// The text without terminal colours (`ESC [ … letter`).
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter == '\u{1b}' {
            letters.by_ref().find(char::is_ascii_alphabetic);
        } else {
            plain.push(letter);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (u64, u64, u64) {
        let mut tally = Tally::default();
        text.lines().for_each(|line| tally.read_line(line));
        (tally.passed, tally.failed, tally.skipped)
    }

    #[test]
    fn rust_summaries_are_summed() {
        let text = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s\n\
            test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out";
        assert_eq!(read(text), (8, 2, 1));
    }

    #[test]
    fn vitest_counts_tests_not_files() {
        let text = " Test Files  2 passed (2)\n\u{1b}[2m      Tests \u{1b}[22m \u{1b}[31m1 failed\u{1b}[39m | 4 passed | 1 skipped (6)";
        assert_eq!(read(text), (4, 1, 1));
    }

    #[test]
    fn node_counts_in_both_dresses() {
        assert_eq!(read("ℹ tests 6\nℹ pass 5\nℹ fail 1\nℹ cancelled 0\nℹ skipped 0\nℹ duration_ms 12.5"), (5, 1, 0));
        assert_eq!(read("# tests 2\n# pass 2\n# fail 0"), (2, 0, 0));
    }

    #[test]
    fn prose_adds_nothing() {
        assert_eq!(read("3 passed the door\nTests are fun\n# pass the salt\ntest result: unknown"), (0, 0, 0));
    }
}
