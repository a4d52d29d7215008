import { renderToString } from 'react-dom/server.browser';

import { App } from './app.jsx';

export const render = (first) => renderToString(<App first={first} />);
