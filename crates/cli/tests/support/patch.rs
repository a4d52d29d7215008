//! GGUF files whose header is changed and whose tensors' bytes stay where they are.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

use std::io::Cursor;
use std::rc::Rc;

use entropix_engine::Joined;
use serde_json::Value;

const STRING: u32 = 8;
const ARRAY: u32 = 9;

/// A file, cut into what a header consists of.
#[derive(Clone)]
pub struct Gguf {
    /// Key, type and bytes.
    entries: Vec<(String, u32, Vec<u8>)>,
    tensors: Vec<Tensor>,
    alignment: usize,
    /// What follows the header.
    data: Rc<[u8]>,
}

#[derive(Clone)]
struct Tensor {
    name: String,
    dims: Vec<u64>,
    kind: u32,
    offset: u64,
}

/// Takes numbers and bytes from the front of a file.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> &'a [u8] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    fn u32(&mut self) -> u32 {
        u32::from_le_bytes(self.take(4).try_into().unwrap())
    }

    fn u64(&mut self) -> u64 {
        u64::from_le_bytes(self.take(8).try_into().unwrap())
    }

    fn text(&mut self) -> String {
        let length = self.u64() as usize;
        String::from_utf8(self.take(length).to_vec()).unwrap()
    }

    fn value(&mut self, kind: u32) -> Vec<u8> {
        let before = self.0;
        self.pass(kind);
        before[..before.len() - self.0.len()].to_vec()
    }

    fn pass(&mut self, kind: u32) {
        match kind {
            STRING => {
                let length = self.u64() as usize;
                self.take(length);
            }
            ARRAY => {
                let kind = self.u32();
                for _ in 0..self.u64() {
                    self.pass(kind);
                }
            }
            0 | 1 | 7 => _ = self.take(1),
            2 | 3 => _ = self.take(2),
            4..=6 => _ = self.take(4),
            _ => _ = self.take(8),
        }
    }
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = (text.len() as u64).to_le_bytes().to_vec();
    bytes.extend(text.as_bytes());
    bytes
}

/// The bytes of a value; numbers of 1 to 8 bytes.
fn bytes(kind: u32, value: &Value) -> Vec<u8> {
    let whole = || value.as_i64().unwrap_or_else(|| panic!("{value}")).to_le_bytes();
    match kind {
        STRING => text(value.as_str().unwrap()),
        7 => vec![u8::from(value.as_bool().unwrap())],
        2 | 3 => whole()[..2].to_vec(),
        4 | 5 => whole()[..4].to_vec(),
        6 => (value.as_f64().unwrap() as f32).to_le_bytes().to_vec(),
        _ => whole().to_vec(),
    }
}

impl Gguf {
    pub fn read(file: &[u8]) -> Self {
        let mut reader = Reader(file);
        assert_eq!(reader.take(4), b"GGUF");
        reader.u32();
        let (tensors, entries) = (reader.u64(), reader.u64());
        let entries = (0..entries).map(|_| {
            let (key, kind) = (reader.text(), reader.u32());
            (key, kind, reader.value(kind))
        });
        let entries: Vec<_> = entries.collect();
        let tensors = (0..tensors).map(|_| Tensor {
            name: reader.text(),
            dims: (0..reader.u32()).map(|_| reader.u64()).collect(),
            kind: reader.u32(),
            offset: reader.u64(),
        });
        let tensors = tensors.collect();
        let alignment = entries.iter().find(|(key, ..)| key == "general.alignment");
        let alignment = alignment.map_or(32, |(.., bytes)| Reader(bytes).u32() as usize);
        let start = (file.len() - reader.0.len()).next_multiple_of(alignment);
        Self { entries, tensors, alignment, data: file[start..].into() }
    }

    /// Changes what `patch` names: see tests/golden/files/README.md.
    pub fn patch(&mut self, patch: &Value) {
        for (what, value) in patch.as_object().unwrap() {
            match what.as_str() {
                "set" => {
                    for (key, value) in value.as_object().unwrap() {
                        let kind = value[0].as_u64().unwrap() as u32;
                        self.set(key, kind, bytes(kind, &value[1]));
                    }
                }
                "drop" => {
                    let prefixes = value.as_array().unwrap();
                    let is =
                        |key: &str| prefixes.iter().any(|p| key.starts_with(p.as_str().unwrap()));
                    self.entries.retain(|(key, ..)| !is(key));
                }
                "elements" => {
                    for (key, elements) in value.as_object().unwrap() {
                        self.elements(key, elements);
                    }
                }
                "tensors" => self.tensors.truncate(value.as_u64().unwrap() as usize),
                "tensor_type" => {
                    let kind = value[1].as_u64().unwrap() as u32;
                    let name = value[0].as_str().unwrap();
                    self.tensors.iter_mut().find(|tensor| tensor.name == name).unwrap().kind = kind;
                }
                other => panic!("{other} is no patch"),
            }
        }
    }

    fn set(&mut self, key: &str, kind: u32, value: Vec<u8>) {
        match self.entries.iter_mut().find(|(known, ..)| known == key) {
            Some(entry) => (entry.1, entry.2) = (kind, value),
            None => self.entries.push((key.to_owned(), kind, value)),
        }
    }

    /// Changes elements of a list, by their numbers.
    fn elements(&mut self, key: &str, changes: &Value) {
        let entry = self.entries.iter_mut().find(|(known, ..)| known == key).unwrap();
        let mut reader = Reader(&entry.2);
        let (kind, count) = (reader.u32(), reader.u64());
        let mut list: Vec<_> = (0..count).map(|_| reader.value(kind)).collect();
        for (at, value) in changes.as_object().unwrap() {
            list[at.parse::<usize>().unwrap()] = bytes(kind, value);
        }
        let mut value = kind.to_le_bytes().to_vec();
        value.extend(count.to_le_bytes());
        value.extend(list.concat());
        entry.2 = value;
    }

    fn header(&self, entries: &[(String, u32, Vec<u8>)], tensors: &[Tensor]) -> Vec<u8> {
        let mut file = b"GGUF\x03\0\0\0".to_vec();
        file.extend((tensors.len() as u64).to_le_bytes());
        file.extend((entries.len() as u64).to_le_bytes());
        for (key, kind, value) in entries {
            file.extend(text(key));
            file.extend(kind.to_le_bytes());
            file.extend(value);
        }
        for tensor in tensors {
            file.extend(text(&tensor.name));
            file.extend((tensor.dims.len() as u32).to_le_bytes());
            file.extend(tensor.dims.iter().flat_map(|dim| dim.to_le_bytes()));
            file.extend(tensor.kind.to_le_bytes());
            file.extend(tensor.offset.to_le_bytes());
        }
        file.resize(file.len().next_multiple_of(self.alignment), 0);
        file
    }

    /// The changed file.
    pub fn file(&self) -> Joined<Cursor<Rc<[u8]>>> {
        let header = self.header(&self.entries, &self.tensors).into();
        Joined::new(vec![Cursor::new(header), Cursor::new(Rc::clone(&self.data))]).unwrap()
    }

    /// The model in several files, as `gguf-split` writes them: the first has the metadata, and so
    /// many tensors as `counts` says are in each.
    pub fn split(&self, counts: &[usize]) -> Vec<Vec<u8>> {
        assert_eq!(counts.iter().sum::<usize>(), self.tensors.len());
        let mut rest = self.tensors.as_slice();
        let parts = counts.iter().enumerate().map(|(number, &count)| {
            let (own, others) = rest.split_at(count);
            rest = others;
            let number_of = |value: usize| bytes(2, &Value::from(value));
            let mut entries = if number == 0 { self.entries.clone() } else { Vec::new() };
            entries.extend([
                ("split.no".to_owned(), 2, number_of(number)),
                ("split.count".to_owned(), 2, number_of(counts.len())),
                ("split.tensors.count".to_owned(), 5, bytes(5, &Value::from(self.tensors.len()))),
            ]);
            // The bytes of a tensor go up to where another one begins.
            let mut data: Vec<u8> = Vec::new();
            let mut tensors = own.to_vec();
            for tensor in &mut tensors {
                let from = tensor.offset as usize;
                let next =
                    self.tensors.iter().map(|other| other.offset as usize).filter(|at| *at > from);
                let until = next.min().unwrap_or(self.data.len());
                tensor.offset = data.len() as u64;
                data.extend(&self.data[from..until]);
                data.resize(data.len().next_multiple_of(self.alignment), 0);
            }
            let mut file = self.header(&entries, &tensors);
            file.extend(data);
            file
        });
        parts.collect()
    }

    pub fn tensor_count(&self) -> usize {
        self.tensors.len()
    }
}
