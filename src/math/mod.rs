//! (stand-in: the two files of the random numbers as they come with the rest of the ground floor)

pub mod stream;
pub mod threefry;
