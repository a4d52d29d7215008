//! Broken and hostile files: a named error or a working model, never a panic, and never an
//! allocation larger than the file.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod support;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use entropix_engine::gguf::{GgufError, Header};
use entropix_engine::{EngineError, EngineOptions, Kernel, KvType, Precision, load, open};
use support::{Random, real_model, tiny_model};

thread_local! {
    /// Largest allocation of this thread, in bytes, since it was reset. Nothing here starts another.
    static LARGEST: Cell<usize> = const { Cell::new(0) };
}

/// Also when a thread ends and its locals are gone.
fn note(bytes: usize) {
    let _ = LARGEST.try_with(|largest| largest.set(largest.get().max(bytes)));
}

struct Watched;

// SAFETY: every call goes to `System` with the arguments it came with.
unsafe impl GlobalAlloc for Watched {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note(layout.size());
        // SAFETY: the caller keeps `GlobalAlloc`'s contract, which is `System`'s.
        unsafe { System.alloc(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note(size);
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Watched = Watched;

/// Runs `act`; fails on a panic, or on an allocation above `limit` bytes.
fn watched<T>(what: &str, limit: usize, act: impl FnOnce() -> T) -> T {
    LARGEST.set(0);
    let result = catch_unwind(AssertUnwindSafe(act));
    let largest = LARGEST.get();
    let result = result.unwrap_or_else(|_| panic!("{what}: panicked"));
    assert!(largest <= limit, "{what}: allocated {largest} bytes at once, the limit is {limit}");
    result
}

const DEFAULT: EngineOptions =
    EngineOptions { kernel: Kernel::Auto, precision: Precision::Int16, kv: KvType::F16 };

/// Messages and short names, whatever the file's length.
const SMALL_CHANGE: usize = 4096;
/// What a loaded model holds beside its file: a page of the cache, buffers for a batch of a prompt.
const RUNTIME: usize = 1 << 19;

#[test]
fn truncated_at_every_percent() {
    let model = real_model();
    for percent in 0..100 {
        let length = model.len() * percent / 100;
        let what = format!("cut at {percent} %");
        let error = watched(&what, length + SMALL_CHANGE, || {
            load(&mut Cursor::new(&model[..length]), DEFAULT).err()
        });
        let error = error.unwrap_or_else(|| panic!("{what}: loaded"));
        match error {
            EngineError::Gguf(GgufError::Empty) => assert_eq!(percent, 0),
            EngineError::Gguf(GgufError::Truncated { .. }) => {}
            // So short that the vocabulary it announces can't be true.
            EngineError::Gguf(GgufError::Header(text)) if percent <= 4 => {
                assert!(text.contains("too many"), "{text}");
            }
            other => panic!("{what}: {other}"),
        }
    }
    let loaded = load(&mut Cursor::new(&model), DEFAULT).unwrap();
    let mut logits = Vec::new();
    loaded.model.sequence().append(&[1], &mut logits).unwrap();
    assert_eq!(logits.len(), 49152);
}

/// Overwrites a few bytes in a way that hurts; returns what was there.
fn mutate(random: &mut Random, file: &mut [u8], position: usize) -> Vec<u8> {
    let length = (1 + random.below(8)).min(file.len() - position);
    let place = &mut file[position..position + length];
    let before = place.to_vec();
    match random.below(5) {
        0 => place.fill(0xFF),
        1 => place.fill(0),
        2 => place[0] ^= 1 << random.below(8),
        3 => place[0] = place[0].wrapping_add(1),
        _ => place.iter_mut().for_each(|byte| *byte = random.next() as u8),
    }
    before
}

#[test]
fn ten_thousand_mutations_of_a_whole_small_model() {
    let sound = tiny_model();
    let header = Header::read(Cursor::new(&sound)).unwrap().data_offset as usize;
    let limit = sound.len() + RUNTIME;
    let mut random = Random(7);
    let mut worked = 0;
    for round in 0..10_000 {
        let mut file = sound.clone();
        for _ in 0..=random.below(2) {
            let position = random.below(header);
            mutate(&mut random, &mut file, position);
        }
        let logits = watched(&format!("mutation {round}"), limit, || {
            let loaded = load(&mut Cursor::new(&file), DEFAULT).ok()?;
            let ids = loaded.tokenizer.encode("hello", true).ok()?;
            loaded.tokenizer.decode(&ids);
            loaded.model.sequence().append(&ids, &mut Vec::new()).ok()
        });
        worked += usize::from(logits.is_some());
    }
    println!("{worked} of 10000 mutated models still worked");
    assert!(
        (500..9500).contains(&worked),
        "{worked} of 10000 worked: mutations hit too little or too much"
    );
}

/// Mutations of the real header, one after the other; returns after how many it still was a header.
fn mutations_of_the_real_header(rounds: usize, mut random: Random) -> usize {
    let mut model = real_model();
    let limit = model.len();
    let header = Header::read(Cursor::new(&model)).unwrap().data_offset as usize;
    let mut sound = 0;
    for round in 0..rounds {
        // Most of the header is the vocabulary; half of the mutations go where structure is.
        let position = match random.below(4) {
            0 => random.below(2048),
            1 => header - 1 - random.below(20_000),
            _ => random.below(header),
        };
        let before = mutate(&mut random, &mut model, position);
        let what = format!("mutation {round} at {position}");
        let passed = watched(&what, limit, || Header::read(Cursor::new(&model)).is_ok());
        sound += usize::from(passed);
        // Building the vocabulary takes long: some are opened.
        if passed && round % 50 == 0 {
            watched(&what, limit, || open(&mut Cursor::new(&model), DEFAULT).map(|_| ()).is_ok());
        }
        model[position..position + before.len()].copy_from_slice(&before);
    }
    sound
}

#[test]
fn ten_thousand_mutations_of_the_real_header() {
    let sound: usize = thread::scope(|scope| {
        [11, 13]
            .map(|seed| scope.spawn(move || mutations_of_the_real_header(5_000, Random(seed))))
            .map(|half| half.join().unwrap())
            .into_iter()
            .sum()
    });
    println!("{sound} of 10000 mutated headers were still sound");
    assert!((1000..9500).contains(&sound), "{sound} of 10000");
}

#[test]
fn hostile_headers_are_named() {
    let sound = tiny_model();
    let find = |text: &str| sound.windows(text.len()).position(|w| w == text.as_bytes()).unwrap();
    let patched = |at: usize, bytes: &[u8]| {
        let mut file = sound.clone();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    };
    let name_end = |name: &str| find(name) + name.len();
    let embedding = name_end("token_embd.weight");
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        ("empty", vec![], "empty"),
        ("html", b"<!doctype html><title>404</title>".to_vec(), "web page"),
        ("other", b"PK\x03\x04 a zip file".to_vec(), "zip file"),
        ("version", patched(4, &9_u32.to_le_bytes()), "version 9"),
        ("tensor count", patched(8, &u64::MAX.to_le_bytes()), "cut off"),
        ("metadata count", patched(16, &u64::MAX.to_le_bytes()), "cut off"),
        ("key length", patched(24, &u64::MAX.to_le_bytes()), "bytes long"),
        ("value type", patched(name_end("general.name"), &77_u32.to_le_bytes()), "value type 77"),
        (
            "string length",
            patched(name_end("general.name") + 4, &(u64::MAX / 2).to_le_bytes()),
            "cut off",
        ),
        (
            "array count",
            patched(name_end("tokenizer.ggml.tokens") + 8, &(1_u64 << 60).to_le_bytes()),
            "too many",
        ),
        ("dimensions", patched(embedding, &9_u32.to_le_bytes()), "9 dimensions"),
        (
            "dims overflow",
            patched(embedding + 4, &(1_u64 << 63).to_le_bytes()),
            "impossible dimensions",
        ),
        ("dims zero", patched(embedding + 4, &0_u64.to_le_bytes()), "impossible dimensions"),
        (
            "dtype",
            patched(embedding + 20, &4_u32.to_le_bytes()),
            "token_embd.weight is Q4_2, which this engine can't read: F32, F16",
        ),
        (
            "another dtype",
            patched(embedding + 20, &21_u32.to_le_bytes()),
            "token_embd.weight is IQ3_S, which this engine can't read",
        ),
        (
            "a dtype of tomorrow",
            patched(embedding + 20, &4242_u32.to_le_bytes()),
            "token_embd.weight is of the unknown type 4242, which this engine can't read",
        ),
        (
            "narrow rows of a K-quant",
            patched(embedding + 20, &12_u32.to_le_bytes()),
            "token_embd.weight is Q4_K, which has rows of a multiple of 256, and its rows have 32",
        ),
        ("offset", patched(embedding + 24, &(1_u64 << 40).to_le_bytes()), "cut off"),
        ("odd offset", patched(embedding + 24, &3_u64.to_le_bytes()), "multiple of"),
        (
            "block count",
            patched(name_end("llama.block_count") + 4, &u32::MAX.to_le_bytes()),
            "block_count",
        ),
        (
            "no heads",
            patched(name_end("llama.attention.head_count") + 4, &0_u32.to_le_bytes()),
            "head_count",
        ),
        ("epsilon", patched(name_end("rms_epsilon") + 4, &f32::NAN.to_le_bytes()), "epsilon"),
        ("architecture", patched(name_end("general.architecture") + 12, b"gpt-2"), "gpt-2"),
    ];
    for (name, file, expected) in cases {
        let error = watched(name, file.len() + SMALL_CHANGE + RUNTIME, || {
            load(&mut Cursor::new(&file), DEFAULT).err()
        });
        let error = error.unwrap_or_else(|| panic!("{name}: loaded")).to_string();
        assert!(error.contains(expected), "{name}: {error:?} does not say {expected:?}");
    }
}

#[test]
fn alignment_must_be_a_power_of_two() {
    // A key of the same length becomes the alignment.
    let mut file = tiny_model();
    let key = b"llama.block_count";
    let at = file.windows(key.len()).position(|w| w == key).unwrap();
    file[at..at + key.len()].copy_from_slice(b"general.alignment");
    for alignment in [0_u32, 1, 4, 24, 1 << 31] {
        file[at + key.len() + 4..at + key.len() + 8].copy_from_slice(&alignment.to_le_bytes());
        let error = load(&mut Cursor::new(&file), DEFAULT).err().unwrap().to_string();
        assert!(error.contains(&format!("alignment is {alignment}")), "{error}");
    }
}

#[test]
fn lists_that_would_take_more_memory_than_the_file() {
    let header = |tensors: u64, entries: u64| {
        let mut file = b"GGUF".to_vec();
        file.extend(3_u32.to_le_bytes());
        file.extend(tensors.to_le_bytes());
        file.extend(entries.to_le_bytes());
        file
    };
    // One entry: a list of strings, of which `lengths` are there, of bytes that are no text.
    let strings = |lengths: &[usize]| {
        let mut file = header(1, 1);
        file.extend(1_u64.to_le_bytes());
        file.push(b'a');
        file.extend(9_u32.to_le_bytes());
        file.extend(8_u32.to_le_bytes());
        file.extend((lengths.len() as u64).to_le_bytes());
        for &length in lengths {
            file.extend((length as u64).to_le_bytes());
            file.resize(file.len() + length, 0xFF);
        }
        file
    };
    let padded = |mut file: Vec<u8>| {
        file.resize(file.len() + 1_700_000, 0);
        file
    };
    let cases = [
        ("tensors", padded(header(50_000, 0)), "50000 tensors, too many"),
        ("entries", padded(header(0, 100_000)), "100000 entries"),
        ("one long string", strings(&[100_000]), "a string of 100000 bytes"),
        ("many strings", strings(&[1_000; 1_000]), "1000 elements, too many"),
    ];
    for (name, file, expected) in cases {
        let error = watched(name, file.len() + SMALL_CHANGE, || {
            Header::read(Cursor::new(&file)).unwrap_err().to_string()
        });
        assert!(error.contains(expected), "{name}: {error:?} does not say {expected:?}");
    }
}

/// Every type of value, read as it was written.
#[test]
fn values_of_every_type() {
    use candle_core::quantized::gguf_file::Value as Written;
    use entropix_engine::gguf::{Array, Value};
    let list = |values: [Written; 2]| Written::Array(values.to_vec());
    let cases = [
        (Written::U8(200), Value::U8(200)),
        (Written::I8(-7), Value::I8(-7)),
        (Written::U16(60_000), Value::U16(60_000)),
        (Written::I16(-700), Value::I16(-700)),
        (Written::U32(4_000_000_000), Value::U32(4_000_000_000)),
        (Written::I32(-70_000), Value::I32(-70_000)),
        (Written::U64(u64::MAX), Value::U64(u64::MAX)),
        (Written::I64(i64::MIN), Value::I64(i64::MIN)),
        (Written::F32(0.5), Value::F32(0.5)),
        (Written::F64(-1e300), Value::F64(-1e300)),
        (Written::Bool(true), Value::Bool(true)),
        (Written::String("é".to_owned()), Value::String("é".to_owned())),
        (list([Written::I16(1), Written::I16(-2)]), Value::Array(Array::I16(vec![1, -2]))),
        (
            list([Written::Bool(false), Written::Bool(true)]),
            Value::Array(Array::Bool(vec![false, true])),
        ),
    ];
    let entries = cases.iter().enumerate();
    let entries = entries.map(|(i, (written, _))| (format!("test.{i}"), written.clone())).collect();
    let file = support::tiny_model_with(support::byte_alphabet(), entries, Vec::new());
    let header = Header::read(Cursor::new(&file)).unwrap();
    for (i, (_, read)) in cases.iter().enumerate() {
        assert_eq!(header.metadata.get(&format!("test.{i}")), Some(read));
    }
    let Some(Value::Array(Array::String(tokens))) = header.metadata.get("tokenizer.ggml.tokens")
    else {
        panic!("no tokens");
    };
    assert_eq!(tokens.len(), 261);
    assert_eq!(tokens.iter().take(2).collect::<Vec<_>>(), ["<s>", "<e>"]);
    assert_eq!(tokens.iter().last(), Some("hell"));
}
