import type {} from 'entropix-elements/react';
import { useRef } from 'react';

export function Odds({ p }: { p: number[] }) {
  const chart = useRef<HTMLElementTagNameMap['varentropy-plane']>(null);
  return (
    <>
      <varentropy-triangle
        p={p.join(' ')}
        labels={['a', 'b', 'c']}
        locked={false}
        low-entropy={0.1}
        className="wide"
        onchange={(event) => event.detail.p?.length}
      />
      <varentropy-plane ref={chart} points={[[1, 0.5]]} rules={{ kind: 'promised' }} />
      <entropix-trace src="trace.json" autoplay={false} speed="4">
        Waiting.
      </entropix-trace>
      {/* @ts-expect-error no such value */}
      <varentropy-curve units="kg" />
      {/* @ts-expect-error no such attribute */}
      <varentropy-curve q={1} />
    </>
  );
}
