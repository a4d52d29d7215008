//! The computer's clock, for templates that name the date.

use chrono::{Datelike, Local, Timelike};
use entropix_engine::LocalTime;

/// Date and time, here and now.
pub(crate) fn now() -> LocalTime {
    let now = Local::now();
    LocalTime {
        year: now.year(),
        month: now.month(),
        day: now.day(),
        hour: now.hour(),
        minute: now.minute(),
        second: now.second(),
    }
}
