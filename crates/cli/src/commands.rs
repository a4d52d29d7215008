//! One file per command.

pub(crate) mod bench;
pub(crate) mod calibrate;
pub(crate) mod chat;
pub(crate) mod decide;
pub(crate) mod evaluate;
pub(crate) mod figure;
pub(crate) mod generate;
pub(crate) mod info;
pub(crate) mod logits;
pub(crate) mod perplexity;
pub(crate) mod plan;
pub(crate) mod record;
pub(crate) mod results;
pub(crate) mod samplers;
pub(crate) mod template;
pub(crate) mod tokenize;
pub(crate) mod tune;
pub(crate) mod what_if;
