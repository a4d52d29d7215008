// What tests put into pages, and what the elements have beyond HTMLElement.

interface Window {
  /** Name and address of a file that a page offered. */
  saved: string[] | null;
  /** Tells the test what the browser kept the page from doing. */
  violated: (what: string) => void;
  axe: { run: typeof import('axe-core').run };
  /** Inputs and changes that the page heard. */
  heard: { type: string; id: string; detail: any }[];
  changes: [number, string][];
  kept: HTMLElement;
  score: (ids: number[], from: number) => Promise<any[]>;
  /** What the app of a framework heard, and how it is told what to show. */
  app: { moves: { p: number[] }[]; changes: number; failures: string[]; show(more: object): void };
  /** When workers were started and heard of. */
  workers: { started: number; heard: number }[];
  /** Entries that the page made anew. */
  made: number;
  /** What a worker said after it was told to stop. */
  said: string[] | null;
  /** Where the parts of the lens stood, each place once. */
  places: Set<string>;
  /** How long tasks of more than 50 ms were, in ms. */
  tasks: number[];
}

/** The elements have properties of their own, and tests hang notes onto others. */
interface Element {
  [own: string]: any;
}

declare module 'node-llama-cpp';
