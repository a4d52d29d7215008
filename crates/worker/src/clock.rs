//! The browser's clock, for templates that name the date.

use entropix_engine::LocalTime;

/// Date and time where the browser is.
pub(crate) fn now() -> LocalTime {
    let now = js_sys::Date::new_0();
    LocalTime {
        year: now.get_full_year() as i32,
        month: now.get_month() + 1,
        day: now.get_date(),
        hour: now.get_hours(),
        minute: now.get_minutes(),
        second: now.get_seconds(),
    }
}
