// The player of recorded chats.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { atStrictPage, close, tokens, trace } from '../support/tokens.mjs';

const host = atStrictPage();

describe('a recorded chat', () => {
  const player = (visitor) => {
    const { page } = visitor;
    return {
      trace: page.locator('entropix-trace'),
      play: page.getByRole('button', { name: 'Play' }),
      pause: page.getByRole('button', { name: 'Pause' }),
      restart: page.getByRole('button', { name: 'Restart' }),
      slider: page.getByRole('slider', { name: 'Position' }),
      shows: (count) => page.getByText(`${count} of ${tokens.length} tokens`).waitFor(),
      reaches: (count) =>
        page.waitForFunction(
          (least) => document.querySelector('entropix-trace').position >= least,
          count,
        ),
      position: () => page.locator('entropix-trace').evaluate((trace) => trace.position),
    };
  };

  test('shows all digits of its seed, as text and as number', async () => {
    const text = JSON.stringify(trace);
    for (const seed of ['5000000000', '18446744073709551615', '"18446744073709551615"']) {
      const body = text.replace(`"seed":${trace.seed}`, `"seed":${seed}`);
      const visitor = await host('<entropix-trace src="traces/seed.json"></entropix-trace>', {
        files: { 'traces/seed.json': { body, contentType: 'application/json' } },
      });
      await visitor.page.getByText(`seed ${seed.replaceAll('"', '')} ·`).waitFor();
      await visitor.close();
    }
  });

  test('is there as a whole, and plays, pauses, jumps and starts over', async () => {
    const visitor = await host(
      // Slow enough to be far from its end whenever it is looked at.
      '<entropix-trace src="traces/larger-b.json" speed="5"></entropix-trace>',
    );
    const { play, pause, restart, slider, shows, reaches, position } = player(visitor);
    await shows(tokens.length);
    await visitor.page.getByText(trace.messages[0].content).waitFor();
    await visitor.page
      .getByText(`${trace.model} · sampler B · seed ${trace.seed} · 100 tokens`)
      .waitFor();
    const height = () =>
      visitor.page
        .locator('entropix-trace')
        .evaluate(
          (element) =>
            element.shadowRoot.querySelector('entropix-tokens').shadowRoot.querySelector('.paper')
              .offsetHeight,
        );
    const whole = await height();
    await play.click();
    await reaches(5);
    assert.equal(await height(), whole, 'its room is kept');
    assert.equal(await visitor.at('answer').getAttribute('aria-busy'), 'true');
    await pause.click();
    const paused = await position();
    assert.ok(paused >= 5 && paused < tokens.length);
    // Longer than a token takes at this speed.
    await visitor.page.waitForTimeout(500);
    assert.equal(await position(), paused);
    await slider.fill('40');
    await shows(40);
    assert.equal(await visitor.tokens().count(), 40);
    assert.equal(await slider.getAttribute('aria-valuetext'), '40 of 100 tokens');
    await slider.focus();
    await visitor.page.keyboard.press('ArrowLeft');
    await shows(39);
    await restart.click();
    await reaches(3);
    assert.ok((await position()) < 39);
    await visitor.page.locator('entropix-trace').evaluate((element) => element.seek(98));
    await shows(tokens.length);
    await play.waitFor();
    await close(visitor);
  });

  test('plays by itself only if asked and if motion is welcome', async () => {
    for (const reducedMotion of /** @type {const} */ (['no-preference', 'reduce'])) {
      const visitor = await host(
        '<entropix-trace src="traces/larger-b.json" autoplay speed="1"></entropix-trace>',
        { reducedMotion },
      );
      const { play, pause, shows, reaches, position } = player(visitor);
      if (reducedMotion === 'reduce') {
        await play.waitFor();
        await shows(tokens.length);
      } else {
        await pause.waitFor();
        assert.ok((await position()) < tokens.length);
        await reaches(1);
      }
      await close(visitor);
    }
  });

  test('comes as an object, ends with its end, and tells its group', async () => {
    const visitor = await host(
      '<entropix-trace group="g"></entropix-trace><entropix-inspector group="g"></entropix-inspector>',
    );
    const { trace: element } = player(visitor);
    const short = { ...trace, tokens: tokens.slice(0, 12), finish: 'end_of_turn' };
    await element.evaluate(async (it, given) => {
      await customElements.whenDefined('entropix-trace');
      it.trace = given;
    }, short);
    await visitor.page.getByText('· 11 tokens').waitFor();
    assert.equal(await visitor.tokens().last().getAttribute('aria-label'), 'end of the answer');
    await visitor.tokens().nth(2).click();
    await visitor.page.mouse.move(0, 0);
    await visitor.page.getByText('token 3 of 12').nth(1).waitFor();
    await element.evaluate((it) => {
      it.trace = { schema: 1 };
    });
    await visitor.page.getByText('no whole trace').waitFor();
    assert.ok(visitor.warnings.some((warning) => warning.startsWith('<entropix-trace trace>')));
    await close(visitor);
  });
});
