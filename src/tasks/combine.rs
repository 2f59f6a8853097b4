//! Worked chains that make one number out of several: `3*7=21;21+5=26` for `3*7+5`. Each step joins the result so far with one
//! more of the numbers.
//!
//! Not here: the questions and grades (`countdown.rs`, `puzzle24.rs`); what an expression amounts to (`arithmetic.rs`).

use super::{Chain, miscopy};
use crate::math::stream::Stream;

/// One step: the result so far before the operator and the number behind it, or, where `swapped`, the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub operator: u8,
    pub number: u32,
    pub swapped: bool,
}

/// A first number and the steps from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub first: u32,
    pub steps: Vec<Step>,
}

/// What results may occur: 1 to `limit`; division only where the caller allows it, and only without a remainder.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub limit: u32,
    pub division: bool,
}

impl Step {
    /// The result of the step, if it is a whole number from 1 to the limit.
    fn apply(self, so_far: u32, rules: Rules) -> Option<u32> {
        let (left, right) = if self.swapped { (self.number, so_far) } else { (so_far, self.number) };
        let result = match self.operator {
            b'+' => left.checked_add(right),
            b'-' => left.checked_sub(right),
            b'*' => left.checked_mul(right),
            _ if rules.division && right > 0 && left.is_multiple_of(right) => Some(left / right),
            _ => None,
        };
        result.filter(|result| (1..=rules.limit).contains(result))
    }

    /// The ways to join a number to a result. Sums and products are written in one order only.
    fn with(number: u32) -> [Self; 6] {
        [(b'+', false), (b'-', false), (b'-', true), (b'*', false), (b'/', false), (b'/', true)]
            .map(|(operator, swapped)| Self { operator, number, swapped })
    }
}

/// Calls `found` with every plan that uses each of the numbers once, and its result; ends early when `found` says so (true).
/// The order is fixed: numbers ascending, then the operators as in [`Step::with`].
pub(super) fn plans(numbers: &[u32], rules: Rules, found: &mut dyn FnMut(&Plan, u32) -> bool) {
    let mut numbers = numbers.to_vec();
    numbers.sort_unstable();
    let mut search =
        Search { plan: Plan { first: 0, steps: Vec::new() }, used: vec![false; numbers.len()], numbers, rules };
    for at in 0..search.numbers.len() {
        if search.is_free(at) {
            search.plan.first = search.numbers[at];
            search.used[at] = true;
            let done = search.extend(search.numbers[at], found);
            search.used[at] = false;
            if done {
                return;
            }
        }
    }
}

/// A search in progress.
struct Search {
    plan: Plan,
    /// Ascending.
    numbers: Vec<u32>,
    used: Vec<bool>,
    rules: Rules,
}

impl Search {
    /// Of equal numbers the first goes first.
    fn is_free(&self, at: usize) -> bool {
        !self.used[at] && (at == 0 || self.numbers[at] != self.numbers[at - 1] || self.used[at - 1])
    }

    fn extend(&mut self, so_far: u32, found: &mut dyn FnMut(&Plan, u32) -> bool) -> bool {
        if self.plan.steps.len() + 1 == self.numbers.len() {
            return found(&self.plan, so_far);
        }
        for at in 0..self.numbers.len() {
            if !self.is_free(at) {
                continue;
            }
            self.used[at] = true;
            for step in Step::with(self.numbers[at]) {
                // First number and second may change places: the smaller stands first where that makes no difference.
                let again = matches!(step.operator, b'+' | b'*') && self.plan.first > step.number || step.swapped;
                if again && self.plan.steps.is_empty() {
                    continue;
                }
                let Some(result) = step.apply(so_far, self.rules) else { continue };
                self.plan.steps.push(step);
                let done = self.extend(result, found);
                self.plan.steps.pop();
                if done {
                    return true;
                }
            }
            self.used[at] = false;
        }
        false
    }
}

/// The numbers from 1 to the limit that some plan results in, ascending.
pub(super) fn results(numbers: &[u32], rules: Rules) -> Vec<u32> {
    let mut seen = vec![false; rules.limit as usize + 1];
    plans(numbers, rules, &mut |_, result| {
        seen[result as usize] = true;
        false
    });
    (1..=rules.limit).filter(|&result| seen[result as usize]).collect()
}

/// The first plan with this result.
pub(super) fn plan_for(numbers: &[u32], target: u32, rules: Rules) -> Option<Plan> {
    let mut first = None;
    plans(numbers, rules, &mut |plan, result| {
        let hit = result == target;
        if hit {
            first = Some(plan.clone());
        }
        hit
    });
    first
}

impl Plan {
    /// The chain and the expression of the plan, carried out by a teacher who slips with this probability at each step: he takes
    /// another operator or miscopies the number (at most `largest`), calculates rightly with that, and goes on. Where the next
    /// step of the plan is then impossible, he adds.
    pub fn carried_out(&self, slip: f64, largest: u32, rules: Rules, stream: &mut Stream) -> Chain {
        let mut so_far = self.first;
        let mut expression = Expression { text: self.first.to_string(), binds: true };
        let mut thought = Vec::new();
        for &planned in &self.steps {
            let fallback = Step { operator: b'+', swapped: false, ..planned };
            let mut step = if planned.apply(so_far, rules).is_some() { planned } else { fallback };
            if stream.uniform() < slip {
                step = slipped(step, so_far, largest, rules, stream);
            }
            let Some(result) = step.apply(so_far, rules) else { break };
            let (left, right) = if step.swapped { (step.number, so_far) } else { (so_far, step.number) };
            thought.push(format!("{left}{}{right}={result}", char::from(step.operator)));
            expression = expression.joined(step);
            so_far = result;
        }
        Chain { thought: thought.join(";"), answer: expression.text }
    }

    pub fn expression(&self, rules: Rules) -> String {
        let mut stream = super::slips(0);
        self.carried_out(0.0, 1, rules, &mut stream).answer
    }
}

/// Another step than `right` that has a result; `right` itself in the rare case that none is found.
fn slipped(right: Step, so_far: u32, largest: u32, rules: Rules, stream: &mut Stream) -> Step {
    for _ in 0..32 {
        let step = if stream.below(2) == 0 {
            Step { number: miscopy(right.number, stream).min(largest), ..right }
        } else {
            *stream.choose(&Step::with(right.number))
        };
        let fits = step.number > 0 && step.apply(so_far, rules).is_some();
        if fits && step.apply(so_far, rules) != right.apply(so_far, rules) {
            return step;
        }
    }
    right
}

/// An expression under construction; `binds` unless it is a sum or difference that needs parentheses in a product.
struct Expression {
    text: String,
    binds: bool,
}

impl Expression {
    fn joined(self, Step { operator, number, swapped }: Step) -> Self {
        let product = matches!(operator, b'*' | b'/');
        // What stands behind a minus or a division keeps its parentheses unless it is a product behind a minus.
        let enclose =
            !self.binds && (product || swapped) || swapped && operator == b'/' && self.text.contains(['*', '/']);
        let inner = if enclose { format!("({})", self.text) } else { self.text };
        let operator = char::from(operator);
        let text = if swapped { format!("{number}{operator}{inner}") } else { format!("{inner}{operator}{number}") };
        Self { text, binds: product }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::arithmetic::{Fraction, evaluate};
    use super::*;

    const RULES: Rules = Rules { limit: 999, division: true };

    #[test]
    fn every_plan_is_an_expression_of_its_result() {
        for numbers in [vec![3, 5, 7], vec![2, 2, 6], vec![1, 8, 4, 9], vec![5, 5, 5, 5]] {
            let mut count = 0;
            let mut texts = HashSet::new();
            plans(&numbers, RULES, &mut |plan, result| {
                let text = plan.expression(RULES);
                let found = evaluate(&text).expect(&text);
                assert_eq!(found.value, Fraction::whole(result), "{text}");
                let mut sorted = numbers.clone();
                sorted.sort_unstable();
                assert_eq!(found.numbers, sorted, "{text}");
                assert!(texts.insert(text.clone()), "{text} twice");
                count += 1;
                false
            });
            assert!(count >= 12, "{numbers:?}: {count}");
        }
    }

    #[test]
    fn steps_are_written_with_their_results() {
        let carried = |numbers: &[u32], target| {
            let plan = plan_for(numbers, target, RULES).expect("plan");
            plan.carried_out(0.0, 99, RULES, &mut super::super::slips(0))
        };
        assert_eq!(carried(&[5, 7, 3], 26), Chain { thought: "3*7=21;21+5=26".into(), answer: "3*7+5".into() });
        assert_eq!(carried(&[2, 9, 3], 3), Chain { thought: "2*3=6;9-6=3".into(), answer: "9-2*3".into() });
        assert_eq!(carried(&[3, 5, 7], 56), Chain { thought: "3+5=8;8*7=56".into(), answer: "(3+5)*7".into() });
        assert_eq!(plan_for(&[1, 1, 1], 26, RULES), None);
    }

    #[test]
    fn what_a_careless_teacher_writes_is_calculated_rightly() {
        let plan = plan_for(&[3, 5, 7, 9], 24, RULES).expect("plan");
        let mut stream = super::super::slips(4);
        for _ in 0..2_000 {
            let chain = plan.carried_out(0.5, 9, RULES, &mut stream);
            let value = evaluate(&chain.answer).expect(&chain.answer).value;
            let last = chain.thought.rsplit('=').next().and_then(|text| text.parse().ok()).expect("result");
            assert_eq!(value, Fraction::whole(last), "{chain:?}");
            for step in chain.thought.split(';') {
                let (left, result) = step.split_once('=').expect("=");
                assert_eq!(evaluate(left).expect(left).value, Fraction::whole(result.parse().expect("number")));
            }
        }
    }
}
