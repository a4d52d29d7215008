// @ts-check
// What moves on the essay besides its charts.
import './explore/contents.js';
import './explore/game/game.js';
import './explore/places.js';
import './explore/try.js';
