// What wasm-bindgen makes of this crate, as far as worker.js uses it.

/** Compiles and starts the engine. */
export default function init(): Promise<unknown>;
/** Bytes of the allocation that failed; 0: none did. */
export function failed_allocation(): number;
/** Takes in a message of the page. */
export function handle(data: unknown): void;
/** Bytes by type of weights that this machine multiplies in a second, and `decision`: ms that a token's numbers take. */
export function throughput(): Record<string, number> | undefined;
