// @ts-check
// The shell of every page: its header, and the theme, which is set before anything is drawn. A plain
// script, because a module would run too late.
(() => {
  const NAME = 'Entropix';
  const TAGLINE = 'A small language model on your own device, and for every word how sure it was.';
  const PAGES = { './': 'Chat', 'explore.html': 'Explore' };
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

  /** `<entropix-header page="explore.html">`: the page's own address in PAGES. */
  class Header extends HTMLElement {
    connectedCallback() {
      const here = this.getAttribute('page');
      const name = `${NAME} <span>in the browser</span>`;
      const links = Object.entries(PAGES).map(([address, text]) => {
        const current = address === here ? ' aria-current="page"' : '';
        return `<a href="${address}"${current}>${text}</a>`;
      });
      const options = THEMES.map(
        (theme) =>
          `<label><input type="radio" name="theme" value="${theme}"><span>${theme}</span></label>`,
      );
      // The name is the first page's heading; from the others it leads there.
      const heading =
        here === './'
          ? `<h1 class="name">${name}</h1>`
          : `<p class="name"><a href="./">${name}</a></p>`;
      this.innerHTML = `<header class="top">
        ${heading}
        <nav aria-label="Pages">${links.join(' ')}</nav>
        <p class="tagline">${TAGLINE}</p>
        <fieldset class="theme segments">
          <legend class="unseen">Theme</legend>${options.join('')}
        </fieldset>
      </header>`;
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
