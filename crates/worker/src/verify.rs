//! Looks whether a stored model is what it was: storage may lose or change bytes. Its hash is not computed at every load.

use std::io::Read;

use entropix_protocol::{Event, Verdict};
use sha2::{Digest, Sha256};
use web_sys::Blob;

use crate::blob_reader::BlobReader;
use crate::{load, page, storage, task};

/// Bytes a task: some 20 ms.
const PIECE: usize = 4 << 20;

/// Hashes a stored model, between other work. A damaged one is removed.
pub(crate) async fn verify(sha256: String, bytes: f64) {
    let Some(blob) = storage::find(&sha256, bytes).await else {
        return load::forget(sha256).await;
    };
    let verdict = match hash(blob).await {
        Some(found) if found == sha256 => Verdict::Sound,
        Some(_) => {
            load::forget(sha256.clone()).await;
            Verdict::Damaged
        }
        None => Verdict::Unreadable,
    };
    page::post(Event::Verified { sha256, verdict });
}

/// SHA-256 in lower-case hex; nothing if the file can't be read.
async fn hash(blob: Blob) -> Option<String> {
    let mut reader = BlobReader::new(blob, |_| ()).ok()?;
    let mut piece = vec![0; PIECE];
    let mut hash = Sha256::new();
    loop {
        let count = reader.read(&mut piece).ok()?;
        if count == 0 {
            return Some(storage::hex(hash));
        }
        hash.update(piece.get(..count)?);
        task::next_task().await;
    }
}
