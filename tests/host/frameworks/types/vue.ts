import type {} from 'entropix-elements/vue';
import { type GlobalComponents, h } from 'vue';

type Triangle = InstanceType<GlobalComponents['varentropy-triangle']>['$props'];
export const right: Triangle = {
  p: [0.7, 0.2, 0.1],
  labels: ['a', 'b', 'c'],
  locked: false,
  onChange: (event) => event.detail.h,
};
// @ts-expect-error no such mode
export const wrong: Triangle = { mode: 'loud' };
export const node = h('varentropy-triangle', right);
