#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod bounds;
pub mod chart;
pub mod color;
pub mod distribution;
pub mod forest;
pub mod palette;
pub mod scene;

pub use chart::axes::Axes;
pub use chart::{Chart, Contours, Curve, Field, Look, Plane, Triangle};
pub use color::{Colors, Ground, Srgb, color, saturate, tint};
pub use distribution::uncertainty;
pub use scene::{Label, Node, Paint, Raster, Scene, TEXT, UNITS_BITS, UNITS_NATS, Units};
