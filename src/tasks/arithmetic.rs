//! The value of an expression such as `(3+5)*7/2`, exactly, in fractions, and the whole numbers written in it.
//!
//! Not here: what the value should be (`countdown.rs`, `puzzle24.rs`); how expressions are found (`combine.rs`).

use super::whole_number;

/// Longer expressions are not read.
const MAX_LENGTH: usize = 64;
/// Larger numbers are not read.
const MAX_NUMBER: u32 = 9_999;

/// A fraction in lowest terms whose denominator is positive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Fraction {
    /// `None` for a denominator of 0.
    fn new(numerator: i128, denominator: i128) -> Option<Self> {
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = i128::try_from(divisor).ok().filter(|_| denominator != 0)? * denominator.signum();
        Some(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    pub fn whole(number: u32) -> Self {
        Self { numerator: i128::from(number), denominator: 1 }
    }

    /// Without what stands behind the point: 24.5 gives 24, -0.5 gives 0.
    pub fn truncated(self) -> i128 {
        self.numerator / self.denominator
    }

    /// `None` where the result leaves 128 bits, or for a division by 0.
    fn combined(self, operator: u8, other: Self) -> Option<Self> {
        let (a, b, c, d) = (self.numerator, self.denominator, other.numerator, other.denominator);
        match operator {
            b'+' => Self::new(a.checked_mul(d)?.checked_add(c.checked_mul(b)?)?, b.checked_mul(d)?),
            b'-' => Self::new(a.checked_mul(d)?.checked_sub(c.checked_mul(b)?)?, b.checked_mul(d)?),
            b'*' => Self::new(a.checked_mul(c)?, b.checked_mul(d)?),
            b'/' => Self::new(a.checked_mul(d)?, b.checked_mul(c)?),
            _ => None,
        }
    }
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// An expression that was read to its end.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Evaluated {
    pub value: Fraction,
    /// Ascending.
    pub numbers: Vec<u32>,
}

/// Reads `+ - * /`, parentheses and whole numbers as the lab writes them: no space, no sign before a number, no leading zero.
/// `None` for anything else, for a division by 0, and for what is longer than 64 characters.
pub(super) fn evaluate(text: &str) -> Option<Evaluated> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let mut reader = Reader { rest: text, numbers: Vec::new() };
    let value = reader.sum()?;
    let Reader { rest, mut numbers } = reader;
    numbers.sort_unstable();
    rest.is_empty().then_some(Evaluated { value, numbers })
}

/// Depth is bounded by the length of the text, which is.
struct Reader<'a> {
    rest: &'a str,
    numbers: Vec<u32>,
}

impl Reader<'_> {
    /// The next character if it is one of these.
    fn take(&mut self, wanted: &[u8]) -> Option<u8> {
        let next = *self.rest.as_bytes().first().filter(|byte| wanted.contains(byte))?;
        self.rest = &self.rest[1..];
        Some(next)
    }

    fn sum(&mut self) -> Option<Fraction> {
        let mut value = self.product()?;
        while let Some(operator) = self.take(b"+-") {
            value = value.combined(operator, self.product()?)?;
        }
        Some(value)
    }

    fn product(&mut self) -> Option<Fraction> {
        let mut value = self.number()?;
        while let Some(operator) = self.take(b"*/") {
            value = value.combined(operator, self.number()?)?;
        }
        Some(value)
    }

    fn number(&mut self) -> Option<Fraction> {
        if self.take(b"(").is_some() {
            let value = self.sum()?;
            return self.take(b")").map(|_| value);
        }
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let number = whole_number(&self.rest[..end], MAX_NUMBER)?;
        self.rest = &self.rest[end..];
        self.numbers.push(number);
        Some(Fraction::whole(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<(i128, i128)> {
        evaluate(text).map(|e| (e.value.numerator, e.value.denominator))
    }

    #[test]
    fn values_are_exact() {
        for (text, numerator, denominator) in [
            ("7", 7, 1),
            ("2+3*4", 14, 1),
            ("(2+3)*4", 20, 1),
            ("2-3-4", -5, 1),
            ("24/4/3", 2, 1),
            ("24/(4/3)", 18, 1),
            ("1/3+1/6", 1, 2),
            ("8/(3-8/3)", 24, 1),
            ("((7))", 7, 1),
            ("0/5", 0, 1),
            ("1/3*3", 1, 1),
            ("5/(2-4)", -5, 2),
        ] {
            assert_eq!(value(text), Some((numerator, denominator)), "{text}");
        }
        assert_eq!(evaluate("8/(3-8/3)").map(|e| e.numbers), Some(vec![3, 3, 8, 8]));
        assert_eq!(evaluate("49/2").map(|e| e.value.truncated()), Some(24));
    }

    #[test]
    fn anything_else_is_refused_without_a_panic() {
        for text in [
            "",
            "+",
            "-3",
            "+3",
            "3+",
            "*3",
            "3**2",
            "3//2",
            "3--2",
            "(3",
            "3)",
            "()",
            "(3)(4)",
            "3(4)",
            "03+1",
            "3 +4",
            "3+4=7",
            "1e3",
            "3.5",
            "0x3",
            "²",
            "３",
            "5/0",
            "5/(3-3)",
            "10000",
            "99999999999",
            "a",
            "3,4",
            "é",
            "1+é",
        ] {
            assert_eq!(value(text), None, "{text}");
        }
        for text in ["(".repeat(100_000), "9*".repeat(100_000), format!("1/{}7", "9999*".repeat(12)), "é".repeat(32)] {
            let _ = value(&text);
        }
        // The largest that fits the length: its value leaves 128 bits, and that is no value.
        assert_eq!(value(&["9999"; 12].join("*")), None);
    }
}
