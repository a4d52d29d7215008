//! What the worker holds between messages.

use std::cell::RefCell;

use entropix_generate::Chat;
use entropix_protocol::ModelInfo;
use web_sys::AbortController;

/// What the worker is doing.
#[derive(Default)]
enum Work {
    #[default]
    Nothing,
    Loading(AbortController),
    Generating,
}

#[derive(Default)]
struct State {
    chat: Option<(Chat, ModelInfo)>,
    work: Work,
    stop: bool,
    /// Whether a download that is stopped keeps what has come.
    keep: bool,
}

thread_local! {
    static STATE: RefCell<State> = RefCell::default();
}

fn with<T>(act: impl FnOnce(&mut State) -> T) -> T {
    STATE.with_borrow_mut(act)
}

/// Uses the loaded model; `None` if there is none.
pub(crate) fn with_chat<T>(act: impl FnOnce(&mut Chat) -> T) -> Option<T> {
    with(|state| state.chat.as_mut().map(|(chat, _)| act(chat)))
}

/// Facts about the loaded model.
pub(crate) fn model() -> Option<ModelInfo> {
    with(|state| state.chat.as_ref().map(|(_, model)| model.clone()))
}

/// Takes in a loaded model.
pub(crate) fn set_chat(chat: Chat, model: ModelInfo) {
    with(|state| state.chat = Some((chat, model)));
}

/// Lets go of the loaded model.
pub(crate) fn drop_chat() {
    with(|state| state.chat = None);
}

/// Asks the running generation or download to end; whether what has come of a download is to be kept, the first who
/// asks decides.
pub(crate) fn stop(keep: bool) {
    let abort = with(|state| {
        if !state.stop {
            (state.stop, state.keep) = (true, keep);
        }
        match &state.work {
            Work::Loading(abort) => Some(abort.clone()),
            _ => None,
        }
    });
    if let Some(abort) = abort {
        abort.abort();
    }
}

/// Whether [`stop`] was called since the work began.
pub(crate) fn stopping() -> bool {
    with(|state| state.stop)
}

/// Whether what has come of the running download is to be thrown away.
pub(crate) fn discarding() -> bool {
    with(|state| state.stop && !state.keep)
}

/// Whether a load or a generation is going on.
pub(crate) fn busy() -> bool {
    with(|state| !matches!(state.work, Work::Nothing))
}

/// Begins a generation.
pub(crate) fn begin_generating() {
    with(|state| (state.work, state.stop) = (Work::Generating, false));
}

/// Begins a load that `abort` ends.
pub(crate) fn begin_loading(abort: AbortController) {
    with(|state| (state.work, state.stop) = (Work::Loading(abort), false));
}

/// Ends the work.
pub(crate) fn end_work() {
    with(|state| state.work = Work::Nothing);
}
