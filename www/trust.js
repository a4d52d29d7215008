// @ts-check
// What markup may be parsed and which scripts may be started, where the browser asks (Trusted Types): markup that
// stands in the page's own program, of elements and attributes that neither run nor fetch anything, and scripts that
// lie beside the page. A plain script, which runs before all others.
(() => {
  const MARKUP =
    /^(?:[^<]|<(?!script|style)\/?[a-z][a-z1-6]*(?: (?:aria-[a-z]+|class|data-[a-z-]+|for|id|label|popovertarget|role|scope|title|type|value|viewBox|[xyr]|[cr][xy]|width|height|d|points)="[^"<>]*")*\/?>)*$/;
  const beside = new URL('.', document.baseURI).href;
  /** @type {any} */ (window).trustedTypes?.createPolicy('default', {
    /** @param {string} html */
    createHTML: (html) => (MARKUP.test(html) ? html : null),
    /** @param {string} url */
    createScriptURL: (url) => (new URL(url, beside).href.startsWith(beside) ? url : null),
  });
})();
