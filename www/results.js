// @ts-check
// What moves on the page of results besides its figures.
import './results/partings.js';
import './results/rerun.js';
