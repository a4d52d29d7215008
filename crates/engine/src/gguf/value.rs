//! Values of the metadata (`enum gguf_metadata_value_type` of the format).

use std::io::{Read, Seek};

use super::GgufError;
use super::cursor::Cursor;

const BOOL: u32 = 7;
const STRING: u32 = 8;
const ARRAY: u32 = 9;

/// Several strings, one after the other: a vocabulary has tens of thousands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strings {
    text: String,
    /// Where each one ends.
    ends: Vec<usize>,
}

impl Strings {
    /// How many.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let mut from = 0;
        self.ends.iter().map(move |&end| &self.text[std::mem::replace(&mut from, end)..end])
    }
}

/// One row per type of number: its name, Rust's type, and its number in the file.
macro_rules! numbers {
    ($($name:ident($type:ty) = $kind:literal,)*) => {
        /// A value of the metadata.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs)] // the names are the types'
        pub enum Value {
            $($name($type),)*
            Bool(bool),
            /// Bytes that are not UTF-8 became U+FFFD.
            String(String),
            Array(Array),
        }

        /// Values of one type.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(missing_docs)] // the names are the types'
        pub enum Array {
            $($name(Vec<$type>),)*
            Bool(Vec<bool>),
            String(Strings),
        }

        impl Value {
            /// Reads a value of the type that has the number `kind`.
            pub(super) fn read<R: Read + Seek>(
                cursor: &mut Cursor<R>,
                key: &str,
                kind: u32,
            ) -> Result<Self, GgufError> {
                Ok(match kind {
                    $($kind => Self::$name(<$type>::from_le_bytes(cursor.bytes(key)?)),)*
                    BOOL => Self::Bool(cursor.bool(key)?),
                    STRING => Self::String(cursor.string(key)?.into_owned()),
                    ARRAY => Self::Array(Array::read(cursor, key)?),
                    _ => {
                        let problem = format!("{key} has the unknown value type {kind}");
                        return Err(GgufError::Header(problem));
                    }
                })
            }
        }

        /// Bytes of a number of the type `kind`.
        fn size(kind: u32) -> Option<u64> {
            match kind {
                $($kind => Some(size_of::<$type>() as u64),)*
                BOOL => Some(1),
                _ => None,
            }
        }

        impl Array {
            fn read<R: Read + Seek>(
                cursor: &mut Cursor<R>,
                key: &str,
            ) -> Result<Self, GgufError> {
                let kind = cursor.u32(key)?;
                let count = cursor.u64(key)?;
                Ok(match kind {
                    $($kind => {
                        Self::$name(many(cursor, key, count, size_of::<$type>(), |cursor| {
                            Ok(<$type>::from_le_bytes(cursor.bytes(key)?))
                        })?)
                    })*
                    BOOL => Self::Bool(many(cursor, key, count, 1, |cursor| cursor.bool(key))?),
                    STRING => Self::String(strings(cursor, key, count)?),
                    ARRAY => {
                        return Err(GgufError::Header(format!("{key} is an array of arrays")));
                    }
                    _ => {
                        let problem = format!("{key} has elements of the unknown type {kind}");
                        return Err(GgufError::Header(problem));
                    }
                })
            }
        }
    };
}

numbers! {
    U8(u8) = 0,
    I8(i8) = 1,
    U16(u16) = 2,
    I16(i16) = 3,
    U32(u32) = 4,
    I32(i32) = 5,
    F32(f32) = 6,
    U64(u64) = 10,
    I64(i64) = 11,
    F64(f64) = 12,
}

impl Value {
    /// A whole number of any type, if it is one.
    pub fn integer(&self) -> Option<i128> {
        match *self {
            Self::U8(number) => Some(number.into()),
            Self::I8(number) => Some(number.into()),
            Self::U16(number) => Some(number.into()),
            Self::I16(number) => Some(number.into()),
            Self::U32(number) => Some(number.into()),
            Self::I32(number) => Some(number.into()),
            Self::U64(number) => Some(number.into()),
            Self::I64(number) => Some(number.into()),
            _ => None,
        }
    }
}

/// Goes over a value of the type `kind`.
pub(super) fn skip<R: Read + Seek>(
    cursor: &mut Cursor<R>,
    key: &str,
    kind: u32,
) -> Result<(), GgufError> {
    if let Some(size) = size(kind) {
        return cursor.skip(key, size);
    }
    let (kind, count) = match kind {
        STRING => (STRING, 1),
        ARRAY => (cursor.u32(key)?, cursor.u64(key)?),
        _ => return Err(GgufError::Header(format!("{key} has the unknown value type {kind}"))),
    };
    if let Some(size) = size(kind) {
        return cursor.skip(key, size.saturating_mul(count));
    }
    if kind != STRING {
        return Err(GgufError::Header(format!("{key} has elements of the unknown type {kind}")));
    }
    // Each string takes some bytes of the file, so that a false count ends with it.
    for _ in 0..count {
        let length = cursor.u64(key)?;
        cursor.skip(key, length)?;
    }
    Ok(())
}

/// Reads values that take at least `size` bytes each, in the file as in memory.
fn many<R: Read + Seek, T>(
    cursor: &mut Cursor<R>,
    key: &str,
    count: u64,
    size: usize,
    mut read: impl FnMut(&mut Cursor<R>) -> Result<T, GgufError>,
) -> Result<Vec<T>, GgufError> {
    let needed = count.saturating_mul(size as u64);
    if needed > cursor.length() {
        return Err(too_many(key, count, cursor.length()));
    }
    cursor.expect(key, needed)?;
    let mut values = Vec::with_capacity(count as usize);
    for _ in 0..count {
        values.push(read(cursor)?);
    }
    Ok(values)
}

fn strings<R: Read + Seek>(
    cursor: &mut Cursor<R>,
    key: &str,
    count: u64,
) -> Result<Strings, GgufError> {
    let mut text = String::new();
    let length = cursor.length();
    // A string's length stands before it in 8 bytes, as many as its end takes in memory.
    let ends = many(cursor, key, count, 8, |cursor| {
        let next = cursor.string(key)?;
        // A text that grows may take twice its length.
        if 2 * (text.len() + next.len()) as u64 > length {
            return Err(too_many(key, count, length));
        }
        text.push_str(&next);
        Ok(text.len())
    })?;
    Ok(Strings { text, ends })
}

fn too_many(key: &str, count: u64, length: u64) -> GgufError {
    GgufError::Header(format!("{key} has {count} elements, too many for a file of {length} bytes"))
}
