// The models on disk.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const MODELS =
  process.env.ENTROPIX_MODELS ?? fileURLToPath(new URL('../../../models', import.meta.url));

/** The model of the page as models/manifest.json lists it, without its addresses. */
export const LISTED = {
  name: 'SmolLM2-135M-Instruct',
  file: 'SmolLM2-135M-Instruct.Q4_1.gguf',
  bytes: 98362432,
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
  licence: 'Apache-2.0',
};
export const MODEL_FILE = join(MODELS, LISTED.file);
