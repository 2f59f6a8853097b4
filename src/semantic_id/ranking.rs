//! Recall@k and NDCG@k of one right item.
//!
//! Not here: who ranks (beam search or all items). Source: leave-one-out as in TIGER and DIGER.

/// 1 if the right item is among the first k; `rank` counts from 0, `None` where it was not ranked at all.
#[must_use]
pub fn recall_at_k(rank: Option<usize>, k: usize) -> f64 {
    f64::from(u8::from(rank.is_some_and(|rank| rank < k)))
}

/// 1 / log2(rank + 2) if the right item is among the first k, else 0; `rank` counts from 0.
#[must_use]
pub fn ndcg_at_k(rank: Option<usize>, k: usize) -> f64 {
    match rank {
        Some(rank) if rank < k => 1.0 / ((rank + 2) as f64).log2(),
        _ => 0.0,
    }
}
