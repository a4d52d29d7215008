import { useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, hydrateRoot } from 'react-dom/client';

import { Odds } from 'readme';

export function App({ first, heard }) {
  const [props, show] = useState(first);
  const { locked, points, autoplay, trace } = props;
  if (heard) heard.show = (more) => flushSync(() => show({ ...props, ...more }));
  return (
    <main>
      <Odds {...props} onMove={heard?.moved} />
      <varentropy-plane locked={locked} points={points} onChange={heard?.onChange} />
      <entropix-trace autoplay={autoplay} src={trace} />
    </main>
  );
}

export function start(root, first, heard, rendered) {
  const app = <App first={first} heard={heard} />;
  if (rendered) hydrateRoot(root, app, { onRecoverableError: heard.failed });
  else createRoot(root).render(app);
}
