//! A user's own catalogue: item vectors and who met which item when, as CSV.
//!
//! Not here: where the text comes from (the doors), catalogues made from a seed (`catalogue.rs`).

use std::collections::HashMap;

use super::catalogue::{Catalogue, SHORTEST};
use crate::error::{Error, Result};

const MAX_ITEMS: usize = 20_000;
const MAX_DIM: usize = 1024;

impl Catalogue {
    /// `items`: a header, then `item,value,value,…`, a line each. `interactions`: a header, then `user,item,time`; the time is any
    /// number, and equal times keep the order of the file. Users with fewer than three interactions are refused by name.
    ///
    /// # Errors
    /// `bad-input` naming the line, what was expected and what came.
    pub fn from_csv(items: &str, interactions: &str) -> Result<Self> {
        let (names, dim, content) = read_items(items)?;
        let numbers: HashMap<&str, u32> =
            names.iter().enumerate().map(|(at, name)| (name.as_str(), at as u32)).collect();
        let histories = read_interactions(interactions, &numbers)?;
        Ok(Self { dim, content, names, histories, truth: None })
    }
}

fn bad(file: &str, line: usize, what: impl std::fmt::Display) -> Error {
    Error::bad_input(format!("{file}, line {line}: {what}"))
}

/// The records below the header, each with the line it begins in.
fn records<'a>(file: &'a str, text: &'a str) -> impl Iterator<Item = Result<(usize, csv::StringRecord)>> + 'a {
    let reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    reader.into_records().map(move |record| {
        let record = record.map_err(|e| Error::bad_input(format!("{file}: {e}")))?;
        Ok((record.position().map_or(0, |at| at.line() as usize), record))
    })
}

fn read_items(text: &str) -> Result<(Vec<String>, usize, Vec<f32>)> {
    const FILE: &str = "items";
    let (mut names, mut dim, mut content) = (Vec::new(), 0, Vec::new());
    let mut met: HashMap<String, usize> = HashMap::new();
    for record in records(FILE, text) {
        let (line, cells) = record?;
        let width = cells.len() - 1;
        if names.is_empty() {
            dim = width;
            if !(1..=MAX_DIM).contains(&dim) {
                return Err(bad(
                    FILE,
                    line,
                    format!("expected a name and 1 to {MAX_DIM} numbers, got {width} numbers"),
                ));
            }
        }
        if width != dim {
            return Err(bad(FILE, line, format!("expected {dim} numbers as in the first line, got {width}")));
        }
        let name = cells[0].to_string();
        if let Some(first) = met.insert(name.clone(), line) {
            return Err(bad(FILE, line, format!("the item {name:?} stands in line {first} already")));
        }
        for cell in cells.iter().skip(1) {
            match cell.parse::<f32>() {
                Ok(value) if value.is_finite() => content.push(value),
                _ => return Err(bad(FILE, line, format!("item {name:?}: expected a finite number, got {cell:?}"))),
            }
        }
        names.push(name);
    }
    if !(2..=MAX_ITEMS).contains(&names.len()) {
        return Err(Error::bad_input(format!("{FILE}: expected 2 to {MAX_ITEMS} items, got {}", names.len())));
    }
    Ok((names, dim, content))
}

fn read_interactions(text: &str, numbers: &HashMap<&str, u32>) -> Result<Vec<Vec<u32>>> {
    const FILE: &str = "interactions";
    let mut order: Vec<String> = Vec::new();
    let mut met: HashMap<String, Vec<(f64, u32)>> = HashMap::new();
    for record in records(FILE, text) {
        let (line, cells) = record?;
        let &[user, item, time] = cells.iter().collect::<Vec<_>>().as_slice() else {
            return Err(bad(FILE, line, format!("expected user,item,time; got {} cells", cells.len())));
        };
        let Some(&number) = numbers.get(item) else {
            return Err(bad(FILE, line, format!("the item {item:?} has no vector in the file of items")));
        };
        let time = match time.parse::<f64>() {
            Ok(time) if time.is_finite() => time,
            _ => return Err(bad(FILE, line, format!("time: expected a number, got {time:?}"))),
        };
        met.entry(user.to_string())
            .or_insert_with(|| {
                order.push(user.to_string());
                Vec::new()
            })
            .push((time, number));
    }
    let mut histories = Vec::with_capacity(order.len());
    for user in order {
        let mut history = met.remove(&user).unwrap_or_default();
        if history.len() < SHORTEST {
            return Err(Error::bad_input(format!(
                "{FILE}: user {user:?} has {}; expected at least {SHORTEST}, one each to train on, to validate and to test: \
                 leave such users out",
                match history.len() {
                    1 => "one interaction".into(),
                    n => format!("{n} interactions"),
                }
            )));
        }
        history.sort_by(|a, b| a.0.total_cmp(&b.0));
        histories.push(history.into_iter().map(|(_, item)| item).collect());
    }
    if histories.is_empty() {
        return Err(Error::bad_input(format!("{FILE}: expected a header and lines below it, got no interaction")));
    }
    Ok(histories)
}
