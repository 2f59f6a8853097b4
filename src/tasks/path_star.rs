//! `path_star`: the way from the middle of a star to the end of one of its arms, worked out backwards from the end.
//!
//! `ab cd ac eb/a>d=` has the chain `dca` and the answer `acd`: from the goal each place has one place before it, while from the
//! start it takes foresight to choose the right arm. Not here: marks, tokens, splits (`mod.rs`, `split.rs`).
//! The task is Bachmann and Nagarajan's (arXiv 2403.06963), in a form after reasoning-gym's (Apache-2.0).

use super::{Chain, Difficulty, Question, Split, Task, draw, slips, split_of};
use crate::error::{Error, Result};
use crate::math::stream::Stream;

pub const NAME: &str = "path_star";
/// 1: two arms of three edges; 2: two arms of five; 3: three arms of five.
pub const DIFFICULTY: Difficulty = Difficulty { min: 1, max: 3, default: 2 };

/// Finding one's way in a star whose places have random letters.
#[derive(Clone, Copy, Debug)]
pub struct PathStar {
    difficulty: u32,
    arms: usize,
    length: usize,
}

/// A star: the edges in the order they are shown, its middle and the end of the arm to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Star {
    edges: Vec<(u8, u8)>,
    start: u8,
    goal: u8,
}

impl Star {
    fn write(&self) -> String {
        let edges: Vec<String> = self.edges.iter().map(|&(from, to)| text(&[from, to])).collect();
        format!("{}/{}>{}=", edges.join(" "), char::from(self.start), char::from(self.goal))
    }

    /// What decides the split: the star without the order of its edges.
    fn content(&self) -> String {
        let mut canonical = self.clone();
        canonical.edges.sort_unstable();
        canonical.write()
    }

    fn before(&self, place: u8) -> Option<u8> {
        self.edges.iter().find(|(_, to)| *to == place).map(|(from, _)| *from)
    }

    /// The places from the goal back to the start; `None` if the start is not met.
    fn backwards(&self) -> Option<Vec<u8>> {
        let mut places = vec![self.goal];
        while places.len() <= self.edges.len() {
            let place = self.before(*places.last()?)?;
            places.push(place);
            if place == self.start {
                return Some(places);
            }
        }
        None
    }

    /// Places that edges leave or enter, each once, in alphabetical order.
    fn places(&self) -> Vec<u8> {
        let mut places: Vec<u8> = self.edges.iter().flat_map(|&(from, to)| [from, to]).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

fn text(places: &[u8]) -> String {
    places.iter().copied().map(char::from).collect()
}

impl PathStar {
    pub(super) fn new(difficulty: u32) -> Self {
        let (arms, length) = match difficulty {
            1 => (2, 3),
            2 => (2, 5),
            _ => (3, 5),
        };
        Self { difficulty, arms, length }
    }

    /// Edges of an arm; one more out of distribution.
    fn length(&self, split: Split) -> usize {
        self.length + usize::from(split == Split::Ood)
    }

    fn generate(&self, length: usize, stream: &mut Stream) -> Star {
        let mut places: Vec<u8> = (b'a'..=b'z').collect();
        stream.shuffle(&mut places);
        let (start, rest) = (places[0], &places[1..=self.arms * length]);
        let mut edges: Vec<(u8, u8)> = Vec::new();
        for arm in rest.chunks(length) {
            edges.push((start, arm[0]));
            edges.extend(arm.windows(2).map(|pair| (pair[0], pair[1])));
        }
        let goal = rest[length - 1];
        stream.shuffle(&mut edges);
        Star { edges, start, goal }
    }

    /// Reads `ab cd ac/a>d=`; spaces and the final `=` are free. `None` unless every place is entered at most once, and the goal,
    /// from which nothing goes on, lies at the end of a path from the start.
    fn read(&self, prompt: &str) -> Option<Star> {
        let text = prompt.trim();
        let (edges, way) = text.strip_suffix('=').unwrap_or(text).split_once('/')?;
        let (start, goal) = way.split_once('>')?;
        let place = |text: &str| match text.trim().as_bytes() {
            [place] if place.is_ascii_lowercase() => Some(*place),
            _ => None,
        };
        let edge = |text: &str| match text.as_bytes() {
            [from, to] if from.is_ascii_lowercase() && to.is_ascii_lowercase() && from != to => Some((*from, *to)),
            _ => None,
        };
        let most = self.arms * self.length(Split::Ood);
        let edges: Vec<_> = edges.split_whitespace().take(most + 1).map(edge).collect::<Option<Vec<_>>>()?;
        let star = Star { edges, start: place(start)?, goal: place(goal)? };
        let entered_once = star
            .edges
            .iter()
            .enumerate()
            .all(|(at, (_, to))| *to != star.start && star.edges[..at].iter().all(|(_, other)| other != to));
        let ends = star.edges.iter().all(|(from, _)| *from != star.goal);
        let path = star.backwards()?.len() - 1;
        (star.edges.len() <= most && entered_once && ends && path <= self.length(Split::Ood)).then_some(star)
    }

    fn is_larger(&self, star: &Star) -> bool {
        star.edges.len() > self.arms * self.length || star.backwards().is_some_and(|way| way.len() - 1 > self.length)
    }
}

fn solved(star: &Star) -> Question {
    let answer = star.backwards().map(|way| text(&way.into_iter().rev().collect::<Vec<_>>()));
    Question { task: NAME.into(), prompt: star.write(), answer: answer.unwrap_or_default() }
}

impl Task for PathStar {
    fn name(&self) -> &str {
        NAME
    }

    fn title(&self) -> &str {
        "Path in a star"
    }

    fn describe(&self) -> String {
        format!(
            "{} one-way paths of {} roads leave one place. Name all places on the way to the end of one of them.",
            self.arms, self.length
        )
    }

    fn difficulty(&self) -> u32 {
        self.difficulty
    }

    fn question(&self, split: Split, seed: u64) -> Question {
        let generate = |stream: &mut Stream| self.generate(self.length(split), stream);
        solved(&draw(split, seed, (4, self.difficulty), generate, Star::content))
    }

    fn parse(&self, prompt: &str) -> Result<Question> {
        self.read(prompt).map(|star| solved(&star)).ok_or_else(|| {
            Error::bad_input(format!(
                "path_star: expected up to {} edges between small letters, no place entered twice, then start>goal with a path \
                 of at most {} edges to a goal that nothing leaves, such as {:?}, got {prompt:?}",
                self.arms * self.length(Split::Ood),
                self.length(Split::Ood),
                self.question(Split::Train, 0).prompt
            ))
        })
    }

    fn split(&self, question: &Question) -> Split {
        match self.read(&question.prompt) {
            Some(star) if self.is_larger(&star) => Split::Ood,
            Some(star) => split_of(&star.content()),
            None => Split::Train,
        }
    }

    /// A slip takes a place that does not lie before the last one; the teacher goes back from there, until the start is met or the
    /// thought has as many places as the right one.
    fn chain(&self, question: &Question, slip: f64, seed: u64) -> Chain {
        let Some((star, way)) = self.read(&question.prompt).and_then(|star| Some((star.clone(), star.backwards()?)))
        else {
            return Chain { thought: String::new(), answer: question.answer.clone() };
        };
        let mut stream = slips(seed);
        let mut walked = vec![star.goal];
        while walked.len() < way.len() && walked.last() != Some(&star.start) {
            let right = walked.last().and_then(|last| star.before(*last));
            let mut next = right;
            if stream.uniform() < slip {
                let mut others = star.places();
                others.retain(|place| Some(*place) != right && !walked.contains(place));
                next = if others.is_empty() { right } else { Some(*stream.choose(&others)) };
            }
            let Some(next) = next else { break };
            walked.push(next);
        }
        let thought = text(&walked);
        walked.reverse();
        Chain { thought, answer: text(&walked) }
    }

    /// 1 for exactly the places from the start to the goal, else 0.
    fn grade(&self, question: &Question, answer: &str) -> f64 {
        let Some(way) = self.read(&question.prompt).and_then(|star| star.backwards()) else { return 0.0 };
        if answer.len() == way.len() && answer.bytes().eq(way.into_iter().rev()) { 1.0 } else { 0.0 }
    }

    /// The places on the way in their order, (n - 2)! / (n - 1 - length)!: as in `reach`, the guesser sees which places there are,
    /// the start and the goal, but not the edges. Whoever follows edges without foresight is right once in as many times as
    /// there are arms, so a score below that is not yet path finding.
    fn guess_space(&self, split: Split) -> f64 {
        let length = self.length(split);
        let free = self.arms * length - 1;
        (0..length - 1).map(|taken| (free - taken) as f64).product()
    }

    fn max_completion_length(&self, split: Split) -> usize {
        4 + 2 * (self.length(split) + 1) + 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_walks_back_from_the_goal() {
        let task = PathStar::new(1);
        let question = task.parse("ab cd ac be/a>d").expect("question");
        let chain = task.chain(&question, 0.0, 0);
        assert_eq!((chain.thought.as_str(), chain.answer.as_str()), ("dca", "acd"));
        assert_eq!(question.prompt, "ab cd ac be/a>d=");
    }

    #[test]
    fn stars_have_their_arms_and_letters() {
        for level in 1..=3 {
            let task = PathStar::new(level);
            for (split, seed) in (0..500).flat_map(|seed| Split::ALL.map(|split| (split, seed))) {
                let star = task.read(&task.question(split, seed).prompt).expect("star");
                let length = task.length(split);
                assert_eq!(star.edges.len(), task.arms * length);
                assert_eq!(star.places().len(), task.arms * length + 1);
                assert_eq!(star.edges.iter().filter(|(from, _)| *from == star.start).count(), task.arms);
                assert_eq!(star.backwards().expect("way").len(), length + 1);
            }
        }
    }

    #[test]
    fn two_levels_have_a_thousand_answers() {
        let spaces = [1, 2, 3].map(|level| PathStar::new(level).guess_space(Split::HeldOut));
        assert_eq!(spaces, [20.0, 3_024.0, 24_024.0]);
    }
}
