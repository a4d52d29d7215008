// @ts-check
// Whether the page's program can start here. A plain script of baseline JavaScript: it must run where WebAssembly
// does not.
(() => {
  /**
   * Says in the page's place what is missing.
   * @param {...string} parts every second one is code
   */
  function say(...parts) {
    const words = document.createElement('p');
    words.className = 'plain-message';
    parts.forEach((part, at) => {
      words.append(
        at % 2 ? Object.assign(document.createElement('code'), { textContent: part }) : part,
      );
    });
    document.getElementById('starting')?.replaceChildren(words);
  }

  if (typeof WebAssembly !== 'object' || typeof WebAssembly.validate !== 'function') {
    say(
      'This browser has no WebAssembly, and both the model and the recorded chats need it. ' +
        'Update the browser, or switch WebAssembly on if it was switched off.',
    );
    return;
  }
  // A sandbox without an origin of its own lets no module of the page in, nor a worker.
  if (self.origin === 'null') {
    if (location.protocol === 'file:') {
      say(
        "Opened as a file this page can't start: browsers run its program only from a web server, such as ",
        'cargo xtask serve',
        '.',
      );
    } else {
      say(
        "This frame is sandboxed so that the page can't start its program in it. Open the page by itself; whoever " +
          'shows it in a frame adds ',
        'allow-same-origin',
        ' to its ',
        'sandbox',
        '.',
      );
    }
    return;
  }

  /** @param {number[]} code of a function that gives a vector */
  const runs = (...code) =>
    WebAssembly.validate(
      new Uint8Array([
        0,
        97,
        115,
        109,
        1,
        0,
        0,
        0,
        1,
        5,
        1,
        96,
        0,
        1,
        123,
        3,
        2,
        1,
        0,
        10,
        ...code,
      ]),
    );
  // Read by the page: without SIMD it shows recordings, but the model can't run.
  Object.assign(window, {
    entropixSimd: runs(10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11),
    entropixRelaxedSimd: runs(15, 1, 13, 0, 65, 1, 253, 15, 65, 2, 253, 15, 253, 128, 2, 11),
  });

  window.addEventListener('unhandledrejection', ({ reason }) => {
    say(
      `The page could not be started (${reason?.message || reason}). Reload it; if that does not help, update the browser.`,
    );
  });
})();
