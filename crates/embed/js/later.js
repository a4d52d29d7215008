// @ts-check
// What is loaded when it is needed.

/**
 * A file that may be asked for more than once. Some browsers remember for ever that an address could not be had, so
 * every further attempt has another one: the bundler puts `again` behind the name of the file.
 * @template T
 * @param {(again: string) => Promise<T>} load
 */
export function later(load) {
  let failures = 0;
  return () =>
    load(failures ? `?${failures}` : '').catch((error) => {
      failures++;
      throw error;
    });
}

/**
 * Loads a file when the page has one of these elements, now or later, in open shadow roots, too.
 * @param {Record<string, string>} methods of the elements, by name: those that are called before the file is here
 *   are called when it is
 * @param {string[]} others elements that hold none of them
 * @param {() => Promise<unknown>} load tried again for the next one if it fails
 */
export function whenSeen(methods, others, load) {
  let loading = false;
  let loaded = false;
  const start = () => {
    if (loading) return;
    loading = true;
    load().then(
      () => {
        loaded = true;
        observer.disconnect();
      },
      (error) => {
        loading = false;
        console.warn(`${Object.keys(methods)} can't start: ${error.message ?? error}`);
      },
    );
  };
  const watch = (/** @type {Document | ShadowRoot | null} */ root) => {
    if (!root || loaded) return;
    observer.observe(root, { childList: true, subtree: true });
    for (const each of root.querySelectorAll('*')) see(each);
  };
  const see = (/** @type {Element} */ each) => {
    const { localName: name, shadowRoot } = each;
    if (name in methods) {
      for (const method of customElements.get(name) ? [] : (methods[name].match(/\w+/g) ?? [])) {
        /** @type {any} */ (each)[method] = async (/** @type {any[]} */ ...values) => {
          await customElements.whenDefined(name);
          return /** @type {any} */ (each)[method](...values);
        };
      }
      start();
    } else if (!others.includes(name)) {
      if (shadowRoot) watch(shadowRoot);
      else if (each.matches(':not(:defined)'))
        customElements.whenDefined(name).then(() => watch(each.shadowRoot));
    }
  };
  const observer = new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes)
        if (node instanceof Element)
          for (const each of [node, ...node.querySelectorAll('*')]) see(each);
    }
  });
  watch(document);
}
