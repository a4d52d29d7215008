//! What the client keeps: types with no knowledge of the client, which is above them.

mod chats;
mod draft;
mod load;
mod recordings;
mod running;
mod workers;

pub(crate) use chats::{Chats, Held, Open};
pub use chats::{Keeping, Listed};
pub use draft::Draft;
pub(crate) use load::{Attempt, Load, Loaded};
pub(crate) use recordings::Recordings;
pub(crate) use running::Running;
pub(crate) use workers::{Worker, Workers};
