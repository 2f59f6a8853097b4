//! Questions as a Parquet file in verl's schema: data_source, prompt (a list of role and content), ability, reward_model, extra_info.
//!
//! Not here: which questions (`mod.rs`). The writer is our own and not the `parquet` crate's: by `cargo tree` that crate, with no feature
//! at all, switches on features of `bytes` and `ahash` that Burn is built on; and the file is as plain as Parquet can be: one row group, a
//! page a column, no compression, no missing values. Source: apache/parquet-format, README.md and parquet.thrift.

use super::thrift::{Value, varint};
use crate::error::{Error, Result};

const MAGIC: &[u8; 4] = b"PAR1";
/// parquet.thrift's numbers.
const INT64: i32 = 2;
const BYTE_ARRAY: i32 = 6;
const REQUIRED: i32 = 0;
const REPEATED: i32 = 2;
const UTF8: i32 = 0;
const LIST: i32 = 3;
const PLAIN: i32 = 0;
const RLE: i32 = 3;

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The task: verl's name for what chooses a reward.
    pub data_source: String,
    /// What the user says.
    pub content: String,
    pub ability: &'static str,
    pub ground_truth: String,
    pub split: &'static str,
    pub index: i64,
    pub difficulty: i64,
}

/// A leaf of the schema, its path and how its values are found in a row.
struct Column {
    path: &'static [&'static str],
    /// Inside the list, where every value carries its levels.
    repeated: bool,
    of: fn(&Row) -> Cell<'_>,
}

enum Cell<'a> {
    Text(&'a str),
    Number(i64),
}

fn column(path: &'static [&'static str], of: fn(&Row) -> Cell<'_>) -> Column {
    Column { path, repeated: path[0] == "prompt", of }
}

fn columns() -> [Column; 10] {
    [
        column(&["data_source"], |row| Cell::Text(&row.data_source)),
        column(&["prompt", "list", "element", "role"], |_| Cell::Text("user")),
        column(&["prompt", "list", "element", "content"], |row| Cell::Text(&row.content)),
        column(&["ability"], |row| Cell::Text(row.ability)),
        column(&["reward_model", "style"], |_| Cell::Text("rule")),
        column(&["reward_model", "ground_truth"], |row| Cell::Text(&row.ground_truth)),
        column(&["extra_info", "split"], |row| Cell::Text(row.split)),
        column(&["extra_info", "index"], |row| Cell::Number(row.index)),
        column(&["extra_info", "task"], |row| Cell::Text(&row.data_source)),
        column(&["extra_info", "difficulty"], |row| Cell::Number(row.difficulty)),
    ]
}

fn group(name: &'static str, children: i32, repetition: i32, list: bool) -> Value {
    let mut fields = vec![(3, Value::I32(repetition)), (4, Value::Text(name)), (5, Value::I32(children))];
    if list {
        fields.push((6, Value::I32(LIST)));
        fields.push((10, Value::Struct(vec![(3, Value::Struct(vec![]))])));
    }
    Value::Struct(fields)
}

fn text(name: &'static str) -> Value {
    Value::Struct(vec![
        (1, Value::I32(BYTE_ARRAY)),
        (3, Value::I32(REQUIRED)),
        (4, Value::Text(name)),
        (6, Value::I32(UTF8)),
        (10, Value::Struct(vec![(1, Value::Struct(vec![]))])),
    ])
}

fn number(name: &'static str) -> Value {
    Value::Struct(vec![(1, Value::I32(INT64)), (3, Value::I32(REQUIRED)), (4, Value::Text(name))])
}

/// Depth first, a group before its children.
fn schema() -> Value {
    Value::List(vec![
        Value::Struct(vec![(4, Value::Text("schema")), (5, Value::I32(5))]),
        text("data_source"),
        group("prompt", 1, REQUIRED, true),
        group("list", 1, REPEATED, false),
        group("element", 2, REQUIRED, false),
        text("role"),
        text("content"),
        text("ability"),
        group("reward_model", 2, REQUIRED, false),
        text("style"),
        text("ground_truth"),
        group("extra_info", 4, REQUIRED, false),
        text("split"),
        number("index"),
        text("task"),
        number("difficulty"),
    ])
}

/// `count` levels of one value, one bit wide, behind their length: a single run.
fn levels(value: u8, count: usize, out: &mut Vec<u8>) {
    let mut run = Vec::new();
    varint((count as u64) << 1, &mut run);
    run.push(value);
    out.extend_from_slice(&(run.len() as u32).to_le_bytes());
    out.extend(run);
}

/// The body of a column's one page.
fn page(column: &Column, rows: &[Row]) -> Vec<u8> {
    let mut body = Vec::new();
    if column.repeated {
        levels(0, rows.len(), &mut body); // each message begins a list of its own
        levels(1, rows.len(), &mut body); // and is there
    }
    for row in rows {
        match (column.of)(row) {
            Cell::Text(text) => {
                body.extend_from_slice(&(text.len() as u32).to_le_bytes());
                body.extend_from_slice(text.as_bytes());
            }
            Cell::Number(number) => body.extend_from_slice(&number.to_le_bytes()),
        }
    }
    body
}

/// The file. The same rows give the same bytes.
///
/// # Errors
/// `bad-input` where a column takes more than 2 GB, which the format cannot say.
pub fn write(rows: &[Row]) -> Result<Vec<u8>> {
    let mut file = MAGIC.to_vec();
    let mut chunks = Vec::new();
    let mut total = 0;
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    for column in &columns() {
        let body = page(column, rows);
        let (Ok(size), Ok(values)) = (i32::try_from(body.len()), i32::try_from(rows.len())) else {
            return Err(Error::bad_input(format!(
                "questions: {} are too many for one file; ask for fewer",
                rows.len()
            )));
        };
        let header = Value::Struct(vec![
            (1, Value::I32(0)),
            (2, Value::I32(size)),
            (3, Value::I32(size)),
            (
                5,
                Value::Struct(vec![
                    (1, Value::I32(values)),
                    (2, Value::I32(PLAIN)),
                    (3, Value::I32(RLE)),
                    (4, Value::I32(RLE)),
                ]),
            ),
        ]);
        let start = file.len();
        header.write(&mut file);
        file.extend(body);
        let taken = Value::I64((file.len() - start) as i64);
        total += (file.len() - start) as i64;
        let kind = if matches!(column.path, ["extra_info", "index" | "difficulty"]) { INT64 } else { BYTE_ARRAY };
        let metadata = Value::Struct(vec![
            (1, Value::I32(kind)),
            (2, Value::List(vec![Value::I32(PLAIN), Value::I32(RLE)])),
            (3, Value::List(column.path.iter().map(|part| Value::Text(part)).collect())),
            (4, Value::I32(0)),
            (5, Value::I64(count)),
            (6, Value::I64((file.len() - start) as i64)),
            (7, taken),
            (9, Value::I64(start as i64)),
        ]);
        chunks.push(Value::Struct(vec![(2, Value::I64(0)), (3, metadata)]));
    }
    let group = Value::Struct(vec![(1, Value::List(chunks)), (2, Value::I64(total)), (3, Value::I64(count))]);
    let footer = Value::Struct(vec![
        (1, Value::I32(2)),
        (2, schema()),
        (3, Value::I64(count)),
        (4, Value::List(vec![group])),
        (6, Value::Name(format!("soft-thinking-lab version {}", env!("CARGO_PKG_VERSION")))),
    ]);
    let start = file.len();
    footer.write(&mut file);
    let length = (file.len() - start) as u32;
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(MAGIC);
    Ok(file)
}
