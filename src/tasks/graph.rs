//! The graphs of the task `reach`: generation, text form, search.
//!
//! Not here: the worked chain and the grade (`reach.rs`).

use super::reach::CANDIDATES;
use crate::math::stream::Stream;

/// Sizes of a generated graph.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// Nodes reachable from the start, which counts.
    pub reachable: usize,
    /// Nodes that are not: a second tree, whose root plays the part of the start.
    pub unreachable: usize,
    /// Hops from the start to the right candidate.
    pub min_hops: usize,
    pub max_hops: usize,
    /// Edges beyond the two trees.
    pub extra_edges: usize,
}

/// A question: edges, a start and candidates, all nodes being ASCII letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub edges: Vec<(u8, u8)>,
    pub start: u8,
    pub candidates: Vec<u8>,
}

impl Shape {
    /// The letters in use, `a` first.
    pub fn nodes(&self) -> impl Iterator<Item = u8> + use<> {
        b'a'..=self.last_node()
    }

    pub fn last_node(&self) -> u8 {
        b'a' + (self.reachable + self.unreachable - 1) as u8
    }

    /// Number of edges of a generated graph.
    pub fn edges(&self) -> usize {
        self.reachable + self.unreachable - 2 + self.extra_edges
    }

    /// Two trees, one hanging from the start, one from a node out of its reach, then extra edges that neither make
    /// anything reachable nor shorten a way. The right candidate ends a path of `min_hops..=max_hops` from the start;
    /// the wrong ones are nodes of the other tree, which have an incoming edge as the right one does.
    pub fn generate(&self, stream: &mut Stream) -> Problem {
        let mut nodes: Vec<u8> = self.nodes().collect();
        stream.shuffle(&mut nodes);
        let hops = self.min_hops + stream.below((self.max_hops - self.min_hops + 1) as u32) as usize;
        let mut edges = Vec::new();
        let mut depth = vec![0; self.reachable];
        for child in 1..self.reachable {
            let parent = if child <= hops { child - 1 } else { stream.below(child as u32) as usize };
            depth[child] = depth[parent] + 1;
            edges.push((parent, child));
        }
        for child in 1..self.unreachable {
            let parent = stream.below(child as u32) as usize;
            edges.push((self.reachable + parent, self.reachable + child));
        }
        while edges.len() < self.edges() {
            let from = stream.below(nodes.len() as u32) as usize;
            let to = stream.below(nodes.len() as u32) as usize;
            let harmless = from >= self.reachable || (to < self.reachable && depth[to] <= depth[from]);
            if from != to && harmless && !edges.contains(&(from, to)) {
                edges.push((from, to));
            }
        }
        stream.shuffle(&mut edges);
        let mut wrong: Vec<usize> = (self.reachable + 1..nodes.len()).collect();
        stream.shuffle(&mut wrong);
        let mut candidates = vec![nodes[hops]];
        candidates.extend(wrong.iter().take(CANDIDATES - 1).map(|&at| nodes[at]));
        stream.shuffle(&mut candidates);
        let edges = edges.into_iter().map(|(from, to)| (nodes[from], nodes[to])).collect();
        Problem { edges, start: nodes[0], candidates }
    }
}

impl Problem {
    /// `ab cd be?a>c|d|e|f`.
    pub fn write(&self) -> String {
        let edge = |&(from, to): &(u8, u8)| [from, to].map(char::from).iter().collect::<String>();
        let edges: Vec<String> = self.edges.iter().map(edge).collect();
        let candidates: Vec<String> = self.candidates.iter().map(|&node| char::from(node).to_string()).collect();
        format!("{}?{}>{}", edges.join(" "), char::from(self.start), candidates.join("|"))
    }

    /// What decides the split: the question without the order of its edges and candidates.
    pub fn content(&self) -> String {
        let mut canonical = self.clone();
        canonical.edges.sort_unstable();
        canonical.candidates.sort_unstable();
        canonical.write()
    }

    /// Reads what [`write`](Self::write) writes, extra spaces allowed; `None` unless it is a question of this shape
    /// with exactly one reachable candidate.
    pub fn read(prompt: &str, shape: &Shape) -> Option<Self> {
        let (edges, question) = prompt.split_once('?')?;
        let (start, candidates) = question.split_once('>')?;
        let node = |text: &str| match text.trim().as_bytes() {
            [node] if (b'a'..=shape.last_node()).contains(node) => Some(*node),
            _ => None,
        };
        let edge = |text: &str| {
            let (from, to) = (node(text.get(..1)?)?, node(text.get(1..)?)?);
            (from != to).then_some((from, to))
        };
        let edges: Vec<_> = edges.split_whitespace().take(shape.edges() + 1).map(edge).collect::<Option<Vec<_>>>()?;
        let candidates: Vec<_> = candidates.split('|').take(CANDIDATES + 1).map(node).collect::<Option<Vec<_>>>()?;
        let problem = Self { edges, start: node(start)?, candidates };
        let sizes =
            (1..=shape.edges()).contains(&problem.edges.len()) && (2..=CANDIDATES).contains(&problem.candidates.len());
        let fresh = all_different(&problem.edges)
            && all_different(&problem.candidates)
            && !problem.candidates.contains(&problem.start);
        (sizes && fresh && problem.reachable_candidates().len() == 1).then_some(problem)
    }

    /// The nodes one hop from `frontier` that are not in `seen`, in alphabetical order.
    pub fn after(&self, frontier: &[u8], seen: &[u8]) -> Vec<u8> {
        let mut next: Vec<u8> = self
            .edges
            .iter()
            .filter(|(from, to)| frontier.contains(from) && !seen.contains(to))
            .map(|&(_, to)| to)
            .collect();
        next.sort_unstable();
        next.dedup();
        next
    }

    /// The nodes that are first reached after one hop, after two and so on.
    fn frontiers(&self) -> Vec<Vec<u8>> {
        let mut seen = vec![self.start];
        let mut frontiers = vec![vec![self.start]];
        loop {
            let frontier = self.after(frontiers.last().map_or(&[], Vec::as_slice), &seen);
            if frontier.is_empty() {
                frontiers.remove(0);
                return frontiers;
            }
            seen.extend(&frontier);
            frontiers.push(frontier);
        }
    }

    /// The candidates that can be reached from the start.
    pub fn reachable_candidates(&self) -> Vec<u8> {
        let reached = self.frontiers().concat();
        self.candidates.iter().copied().filter(|candidate| reached.contains(candidate)).collect()
    }

    /// Hops from the start to the nearest candidate; 0 if none can be reached.
    pub fn hops(&self) -> usize {
        let meets = |frontier: &Vec<u8>| self.candidates.iter().any(|candidate| frontier.contains(candidate));
        self.frontiers().iter().position(meets).map_or(0, |at| at + 1)
    }
}

fn all_different<T: PartialEq>(items: &[T]) -> bool {
    items.iter().enumerate().all(|(at, item)| !items[..at].contains(item))
}
