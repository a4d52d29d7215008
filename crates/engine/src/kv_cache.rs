//! Keys and values of the positions that a sequence has seen, in pages that forks share.

use std::rc::Rc;

use half::f16;

use crate::EngineError;
use crate::alloc::try_with_capacity;
use crate::kernel::{KernelImpl, Widen};

/// Positions in a page. A fork copies at most one page that is not full.
pub(crate) const PAGE: usize = 32;

/// How keys and values are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KvType {
    /// 4 bytes a number: exact.
    F32,
    /// 2 bytes: rounded to 11 bits.
    #[default]
    F16,
    /// 1 byte, and a scale for each head's vector: rounded to 1/254 of its largest number.
    Q8,
}

/// Sizes of a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KvShape {
    pub(crate) layers: usize,
    pub(crate) kv_heads: usize,
    /// Numbers in a head's vector, a multiple of 8.
    pub(crate) head: usize,
    pub(crate) kind: KvType,
}

impl KvShape {
    /// Vectors in one of a page's two halves.
    fn vectors(&self) -> usize {
        self.layers * self.kv_heads * PAGE
    }
}

/// A cache, and how many positions of it are filled.
pub(crate) struct KvCache {
    shape: KvShape,
    pages: Vec<Rc<Page>>,
    len: usize,
}

struct Page {
    keys: Store,
    values: Store,
}

/// (layers, KV heads, [`PAGE`], head)
enum Store {
    F32(Vec<f32>),
    F16(Vec<u16>),
    Q8 { quants: Vec<i8>, scales: Vec<f32> },
}

/// Keys or values.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    Keys,
    Values,
}

/// Some of a page: the first `count` positions of page `index` for one KV head.
#[derive(Clone, Copy)]
pub(crate) struct PageOf {
    pub(crate) half: Half,
    pub(crate) layer: usize,
    pub(crate) kv_head: usize,
    pub(crate) index: usize,
    pub(crate) count: usize,
}

impl KvCache {
    pub(crate) fn new(shape: KvShape) -> Self {
        Self { shape, pages: Vec::new(), len: 0 }
    }

    /// A cache of the same positions, which goes on by itself.
    pub(crate) fn fork(&self) -> Self {
        // A page beyond them would be shared and written to.
        let pages = self.pages.iter().take(self.len.div_ceil(PAGE)).map(Rc::clone).collect();
        Self { shape: self.shape, pages, len: self.len }
    }

    /// Positions filled.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Makes room for `more` positions, in pages of this cache alone.
    ///
    /// # Errors
    /// There is no memory for it; the cache is unchanged.
    pub(crate) fn reserve(&mut self, more: usize) -> Result<(), EngineError> {
        let needed = (self.len + more).div_ceil(PAGE);
        // A page that others may be reading is copied before it is written to.
        if let Some(page) = self.pages.get_mut(self.len / PAGE)
            && Rc::get_mut(page).is_none()
        {
            *page = Rc::new(page.try_clone()?);
        }
        while self.pages.len() < needed {
            self.pages.push(Rc::new(Page::new(&self.shape)?));
        }
        Ok(())
    }

    /// Writes the vectors of one position of one layer, all KV heads: each (KV heads · head).
    ///
    /// # Errors
    /// A bug: [`Self::reserve`] made no room for the position.
    pub(crate) fn write(
        &mut self,
        layer: usize,
        position: usize,
        keys: &[f32],
        values: &[f32],
    ) -> Result<(), EngineError> {
        let KvShape { kv_heads, head, .. } = self.shape;
        let page = self.pages.get_mut(position / PAGE).and_then(Rc::get_mut);
        let page = page.ok_or_else(|| {
            EngineError::bug("a position is written whose page is shared or missing")
        })?;
        for kv_head in 0..kv_heads {
            let vector = (layer * kv_heads + kv_head) * PAGE + position % PAGE;
            let part = kv_head * head..(kv_head + 1) * head;
            page.keys.write(vector, &keys[part.clone()]);
            page.values.write(vector, &values[part]);
        }
        Ok(())
    }

    /// Counts positions that were written.
    pub(crate) fn advance(&mut self, by: usize) {
        self.len += by;
        invariant!(self.len <= self.pages.len() * PAGE, "positions counted that have no page");
    }

    /// Vectors of a page, (positions, head), as f32: in `scratch` where they are kept as something
    /// else.
    pub(crate) fn page<'a>(
        &'a self,
        at: PageOf,
        kernel: KernelImpl,
        scratch: &'a mut [f32],
    ) -> &'a [f32] {
        let page = &self.pages[at.index];
        let store = if at.half == Half::Keys { &page.keys } else { &page.values };
        let first = (at.layer * self.shape.kv_heads + at.kv_head) * PAGE;
        store.read(first, at.count, self.shape.head, kernel, scratch)
    }

    /// Forgets all but the first `len` positions.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
        self.pages.truncate(self.len.div_ceil(PAGE));
    }
}

impl Page {
    fn new(shape: &KvShape) -> Result<Self, EngineError> {
        Ok(Self { keys: Store::new(shape)?, values: Store::new(shape)? })
    }

    fn try_clone(&self) -> Result<Self, EngineError> {
        Ok(Self { keys: self.keys.try_clone()?, values: self.values.try_clone()? })
    }
}

impl Store {
    fn new(shape: &KvShape) -> Result<Self, EngineError> {
        let numbers = shape.vectors() * shape.head;
        Ok(match shape.kind {
            KvType::F32 => Self::F32(filled(numbers)?),
            KvType::F16 => Self::F16(filled(numbers)?),
            KvType::Q8 => Self::Q8 { quants: filled(numbers)?, scales: filled(shape.vectors())? },
        })
    }

    fn try_clone(&self) -> Result<Self, EngineError> {
        Ok(match self {
            Self::F32(numbers) => Self::F32(copied(numbers)?),
            Self::F16(numbers) => Self::F16(copied(numbers)?),
            Self::Q8 { quants, scales } => {
                Self::Q8 { quants: copied(quants)?, scales: copied(scales)? }
            }
        })
    }

    fn write(&mut self, vector: usize, from: &[f32]) {
        let range = vector * from.len()..(vector + 1) * from.len();
        match self {
            Self::F32(numbers) => numbers[range].copy_from_slice(from),
            Self::F16(numbers) => {
                for (to, from) in numbers[range].iter_mut().zip(from) {
                    // Larger numbers would become infinite.
                    *to = f16::from_f32(from.clamp(-65504.0, 65504.0)).to_bits();
                }
            }
            Self::Q8 { quants, scales } => {
                let most = from.iter().fold(0.0, |most: f32, x| most.max(x.abs()));
                let scale = most / 127.0;
                scales[vector] = scale;
                for (to, from) in quants[range].iter_mut().zip(from) {
                    *to = if scale > 0.0 { (from / scale).round_ties_even() as i8 } else { 0 };
                }
            }
        }
    }

    fn read<'a>(
        &'a self,
        first: usize,
        count: usize,
        head: usize,
        kernel: KernelImpl,
        scratch: &'a mut [f32],
    ) -> &'a [f32] {
        let range = first * head..(first + count) * head;
        let scratch = &mut scratch[..count * head];
        match self {
            Self::F32(numbers) => return &numbers[range],
            Self::F16(numbers) => kernel.run(Widen { from: &numbers[range], to: scratch }),
            Self::Q8 { quants, scales } => {
                let vectors = quants[range].chunks_exact(head).zip(scratch.chunks_exact_mut(head));
                for ((from, to), scale) in vectors.zip(&scales[first..]) {
                    for (to, from) in to.iter_mut().zip(from) {
                        *to = scale * f32::from(*from);
                    }
                }
            }
        }
        scratch
    }
}

fn filled<T: Clone + Default>(length: usize) -> Result<Vec<T>, EngineError> {
    let mut vector = try_with_capacity(length)?;
    vector.resize(length, T::default());
    Ok(vector)
}

fn copied<T: Clone>(from: &[T]) -> Result<Vec<T>, EngineError> {
    let mut vector = try_with_capacity(from.len())?;
    vector.extend_from_slice(from);
    Ok(vector)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: KvShape = KvShape { layers: 1, kv_heads: 1, head: 8, kind: KvType::F32 };

    fn write(cache: &mut KvCache, position: usize) -> Result<(), EngineError> {
        cache.write(0, position, &[1.0; 8], &[2.0; 8])
    }

    #[track_caller]
    fn caught(act: impl FnOnce() -> Result<(), EngineError>) {
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(act)).unwrap_err();
    }

    #[test]
    fn room_is_made_before_a_position_is_written() {
        let mut cache = KvCache::new(SHAPE);
        caught(|| write(&mut cache, 0));
        cache.reserve(PAGE).unwrap();
        write(&mut cache, PAGE - 1).unwrap();
        caught(|| write(&mut cache, PAGE));
    }

    #[test]
    fn a_shared_page_is_not_written_to() {
        let mut cache = KvCache::new(SHAPE);
        cache.reserve(2).unwrap();
        write(&mut cache, 0).unwrap();
        cache.advance(1);
        let mut fork = cache.fork();
        caught(|| write(&mut cache, 1));
        fork.reserve(1).unwrap();
        write(&mut fork, 1).unwrap();
        // The fork has its own copy now.
        write(&mut cache, 1).unwrap();
    }

    #[test]
    #[should_panic(expected = "no page")]
    fn positions_without_a_page_are_not_counted() {
        KvCache::new(SHAPE).advance(1);
    }
}
