//! A catalogue of items and the histories of its users, made from a seed.
//!
//! Not here: a user's own files (`import.rs`), codes for the items (`quantizer.rs`).

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::math::stream::Stream;
use crate::math::threefry::Key;

/// Fewer items of a user than this cannot be split into training, validation and test.
pub const SHORTEST: usize = 3;

/// A synthetic catalogue. Items belong to latent clusters: their vectors are the cluster's centre and noise, so content tells the
/// cluster. Each item also has a place on a circle, the behavioural axis. Users walk along that axis inside a cluster and sometimes
/// change clusters. The vectors hold the axis too, in their last two elements, but so faintly that neither nearness nor k-means sees
/// it: whoever wants to know the next item has to learn from behaviour which part of the content matters. That is what joint training
/// can do and two stages cannot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CatalogueConfig {
    /// N, 8 to 20,000.
    pub items: usize,
    pub users: usize,
    /// Latent clusters of the content.
    pub clusters: usize,
    /// D.
    pub dim: usize,
    /// Standard deviation of an item's vector around its cluster's centre; centres are standard normal.
    pub content_noise: f64,
    /// Radius of the circle in the last two elements of the vectors, where it stands instead of centre and noise; 0 (or fewer than
    /// four elements): content says nothing of it.
    pub axis_radius: f64,
    /// Items in a history, the shortest and the longest: the last two are held out.
    pub history: [usize; 2],
    /// Chance that a step stays in its cluster.
    pub stay: f64,
    /// Mean step along the axis, as a share of the circle.
    pub stride: f64,
    /// Standard deviation of that step.
    pub wander: f64,
    pub seed: u64,
}

impl Default for CatalogueConfig {
    fn default() -> Self {
        Self {
            items: 400,
            users: 600,
            clusters: 12,
            dim: 16,
            content_noise: 0.5,
            axis_radius: 0.8,
            history: [6, 14],
            stay: 0.85,
            stride: 0.12,
            wander: 0.05,
            seed: 0,
        }
    }
}

/// Items with their vectors, and who met them in which order.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// D.
    pub dim: usize,
    /// (N, D), row by row.
    pub content: Vec<f32>,
    /// Names of the items, where they came with a file; else their numbers.
    pub names: Vec<String>,
    /// Items of each user, oldest first; at least three.
    pub histories: Vec<Vec<u32>>,
    /// What the maker of a synthetic catalogue knows of each item and nobody is told: its cluster, and its place on the axis (0 to 1).
    pub truth: Option<Vec<(u32, f32)>>,
}

/// Which item of a history is asked for. Leave-one-out: the last to test, the one before it to validate, the rest to train.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fold {
    Train,
    Validation,
    Test,
}

impl Catalogue {
    /// Makes a catalogue.
    ///
    /// # Errors
    /// `bad-input` naming the value that cannot be, and what can.
    pub fn synthetic(config: &CatalogueConfig) -> Result<Self> {
        config.validate()?;
        let CatalogueConfig { items, clusters, dim, .. } = *config;
        let key = Key::from_seed(config.seed);
        let mut draws = Stream::new(key.derive(0));
        let centres: Vec<f64> = (0..clusters * dim).map(|_| draws.normal()).collect();
        // Each cluster has its share of the items; which items those are, and where on the axis they lie, is chance.
        let mut cluster: Vec<usize> = (0..items).map(|item| item % clusters).collect();
        draws.shuffle(&mut cluster);
        let place: Vec<f64> = (0..items).map(|_| draws.uniform()).collect();
        let mut content = Vec::with_capacity(items * dim);
        let axis = if config.axis_radius > 0.0 && dim >= 4 { 2 } else { 0 };
        for (&of, place) in cluster.iter().zip(&place) {
            let centre = &centres[of * dim..][..dim - axis];
            content.extend(centre.iter().map(|middle| (middle + config.content_noise * draws.normal()) as f32));
            let (sin, cos) = (std::f64::consts::TAU * place).sin_cos();
            content.extend([cos, sin].map(|x| (config.axis_radius * x) as f32).into_iter().take(axis));
        }
        let members: Vec<Vec<u32>> =
            (0..clusters).map(|of| (0..items as u32).filter(|&item| cluster[item as usize] == of).collect()).collect();
        let mut walks = Stream::new(key.derive(1));
        let histories = (0..config.users).map(|_| walk(config, &members, &place, &mut walks)).collect();
        let truth = Some(cluster.iter().zip(&place).map(|(of, place)| (*of as u32, *place as f32)).collect());
        Ok(Self { dim, content, names: (0..items).map(|item| item.to_string()).collect(), histories, truth })
    }

    /// N.
    #[must_use]
    pub fn items(&self) -> usize {
        self.names.len()
    }

    /// Whether it can be trained on, however it was made.
    ///
    /// # Errors
    /// `bad-input` naming the item whose vector has no number, or the user with too short a history.
    pub fn check(&self) -> Result<()> {
        if let Some(at) = self.content.iter().position(|value| !value.is_finite()) {
            let (item, element, value) = (&self.names[at / self.dim], at % self.dim, self.content[at]);
            return Err(Error::bad_input(format!(
                "item {item:?}: element {element} of its vector is {value}; expected a finite number: repair the vector or leave \
                 the item out"
            )));
        }
        if let Some(user) = self.histories.iter().position(|history| history.len() < SHORTEST) {
            return Err(Error::bad_input(format!(
                "user {user} has {} interactions; expected at least {SHORTEST}, one each to train on, to validate and to test: \
                 leave such users out",
                self.histories[user].len()
            )));
        }
        if self.histories.iter().all(|history| history.len() == SHORTEST) {
            return Err(Error::bad_input(
                "every user has three interactions, so nothing is left to train on; expected users with four or more",
            ));
        }
        Ok(())
    }

    /// The vector of an item (D).
    #[must_use]
    pub fn vector(&self, item: u32) -> &[f32] {
        &self.content[item as usize * self.dim..][..self.dim]
    }

    /// What is known when an item of `user`'s history is asked for, and that item. Of `Train` there are several a user: `back` counts
    /// them from the newest; `None` where the history is too short.
    #[must_use]
    pub fn question(&self, user: usize, fold: Fold, back: usize) -> Option<(&[u32], u32)> {
        let history = &self.histories[user];
        let held_out = match fold {
            Fold::Test => 1,
            Fold::Validation => 2,
            Fold::Train => 3 + back,
        };
        let target = history.len().checked_sub(held_out)?;
        (target > 0).then(|| (&history[..target], history[target]))
    }
}

impl CatalogueConfig {
    /// # Errors
    /// `bad-input` naming the value that cannot be, and what can.
    pub fn validate(&self) -> Result<()> {
        let within = |name: &str, value: usize, low: usize, high: usize| match (low..=high).contains(&value) {
            true => Ok(()),
            false => Err(Error::bad_input(format!("{name}: expected {low} to {high}, got {value}"))),
        };
        within("items", self.items, 8, 20_000)?;
        within("users", self.users, 2, 200_000)?;
        within("clusters", self.clusters, 1, self.items / 2)?;
        within("dim", self.dim, 1, 1024)?;
        let [shortest, longest] = self.history;
        within("history (the shortest)", shortest, 3, 1000)?;
        within("history (the longest)", longest, shortest, 1000)?;
        let number = |name: &str, value: f64, low: f64, high: f64| match value >= low && value <= high {
            true => Ok(()),
            false => Err(Error::bad_input(format!("{name}: expected {low} to {high}, got {value}"))),
        };
        number("content_noise", self.content_noise, 0.0, 100.0)?;
        number("axis_radius", self.axis_radius, 0.0, 100.0)?;
        number("stay", self.stay, 0.0, 1.0)?;
        number("stride", self.stride, 0.0, 1.0)?;
        number("wander", self.wander, 1e-6, 1.0)
    }
}

/// A user's history: the next item is one that lies near where the walk has come to.
fn walk(config: &CatalogueConfig, members: &[Vec<u32>], place: &[f64], draws: &mut Stream) -> Vec<u32> {
    let [shortest, longest] = config.history.map(|n| n as i64);
    let length = draws.range(shortest..=longest) as usize;
    let clusters = members.len();
    let (mut cluster, mut at) = (draws.below(clusters as u32) as usize, draws.uniform());
    let mut history: Vec<u32> = Vec::with_capacity(length);
    while history.len() < length {
        if draws.uniform() > config.stay {
            // A neighbour, so that changing clusters can be learned too.
            cluster = (cluster + 1) % clusters;
        }
        at = (at + config.stride + config.wander * draws.normal()).rem_euclid(1.0);
        let away = |item: u32| {
            let distance = (place[item as usize] - at).abs();
            distance.min(1.0 - distance)
        };
        let fresh = members[cluster].iter().filter(|&&item| history.last() != Some(&item));
        let Some(&next) = fresh.min_by(|&&a, &&b| away(a).total_cmp(&away(b))) else { continue };
        history.push(next);
    }
    history
}
