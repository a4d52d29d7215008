#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod bounds;
pub mod color;
pub mod curve;
pub mod distribution;
pub mod palette;
pub mod plane;
pub mod scene;
pub mod triangle;

pub use color::{Ground, Srgb, color, saturate, underlay};
pub use curve::Curve;
pub use distribution::uncertainty;
pub use plane::{Axes, Plane};
pub use scene::{Node, Paint, Raster, Scene, UNITS_BITS, UNITS_NATS, Units};
pub use triangle::{Contours, Field, Triangle};
