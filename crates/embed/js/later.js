// @ts-check
// What is loaded when it is needed.

/**
 * Loads a file when the page has one of these elements, now or later.
 * @param {readonly string[]} names
 * @param {() => Promise<unknown>} load tried again for the next one if it fails
 */
export function whenSeen(names, load) {
  const selector = names.join();
  let loading = false;
  const start = () => {
    if (loading) return;
    loading = true;
    load().then(
      () => observer.disconnect(),
      (error) => {
        loading = false;
        console.warn(`${selector} can't start: ${error.message ?? error}`);
      },
    );
  };
  const observer = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes)
        if (node instanceof Element && (node.matches(selector) || node.querySelector(selector)))
          start();
    }
  });
  observer.observe(document, { childList: true, subtree: true });
  if (document.querySelector(selector)) start();
}
