#![doc = include_str!("../README.md")]

pub mod bounds;
pub mod color;
pub mod plane;
pub mod scene;

pub use color::{Ground, Srgb, color, saturate, underlay};
pub use plane::Plane;
pub use scene::{Mode, Node, Paint, Scene};
