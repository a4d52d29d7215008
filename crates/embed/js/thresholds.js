// @ts-check
// What charts with thresholds have besides; loaded when one has some.
export { Cuts } from './cuts.js';
export { explain, filling } from './explain.js';
