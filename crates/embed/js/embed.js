// Entropix for any page: each module defines its element. See the README of crates/embed.
import './curve.js';
import './triangle.js';
import './plane.js';
import './inspector.js';
import './tokens.js';
import './trace.js';
