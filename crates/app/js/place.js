// @ts-check
// Where a person is in the page.

/** What can take over the focus of what is in it. */
const ROOMS = '.turn, .composer, .panel, .rail';

/**
 * What has the focus may go with what is done next. Browsers give it to the page then, and whoever goes by keyboard is at
 * the top again: here the room around it takes it over, or the last answer if that is gone, too.
 */
export function hold() {
  const at = document.activeElement;
  if (!at || at === document.body) return;
  const rooms = /** @type {Element[]} */ ([]);
  for (let room = at.closest(ROOMS); room; room = room.parentElement?.closest(ROOMS) ?? null)
    rooms.push(room);
  // Once the page is drawn again.
  requestAnimationFrame(() => {
    if (document.activeElement && document.activeElement !== document.body) return;
    const last = [...document.querySelectorAll('.turn.model')].at(-1);
    const room = /** @type {HTMLElement | undefined} */ (
      rooms.find((each) => each.isConnected) ?? last
    );
    if (!room) return;
    room.tabIndex = -1;
    // What was pressed was in view.
    room.focus({ preventScroll: true });
  });
}

/**
 * Brings a part of the page into view, from the list that may lie over it.
 * @param {string} id
 */
export function show(id) {
  document.getElementById('chats')?.hidePopover?.();
  document.getElementById(id)?.scrollIntoView({ block: 'nearest' });
}
