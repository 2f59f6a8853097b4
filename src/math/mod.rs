//! (being built)

pub mod threefry;
