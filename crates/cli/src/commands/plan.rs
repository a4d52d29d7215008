//! The plan of the evaluation, for whoever schedules its runs.

use std::io::Write;

use entropix_eval::plan::{COMMIT, TIERS};
use serde_json::json;

use crate::output::out;

pub(crate) fn run() -> anyhow::Result<()> {
    let plan = json!({ "commit": COMMIT, "tiers": TIERS });
    let text = serde_json::to_string_pretty(&plan)? + "\n";
    Ok(out().write_all(text.as_bytes())?)
}
