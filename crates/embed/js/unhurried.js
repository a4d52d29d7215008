// @ts-check
// What grows with every token, and is drawn more seldom.

/** In ms: nobody reads faster. */
const PAUSE = 250;

/**
 * Does something a while after it was asked to, once, however often it was asked meanwhile.
 * @param {() => unknown} act
 */
export function unhurried(act) {
  let timer = 0;
  return () => {
    if (timer) return;
    timer = setTimeout(() => {
      timer = 0;
      act();
    }, PAUSE);
  };
}
