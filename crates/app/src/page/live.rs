//! Closures of a view, each kind in one type: for every type of its own the framework's code is compiled anew.

use web_sys::MouseEvent;

use crate::page::place;

/// What changes with the signals it reads.
pub(super) fn live<T>(value: impl Fn() -> T + Send + 'static) -> Box<dyn Fn() -> T + Send> {
    Box::new(value)
}

/// What a click does. The focus stays near, where that takes the button away.
pub(super) fn press(act: impl Fn() + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(move |_| {
        place::hold();
        act();
    })
}
