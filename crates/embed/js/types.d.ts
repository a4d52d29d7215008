// What the elements pass on: tokens as traces have them, rules as the maths has them, and what a group is told.

/** H in bits, V in bits². */
export interface Uncertainty {
  entropy_bits: number;
  varentropy_bits2: number;
}

export interface Decision {
  uncertainty: Uncertainty;
  action: string;
  quadrant?: string | null;
  token: number;
  sentence: string;
  parameters?: Record<string, number>;
  candidates?: { token: number; score: number }[];
  branches?: { tokens: number[]; score: number }[];
  attention?: Record<
    'attn_entropy' | 'attn_varentropy' | 'agreement' | 'interaction_strength',
    number
  >;
}

/** What the dial's numbers make of a token's distribution. */
export interface Turned {
  /** In bits. */
  h: number;
  /** In bits². */
  v: number;
  /** Tokens that are left, or about as many. */
  left: number;
  about: boolean;
  /** Of each token with a row: its probability, and the stage at which it fell ("": at none). */
  words: { id: number; p: number; stage: string }[];
}

/** A token of an answer. */
export interface Entry {
  text: string;
  label: string;
  p: number;
  rank: number;
  decision: Decision;
  top: { id: number; label: string; p: number }[];
  branch_texts?: string[];
  attention?: { heads: number; keys: number; bits: number[] };
  sketch?: string;
}

/** A trace of any schema that is understood. */
export interface Recording {
  schema: number;
  model: string;
  messages: { role: string; content: string }[];
  sampler: Sampler;
  seed: number | string;
  tokens: Entry[];
  finish: string;
}

/** A sampler's configuration, as traces have it. */
export interface Sampler {
  kind: string;
  preset?: string;
  [number: string]: unknown;
}

export interface Rule {
  code: string;
  name: string;
  color: string;
  words: string;
}

/** What an element shows, as its events and its group tell it. */
export interface Detail {
  /** Of the token that a strip shows; null: of none. */
  index?: number | null;
  entry?: Entry;
  h?: number;
  v?: number;
  p?: number[];
  /** The probabilities at temperature 1. */
  cold?: number[];
  temperature?: number;
  /** H and V of points on the way on which a temperature would lead it. */
  path?: number[];
  /** Of an evaluation: the tasks that are shown, '' for all. */
  family?: string;
}

/** An estimate and the ends of its 95 % interval. */
export interface Interval {
  value: number;
  low: number;
  high: number;
}

/** What came of a sampler's answers, in a family or in all. */
export interface Cell {
  accuracy: Interval;
  difference?: Interval;
  levels?: (number | null)[];
  tokens: number;
  made: number;
  nothing: number;
  acted: number;
  /** Phrases, branchings and retractions of an answer. */
  acts: number[];
  means: { seconds: number; log_probability: number; repeated: number; cut: number };
}

/** Whether what the model knew tells right answers of a family from others. */
export interface Knowing {
  auroc: (Interval | null)[];
  reliability: { prediction: number; right: Interval; count: number }[];
  added_by_varentropy?: { gain: Interval };
}

/** A run of an evaluation, as far as it is shown; all of it is described by www/results/results.schema.json. */
export interface EvaluationRun {
  tier: string;
  origin: { machine: string };
  conditions: { arms: { name: string; method: object }[] };
  comparisons: {
    arm: string;
    against: string;
    difference: Interval;
    corrected: number;
    finding: 'helps' | 'hurts' | 'no_effect' | 'unclear' | 'untested' | 'unmatched';
  }[];
  /** Differences without a finding. */
  besides?: { arm: string; against: string; difference: Interval }[];
  summary: { families: string[]; arms: Cell[][]; knowing: Knowing[] };
}

export interface Evaluation {
  version: number;
  runs: EvaluationRun[];
}

/** Width of what is drawn and size of its text, in px. */
export interface Room {
  width: number;
  em: number;
}

/** What an evaluation's element shows of a run, a family (−1: all) and its room. */
export type View = (run: EvaluationRun, family: number, room: Room) => Node[];

/** In px. */
export type Point = number[];

/** What a person's drag or key does; `false`: nothing. */
export type Drag = (x: number, y: number) => unknown;

/** What `make` makes of a name. */
export type Made<N extends string> = N extends `svg:${infer S}`
  ? S extends keyof SVGElementTagNameMap
    ? SVGElementTagNameMap[S]
    : SVGElement
  : N extends keyof HTMLElementTagNameMap
    ? HTMLElementTagNameMap[N]
    : HTMLElement;

/** Attributes, a text, and listeners by the name of their event. */
export type Properties = {
  [E in keyof HTMLElementEventMap]?: (
    event: HTMLElementEventMap[E] & { target: HTMLElement },
  ) => unknown;
} & Record<string, unknown>;
