// @ts-check
// The room of an element until it is drawn, as far as it can be known: its picture, the words and sliders below it, what
// these need more where sliders stand below their names, and the key of its colours. `elements.css` says the same for
// before the script has come.

export const room = `
:host(varentropy-curve) { --picture: clamp(13.5em, 62%, max(380px, 13.5em)); --words: 7.6em; --stacked: 4.4em; }
:host(varentropy-triangle) { --picture: calc(86.6% + 1.95em); --words: 11.4em; --stacked: 5.2em; }
:host(varentropy-triangle[path]) { --words: 12.8em; --stacked: 7em; }
:host(varentropy-triangle[mode="rules"]) { --words: 20.9em; --stacked: 8.4em; }
:host(varentropy-plane) { --picture: clamp(15em, 78%, max(460px, 15em)); --words: 8em; --stacked: 2.4em; }
:host(varentropy-plane[preset]:not([preset="none"])) { --words: 18.9em; --stacked: 11em; }
:host(:is(varentropy-curve, varentropy-triangle, varentropy-plane)[controls="none"]) { --words: 0px; --stacked: 0px; }
:host(:is(varentropy-curve, varentropy-triangle, varentropy-plane):not([key="none"], [mode="rules"], [scale="fit"])) { --key: 2.4em; }
:host(entropix-tokens[src]) { --picture: calc(32em + clamp(0px, 40em - 100%, 20em)); }
:host(entropix-tokens[src][inspector="none"]) { --picture: calc(19em + clamp(0px, 30em - 78%, 16em)); }
:host(entropix-results) { --picture: 26em; }
:host(entropix-trace[src]) { --picture: calc(76em + clamp(0px, 40em - 100%, 18em)); }
:host(:not(entropix-tint)) > slot { display: flow-root; contain: inline-size; }
:host(:not(entropix-tint)) > slot::before { content: ""; float: left;
  padding-bottom: var(--entropix-room, calc(var(--picture, 0px) + var(--words, 0px) + var(--key, 0px) + clamp(0px, (27em - 100%) * 999, var(--stacked, 0px)))); }
:host > slot ~ * { display: block; visibility: hidden; height: 0; margin: 0; overflow: hidden; }
`;
