//! A part of the page that is there only sometimes.

use leptos::prelude::*;

use crate::page::live::live;

/// Whether a part is there.
pub(super) struct Condition(Box<dyn Fn() -> bool + Send + Sync>);

impl<F: Fn() -> bool + Send + Sync + 'static> From<F> for Condition {
    fn from(is: F) -> Self {
        Self(Box::new(is))
    }
}

/// As Leptos' own, which is compiled anew for every condition and every part.
#[component]
pub(super) fn Show(
    children: ChildrenFn,
    #[prop(into)] when: Condition,
    #[prop(optional, into)] fallback: ViewFn,
) -> impl IntoView {
    let is = Memo::new(move |_| (when.0)());
    live(move || if is.get() { children() } else { fallback.run() })
}
