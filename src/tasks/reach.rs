//! `reach`: which of four nodes can be reached from a start along directed edges, worked out frontier by frontier.
//!
//! `ab cd be?a>c|d|e|f` has the chain `b;e` and the answer `e`: the newly reached nodes after each hop, in alphabetical
//! order, until one of them is a candidate. Not here: the generator and its graph (`graph.rs`); marks and tokens.
//! A small form of ProsQA (Coconut, arXiv 2412.06769, Algorithm 1) and of graph reachability (arXiv 2505.12514).

use super::{Chain, Difficulty, Question, Split, Task, draw, slips, split_of};
use crate::error::{Error, Result};
use crate::math::stream::Stream;
use crate::tasks::graph::{Problem, Shape};

pub const NAME: &str = "reach";
/// 1: 7 nodes, 2 hops; 2: 9 nodes, 2 or 3 hops; 3: 10 nodes, 3 or 4 hops.
pub const DIFFICULTY: Difficulty = Difficulty { min: 1, max: 3, default: 2 };
/// Candidates of a generated question; exactly one is reachable.
pub(super) const CANDIDATES: usize = 4;

/// Reachability in a small directed graph whose nodes are the first letters of the alphabet.
#[derive(Clone, Copy, Debug)]
pub struct Reach {
    difficulty: u32,
    shape: Shape,
    /// Out of distribution: a node more within reach, and the right candidate a hop further than it ever is in training.
    larger: Shape,
}

impl Reach {
    pub(super) fn new(difficulty: u32) -> Self {
        let shape = match difficulty {
            1 => Shape { reachable: 3, unreachable: 4, min_hops: 2, max_hops: 2, extra_edges: 1 },
            2 => Shape { reachable: 4, unreachable: 5, min_hops: 2, max_hops: 3, extra_edges: 2 },
            _ => Shape { reachable: 5, unreachable: 5, min_hops: 3, max_hops: 4, extra_edges: 2 },
        };
        let hops = shape.max_hops + 1;
        let larger = Shape { reachable: shape.reachable + 1, min_hops: hops, max_hops: hops, ..shape };
        Self { difficulty, shape, larger }
    }

    fn shape(&self, split: Split) -> Shape {
        if split == Split::Ood { self.larger } else { self.shape }
    }

    /// More edges, nodes or hops than a training question has.
    fn is_larger(&self, problem: &Problem) -> bool {
        let letters = problem.edges.iter().flat_map(|&(from, to)| [from, to]).chain(problem.candidates.iter().copied());
        problem.edges.len() > self.shape.edges()
            || letters.chain([problem.start]).any(|node| node > self.shape.last_node())
            || problem.hops() > self.shape.max_hops
    }

    /// The frontier search of a careless teacher: a slip replaces one newly reached node by one not seen yet, and the
    /// search goes on from there. If it dies out before it meets a candidate, the teacher names any candidate.
    fn search(&self, problem: &Problem, slip: f64, stream: &mut Stream) -> Chain {
        let mut seen = vec![problem.start];
        let mut frontier = vec![problem.start];
        let mut hops: Vec<String> = Vec::new();
        loop {
            frontier = problem.after(&frontier, &seen);
            if !frontier.is_empty() && stream.uniform() < slip {
                let nodes = if self.is_larger(problem) { self.larger } else { self.shape }.nodes();
                let others: Vec<u8> = nodes.filter(|node| !seen.contains(node) && !frontier.contains(node)).collect();
                if !others.is_empty() {
                    let lost = stream.below(frontier.len() as u32) as usize;
                    frontier[lost] = others[stream.below(others.len() as u32) as usize];
                    frontier.sort_unstable();
                }
            }
            let met = problem.candidates.iter().find(|candidate| frontier.contains(candidate));
            let answer = match (met, frontier.is_empty()) {
                (Some(&candidate), _) => Some(candidate),
                (None, true) => Some(problem.candidates[stream.below(problem.candidates.len() as u32) as usize]),
                (None, false) => None,
            };
            if !frontier.is_empty() {
                hops.push(frontier.iter().map(|&node| char::from(node)).collect());
            }
            if let Some(answer) = answer {
                return Chain { thought: hops.join(";"), answer: char::from(answer).to_string() };
            }
            seen.extend(&frontier);
        }
    }
}

fn solved(problem: &Problem) -> Question {
    let answer = problem.reachable_candidates().first().map(|&node| char::from(node).to_string());
    Question { task: NAME.into(), prompt: problem.write(), answer: answer.unwrap_or_default() }
}

impl Task for Reach {
    fn name(&self) -> &str {
        NAME
    }

    fn title(&self) -> &str {
        "Reachability"
    }

    fn describe(&self) -> String {
        let Shape { min_hops, max_hops, .. } = self.shape;
        let hops = if min_hops == max_hops { format!("{min_hops}") } else { format!("{min_hops} or {max_hops}") };
        format!(
            "One-way roads join {} places. Find the one of {CANDIDATES} places that can be reached from the start, \
             {hops} roads away.",
            self.shape.nodes().count()
        )
    }

    fn difficulty(&self) -> u32 {
        self.difficulty
    }

    fn question(&self, split: Split, seed: u64) -> Question {
        let label = (3, self.difficulty);
        let shape = self.shape(split);
        solved(&draw(split, seed, label, |stream| shape.generate(stream), Problem::content))
    }

    fn parse(&self, prompt: &str) -> Result<Question> {
        let problem = Problem::read(prompt, &self.larger);
        problem.map(|problem| solved(&problem)).ok_or_else(|| {
            Error::bad_input(format!(
                "reach: expected up to {} edges between the letters a to {}, the start and 2 to {CANDIDATES} \
                 candidates of which exactly one can be reached, such as {:?} (a>b|c asks whether b or c is reached \
                 from a), got {prompt:?}",
                self.larger.edges(),
                char::from(self.larger.last_node()),
                self.question(Split::Train, 0).prompt
            ))
        })
    }

    fn split(&self, question: &Question) -> Split {
        match Problem::read(&question.prompt, &self.larger) {
            Some(problem) if self.is_larger(&problem) => Split::Ood,
            Some(problem) => split_of(&problem.content()),
            None => Split::Train,
        }
    }

    fn chain(&self, question: &Question, slip: f64, seed: u64) -> Chain {
        match Problem::read(&question.prompt, &self.larger) {
            Some(problem) => self.search(&problem, slip, &mut slips(seed)),
            None => Chain { thought: String::new(), answer: question.answer.clone() },
        }
    }

    /// 1 for exactly the letter of the candidate that can be reached, else 0.
    fn grade(&self, question: &Question, answer: &str) -> f64 {
        let Some(problem) = Problem::read(&question.prompt, &self.larger) else { return 0.0 };
        match answer.as_bytes() {
            [node] if problem.reachable_candidates().contains(node) => 1.0,
            _ => 0.0,
        }
    }

    /// The four candidates: the guesser sees them but not the edges. Features of the graph that need no search (how
    /// many edges enter or leave a candidate) get up to .37 right, so a score slightly above guessing is not yet
    /// reachability.
    fn guess_space(&self, _split: Split) -> f64 {
        CANDIDATES as f64
    }

    fn max_completion_length(&self, split: Split) -> usize {
        // A slipped search may visit every node, one a hop.
        let visited = self.shape(split).nodes().count() - 1;
        4 + (2 * visited - 1) + 1 + 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rules of thumb that look at the graph without searching it stay far below certainty.
    #[test]
    fn reach_cannot_be_read_off_the_surface() {
        let task = Reach::new(2);
        let mut first_place = 0;
        let mut most_entered = 0;
        let mut fewest_left = 0;
        let questions = 4_000;
        for seed in 0..questions {
            let question = task.question(Split::Train, seed);
            let (edges, rest) = question.prompt.split_once('?').expect("?");
            let candidates: Vec<char> = rest[2..].chars().filter(|c| *c != '|').collect();
            let right = question.answer.chars().next().expect("answer");
            let entered = |node: &char| edges.split(' ').filter(|edge| edge.ends_with(*node)).count();
            let left = |node: &char| edges.split(' ').filter(|edge| edge.starts_with(*node)).count();
            first_place += u32::from(candidates[0] == right);
            most_entered += u32::from(candidates.iter().copied().max_by_key(entered) == Some(right));
            fewest_left += u32::from(candidates.iter().copied().min_by_key(left) == Some(right));
        }
        let share = |count: u32| f64::from(count) / questions as f64;
        assert!((share(first_place) - 0.25).abs() <= 0.03, "{}", share(first_place));
        println!("most entered {:.3}, fewest left {:.3}", share(most_entered), share(fewest_left));
        assert!(share(most_entered) <= 0.45 && share(fewest_left) <= 0.45);
    }

    #[test]
    fn the_chain_lists_what_each_hop_reaches() {
        let task = Reach::new(2);
        let chain = |prompt: &str| {
            let chain = task.chain(&task.parse(prompt).expect(prompt), 0.0, 0);
            (chain.thought, chain.answer)
        };
        assert_eq!(chain("ab bc?a>c|d"), ("b;c".into(), "c".into()));
        // Both children at once, in alphabetical order; `a` and `b` are not visited twice; `g` is not a candidate.
        assert_eq!(chain("ad ab ba db be dg?a>c|e"), ("bd;eg".into(), "e".into()));
        assert_eq!(chain("ha ab?a>b|c"), ("b".into(), "b".into()));
    }

    #[test]
    fn right_candidates_are_as_far_as_the_difficulty_says() {
        for (level, hops) in [(1, 2..=2), (2, 2..=3), (3, 3..=4)] {
            let task = Reach::new(level);
            for seed in 0..1_000 {
                let question = task.question(Split::Train, seed);
                let chain = task.chain(&question, 0.0, 0);
                assert!(hops.contains(&chain.thought.split(';').count()), "{question:?} {chain:?}");
                assert!(chain.thought.split(';').next_back().is_some_and(|last| last.contains(&chain.answer)));
            }
        }
    }
}
