import { createApp, createSSRApp } from 'vue';

import App from './App.vue';

export function start(root, first, heard, rendered) {
  const app = (rendered ? createSSRApp : createApp)(App, { first, heard });
  app.config.warnHandler = (message) => heard.failed(message);
  app.mount(root);
}
