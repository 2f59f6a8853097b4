//! How well a code-book is used: dead codes, evenness, conflicts, drift.
//!
//! Not here: how codes are assigned (`quantizer.rs`). Source of the definitions: DIGER's evaluation code.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// One level of a code-book.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelHealth {
    /// Codes that some item has.
    pub used: usize,
    /// Codes that no item has.
    pub dead: usize,
    /// Nats; ln K if all codes are used alike.
    pub usage_entropy: f64,
    /// e to the power of that: how many codes the usage amounts to.
    pub effective_codes: f64,
    /// 1 − Σ|n_i − N/K| / (2N), from 1/K (one code has all) to 1 (all have the same).
    pub balance: f64,
    /// Items of each code (K), for a heat map.
    pub counts: Vec<u32>,
}

/// Of one level's codes, an item each.
#[must_use]
pub fn level_health(codes: &[u32], size: usize) -> LevelHealth {
    let mut counts = vec![0_u32; size];
    codes.iter().for_each(|&code| counts[code as usize] += 1);
    let total = codes.len() as f64;
    let used = counts.iter().filter(|&&count| count > 0).count();
    let shares = counts.iter().filter(|&&count| count > 0).map(|&count| f64::from(count) / total);
    let usage_entropy = -shares.map(|share| share * share.ln()).sum::<f64>();
    let even = total / size as f64;
    let uneven: f64 = counts.iter().map(|&count| (f64::from(count) - even).abs()).sum();
    LevelHealth {
        used,
        dead: size - used,
        usage_entropy,
        effective_codes: usage_entropy.exp(),
        balance: 1.0 - uneven / (2.0 * total),
        counts,
    }
}

/// Items that share all their codes with another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conflicts {
    /// Different ids over items: 1 if no two items share one.
    pub unique: f64,
    /// Most items on one id.
    pub most: usize,
}

/// Of ids (N, L), row by row.
#[must_use]
pub fn conflicts(ids: &[u32], levels: usize) -> Conflicts {
    let mut items: HashMap<&[u32], usize> = HashMap::new();
    ids.chunks_exact(levels).for_each(|id| *items.entry(id).or_default() += 1);
    let total = ids.len() / levels;
    Conflicts { unique: items.len() as f64 / total as f64, most: items.values().copied().max().unwrap_or(0) }
}

/// Share of items whose id differs in some level, between two lists (N, L).
#[must_use]
pub fn drift(before: &[u32], after: &[u32], levels: usize) -> f64 {
    let pairs = before.chunks_exact(levels).zip(after.chunks_exact(levels));
    let (mut moved, mut total) = (0_usize, 0_usize);
    for (a, b) in pairs {
        total += 1;
        moved += usize::from(a != b);
    }
    moved as f64 / total.max(1) as f64
}
