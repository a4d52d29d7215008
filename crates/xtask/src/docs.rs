//! What is written or drawn by a program and kept in the repository.

pub(crate) mod figures;
pub(crate) mod samplers;
pub(crate) mod traces;
