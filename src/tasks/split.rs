//! Which questions may be trained on: a hash of the content for questions of the usual size, the size itself for the rest.
//!
//! Not here: what a task counts as content or as larger (each task).

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::math::stream::Stream;
use crate::math::threefry::Key;

/// One question in this many is held out.
const HELD_OUT_ONE_IN: u64 = 10;

/// Whether a question may be trained on. Its content decides, so no two of these share a question.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    Train,
    /// Like the training questions, but never trained on.
    HeldOut,
    /// Out of distribution: longer or larger than any training question of the same difficulty.
    Ood,
}

impl Split {
    pub const ALL: [Self; 3] = [Self::Train, Self::HeldOut, Self::Ood];

    /// The name in options and files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::HeldOut => "held_out",
            Self::Ood => "ood",
        }
    }
}

impl FromStr for Split {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|split| split.name() == name);
        found.ok_or_else(|| Error::bad_input(format!("split: expected train, held_out or ood, got {name:?}")))
    }
}

/// A 64-bit hash of a content: FNV-1a, then a finaliser so that similar contents part ways.
pub(super) fn hash_of(content: &str) -> u64 {
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for byte in content.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    hash ^ (hash >> 33)
}

/// The side a content of the usual size falls on.
pub(super) fn split_of(content: &str) -> Split {
    if hash_of(content).is_multiple_of(HELD_OUT_ONE_IN) { Split::HeldOut } else { Split::Train }
}

/// Draws problems until one falls on the wanted side; for [`Split::Ood`], `generate` makes larger ones and the first will do.
/// `label` keeps the tasks' and difficulties' streams apart.
pub(super) fn draw<P>(
    split: Split,
    seed: u64,
    label: (u32, u32),
    generate: impl Fn(&mut Stream) -> P,
    content: impl Fn(&P) -> String,
) -> P {
    let key = Key::from_seed(seed).derive(label.0).derive(label.1).derive(split as u32);
    let mut stream = Stream::new(key);
    loop {
        let problem = generate(&mut stream);
        if split == Split::Ood || split_of(&content(&problem)) == split {
            return problem;
        }
    }
}
