//! What the client keeps: types with no knowledge of the client, which is above them.

mod chats;
mod draft;
mod load;
mod recordings;
mod replay;
mod running;
mod what_if;
mod workers;

pub(crate) use chats::{Chats, Held, Open};
pub use chats::{Keeping, Listed};
pub use draft::Draft;
pub(crate) use load::{Attempt, Load, Loaded};
pub(crate) use recordings::Recordings;
pub use replay::Offer;
pub(crate) use replay::Replay;
pub(crate) use running::Running;
pub use what_if::{Branch, Stand, WhatIf};
pub(crate) use workers::{Worker, Workers};
