// What the type checker can't see in the classes: properties that elements get from their `options`, and
// what subclasses bring.
import type { Detail, Drag } from './types.js';

declare module './element.js' {
  interface Element {
    theme: string;
    group: string;
    figure?: HTMLElement;
    /** Of those that show a trace. */
    src?: string;
    build(): void;
    draw?(): void;
    changed?(name: string): void;
    hear?(detail: Detail, source: Element): void;
  }
}
declare module './chart.js' {
  interface Chart {
    units: string;
    locked: boolean;
    controls: string;
    // Those of single charts: a chart has the ones that its `options` name.
    p: unknown;
    labels: string[];
    temperature: number;
    path: boolean;
    fold: string;
    points: number[][];
    mode?: string;
    contours?: string;
    n?: number;
    scale?: string;
    colors?: string;
    key: string;
    under: SVGGElement;
    base: SVGGElement;
    top: SVGGElement;
    texts: SVGGElement;
    place(): void;
    detail(): Detail;
    grab(x: number, y: number, target: HTMLElement): Drag | null;
    step(key: string, size: number, target: Element): unknown;
  }
}
declare module './inspector.js' {
  interface Inspector {
    vocabulary: number;
    parts: string;
    steerable: boolean;
    turnable: boolean;
  }
}
declare module './tokens.js' {
  interface Tokens {
    src: string;
    inspector: string;
    follow: boolean;
    vocabulary: number;
    key: string;
  }
}
declare module './results.js' {
  interface Results {
    tier: string;
    view: string;
    family: string;
    locked: boolean;
  }
}
declare module './trace.js' {
  interface Trace {
    src: string;
    autoplay: boolean;
    speed: number;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'entropix-inspector': import('./inspector.js').Inspector;
    'entropix-tokens': import('./tokens.js').Tokens;
  }
  /** Browsers make texts of numbers. */
  interface Element {
    setAttribute(name: string, value: string | number | boolean): void;
  }
  interface CSSStyleDeclaration {
    setProperty(name: string, value: string | number): void;
  }
}
