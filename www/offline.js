// @ts-check
// The pages without a network: registers the service worker, and says when a new version is ready.

/** @param {ServiceWorkerRegistration} registration */
function offer(registration) {
  if (document.querySelector('.update')) return;
  const notice = document.createElement('p');
  notice.className = 'update';
  notice.setAttribute('role', 'status');
  const button = (/** @type {string} */ text, /** @type {() => void} */ act) => {
    const made = document.createElement('button');
    made.type = 'button';
    made.textContent = text;
    made.addEventListener('click', act);
    return made;
  };
  const reload = button('Reload', () => {
    const { waiting } = registration;
    // Another tab may have switched already.
    if (!waiting) return location.reload();
    waiting.addEventListener('statechange', () => {
      if (waiting.state === 'activated') location.reload();
    });
    waiting.postMessage('switch');
  });
  const later = button('Later', () => notice.remove());
  document.body.append(notice);
  // Put in after it is there, so that it is read aloud.
  notice.append('A new version is ready.', reload, later);
}

async function start() {
  const registration = await navigator.serviceWorker.register('service-worker.js', {
    updateViaCache: 'none',
  });
  const look = () => {
    if (registration.waiting && navigator.serviceWorker.controller) offer(registration);
  };
  registration.addEventListener('updatefound', () =>
    registration.installing?.addEventListener('statechange', look),
  );
  look();
  const { active } = await navigator.serviceWorker.ready;
  // An engine that started before it was there.
  new PerformanceObserver((list) => {
    for (const { name } of list.getEntries())
      if (/\/engine[^/]*\/[0-9a-f]{16}\/worker\.js$/.test(name))
        active?.postMessage({ used: name });
  }).observe({ type: 'resource', buffered: true });
}

// A frame is part of another page. Browsers deny it over plain http, and in private windows.
if (window.top === window && 'serviceWorker' in navigator) {
  const begin = () => start().catch(() => {});
  // The page itself comes first.
  if (document.readyState === 'complete') begin();
  else addEventListener('load', begin, { once: true });
}
