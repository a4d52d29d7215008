import 'entropix-elements';
import type { Heard } from 'entropix-elements';

const triangle = document.createElement('varentropy-triangle');
triangle.p = [0.7, 0.2, 0.1];
triangle.p = '0.7 0.2 0.1';
triangle.p = new Float64Array([0.7, 0.2, 0.1]);
triangle.labels = ['yes, no', 'maybe', 'never'];
triangle.rules = { kind: 'promised', entropy_cut: 2 };
triangle.locked = null;
triangle.lowEntropy = 0.1;
triangle.distribution = { top: [{ label: 'a', p: 1 }], h: 0, v: 0 };
const p: number[] = triangle.p;
const mode: 'both' | 'h' | 'v' | 'rules' = triangle.mode;
// @ts-expect-error no such mode
triangle.mode = 'loud';
// @ts-expect-error no such property
triangle.q = 1;
triangle.addEventListener('change', (event) => (event as Heard).detail.h?.toFixed(3));

const trace = document.querySelector('entropix-trace');
trace?.play();
const plane = document.querySelector('varentropy-plane');
plane?.points.map(([h, v]) => (h ?? 0) + (v ?? 0));

export { mode, p };
