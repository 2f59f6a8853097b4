//! Thrift's compact protocol, as much of it as Parquet's footer and page headers are written in.
//!
//! Not here: what the fields mean (`parquet.rs`). Source: thrift-compact-protocol.md of Apache Thrift.

/// A value of a field or of a list.
pub enum Value {
    I32(i32),
    I64(i64),
    Text(&'static str),
    Name(String),
    /// All elements are of one kind.
    List(Vec<Value>),
    Struct(Vec<(u8, Value)>),
}

impl Value {
    fn kind(&self) -> u8 {
        match self {
            Self::I32(_) => 5,
            Self::I64(_) => 6,
            Self::Text(_) | Self::Name(_) => 8,
            Self::List(_) => 9,
            Self::Struct(_) => 12,
        }
    }

    /// Appends the value.
    pub fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::I32(number) => zigzag(i64::from(*number), out),
            Self::I64(number) => zigzag(*number, out),
            Self::Text(text) => bytes(text, out),
            Self::Name(text) => bytes(text, out),
            Self::List(values) => {
                let kind = values.first().map_or(12, Value::kind);
                if values.len() < 15 {
                    out.push((values.len() as u8) << 4 | kind);
                } else {
                    out.push(0xF0 | kind);
                    varint(values.len() as u64, out);
                }
                values.iter().for_each(|value| value.write(out));
            }
            Self::Struct(fields) => {
                let mut last = 0;
                for (id, value) in fields {
                    out.push((id - last) << 4 | value.kind()); // ids ascend by less than 16
                    last = *id;
                    value.write(out);
                }
                out.push(0);
            }
        }
    }
}

/// Seven bits a byte, the lowest first.
pub fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn zigzag(number: i64, out: &mut Vec<u8>) {
    varint(((number << 1) ^ (number >> 63)) as u64, out);
}

fn bytes(text: &str, out: &mut Vec<u8>) {
    varint(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}
