// What wasm-bindgen makes of this crate, as far as worker.js uses it.

/** Compiles and starts the engine. */
export default function init(): Promise<unknown>;
/** Bytes of the allocation that failed; 0: none did. */
export function failed_allocation(): number;
/** Takes in a message of the page. */
export function handle(data: unknown): void;
