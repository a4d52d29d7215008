// @ts-check
// The shell of every page: its header, and the theme, which is set before anything is drawn. A plain
// script, because a module would run too late.
(() => {
  const TAGLINE = 'A small language model on your own device, and for every word how sure it was.';
  const PAGES = { './': 'Chat', 'explore.html': 'Explore', 'results.html': 'Results' };
  const THEMES = ['auto', 'light', 'dark'];
  /** In localStorage, as JSON. */
  const KEY = 'entropix.theme';
  const root = document.documentElement;

  /** What was chosen; a browser may deny its storage, or hold nonsense. */
  function stored() {
    try {
      const theme = JSON.parse(localStorage.getItem(KEY) ?? '');
      return THEMES.includes(theme) ? theme : 'auto';
    } catch {
      return 'auto';
    }
  }

  /** @param {string} theme */
  function store(theme) {
    try {
      localStorage.setItem(KEY, JSON.stringify(theme));
    } catch {
      /* It holds until the page is left. */
    }
  }

  /** @param {string} theme `auto` follows the system */
  function apply(theme) {
    if (theme === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme;
    const radio = document.querySelector(`.theme [value="${theme}"]`);
    if (radio instanceof HTMLInputElement) radio.checked = true;
  }

  apply(stored());
  addEventListener('storage', ({ key }) => {
    if (key === KEY) apply(stored());
  });

  /**
   * @param {string} name
   * @param {Record<string, string>} attributes
   * @param {...(string | Node)} inside
   */
  function element(name, attributes, ...inside) {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes))
      made.setAttribute(attribute, value);
    made.append(...inside);
    return made;
  }

  /** `<entropix-header page="explore.html">`: the page's own address in PAGES. */
  class Header extends HTMLElement {
    connectedCallback() {
      const here = this.getAttribute('page');
      const name = ['Entropix ', element('span', {}, 'in the browser')];
      const links = Object.entries(PAGES).map(([href, text]) => {
        return element('a', href === here ? { href, 'aria-current': 'page' } : { href }, text);
      });
      const options = THEMES.map((value) => {
        const radio = element('input', { type: 'radio', name: 'theme', value });
        return element('label', {}, radio, element('span', {}, value));
      });
      // The name is the first page's heading; from the others it leads there.
      const heading =
        here === './'
          ? element('h1', { class: 'name' }, ...name)
          : element('p', { class: 'name' }, element('a', { href: './' }, ...name));
      const pages = element('nav', { 'aria-label': 'Pages' });
      // A blank between two links, for those who hear or copy them.
      links.forEach((link, at) => {
        pages.append(at ? ' ' : '', link);
      });
      const legend = element('legend', { class: 'unseen' }, 'Theme');
      this.replaceChildren(
        element(
          'header',
          { class: 'top' },
          heading,
          pages,
          element('p', { class: 'tagline' }, TAGLINE),
          element('fieldset', { class: 'theme segments' }, legend, ...options),
        ),
      );
      this.addEventListener('change', ({ target }) => {
        const { value } = /** @type {HTMLInputElement} */ (target);
        apply(value);
        store(value);
      });
      // Its own radio, now that there is one.
      apply(root.dataset.theme ?? 'auto');
    }
  }
  customElements.define('entropix-header', Header);
})();
