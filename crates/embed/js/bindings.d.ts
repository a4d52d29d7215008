// What crates/embed/src gives to JavaScript; the build makes the file itself.
declare module '*/embed.bindings.js' {
  export function imports(): WebAssembly.Imports;
  export function start(instance: WebAssembly.Instance): unknown;
  export function normalise(weights: number[]): Float64Array;
  export function uncertainty(p: ArrayLike<number>): Float64Array;
  export function heat(p: ArrayLike<number>, temperature: number): Float64Array;
  export function tints(entropy_bits: number, varentropy_bits2: number): Uint32Array;
  export function text_key(columns: number, rows: number, dark: boolean): Uint8Array<ArrayBuffer>;
  export function maximum(outcomes: number): Float64Array;
  export function range(outcomes: number, entropy_bits: number): Float64Array;
  export function style(): string;
  export function inks(): string;
  export function rules(): string;
  export function rule_at(
    entropy_bits: number,
    varentropy_bits2: number,
    limits: number[],
  ): string | undefined;
  export function limiting(kind: string): string;
  export function usual(kind: string, preset: string): Float64Array;
  export function limits(values: ArrayLike<number>): Float64Array;
  export class Picture {
    constructor(chart: string, element: HTMLElement, width: number, height: number, text: number);
    free(): void;
    field(): Float64Array;
    pixels(columns: number, rows: number): Uint8Array<ArrayBuffer>;
    hasTextColors(): boolean;
    key(columns: number, rows: number): Uint8Array<ArrayBuffer>;
    scene(): string;
    at(point: ArrayLike<number>): Float64Array;
    inverse(x: number, y: number): Float64Array;
    labels(names: string, marks: ArrayLike<number>): string;
    path(p: ArrayLike<number>): string;
  }
}
