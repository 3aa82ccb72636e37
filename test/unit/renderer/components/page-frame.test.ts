// @vitest-environment jsdom
/** One page's slot in every state it can have, over the real store and a hand-made main. */
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, describe, expect, it } from 'vitest';
import { fail } from '#contract/errors.ts';
import PageBox from '#renderer/components/PageBox.svelte';
import PageFrame from '#renderer/components/PageFrame.svelte';
import { STORES } from '#renderer/state/context.ts';
import { makeStores } from '#renderer/state/stores.ts';
import { failed, HandMain, open, settled, type Opened } from '../state/viewer-main.ts';

afterEach(cleanup);

const still = { isDark: false, isOnline: true, onchange: () => () => {} };

function contextOf(main: HandMain): Map<unknown, unknown> {
  return new Map([[STORES, makeStores(main, { look: still, network: still })]]);
}

async function show(opened: Opened, pageNumber: number): Promise<HTMLElement> {
  const props = { viewer: opened.store, pageNumber };
  render(PageFrame, { props, context: contextOf(opened.main) });
  await tick();
  return screen.getByRole('region');
}

describe('a page slot', () => {
  it('has its place, its number and its name before anything else', async () => {
    const opened = open(9);
    const slot = await show(opened, 1);
    expect(slot.getAttribute('aria-label')).toBe('Page 1, total not known yet');
    expect([slot.style.width, slot.style.top]).toEqual(['952px', '16px']);
    expect(slot.textContent?.trim()).toBe('1');
    expect(slot.querySelector('.spinner')).toBeNull();
  });

  it('says more the longer it takes, and what stopping costs', async () => {
    const opened = open(9);
    await settled();
    const slot = await show(opened, 1);
    const words: string[] = [];
    for (const ms of [399, 1, 600, 2000, 7000]) {
      opened.clock.pass(ms);
      await tick();
      words.push(`${slot.querySelector('.spinner') ? 'o ' : ''}${slot.textContent?.replace(/\s+/g, ' ').trim()}`);
    }
    expect(words.slice(0, 3)).toEqual(['1', 'o 1', 'o 1 Converting…']);
    expect(words[3]).toContain('The first view of a document is the slowest');
    expect(words[4]).toContain('This has taken 10 seconds');
    expect(words[4]).toContain('If you stop, a conversion that has begun still ends');
    await fireEvent.click(screen.getByRole('button', { name: 'Stop waiting' }));
    expect(slot.textContent).toContain('You stopped waiting for this page.');
    await fireEvent.click(screen.getByRole('button', { name: 'Load this page' }));
    expect(slot.textContent).not.toContain('You stopped');
  });

  it('shows the picture only when it is here, with an alternative that does not promise text', async () => {
    const opened = open(9);
    const slot = await show(opened, 1);
    expect(slot.querySelector('img')).toBeNull();
    await opened.main.serve();
    await tick();
    const picture = screen.getByRole('img', { name: 'Picture of page 1, without readable text' });
    expect(picture.getAttribute('src')).toMatch(/^snapshot:\/\/page\/0{32}\/a{16}\/1\.png$/);
  });

  it('keeps a failure to its page and warns before what may be paid twice', async () => {
    const opened = open(9);
    await opened.main.serve();
    opened.store.goTo(4);
    await settled();
    opened.main.tell(4, failed(4, fail('snapshot.unclear', 'reset', { charged: 'unclear' }).error));
    const slot = await show(opened, 4);
    expect(slot.textContent).toContain('may already have been charged');
    await fireEvent.click(screen.getByRole('button', { name: 'Ask again (may be charged twice)' }));
    await opened.main.serve();
    await tick();
    expect(slot.querySelector('img')).not.toBeNull();
  });

  it('is dotted where there may be a page, and asks before it goes on past pages that repeat', async () => {
    const main = new HandMain(2000);
    main.clampFrom = 3;
    const opened = open(2000, { main });
    await main.serve();
    const slot = await show(opened, 4);
    expect(slot.classList.contains('dotted')).toBe(true);
    expect(slot.textContent).toContain('This may be the end');
    await fireEvent.click(screen.getByRole('button', { name: 'Ask for page 4 anyway' }));
    opened.store.goTo(4);
    await main.serve();
    await tick();
    expect(slot.textContent).toContain('Same picture as page 3: this may be the end.');
  });
});

describe('the page box', () => {
  it('shows what is known of the end, and goes where it is told', async () => {
    const opened = open(37);
    await opened.main.serve();
    const left: boolean[] = [];
    const props = { viewer: opened.store, disabled: false, onleave: () => left.push(true) };
    render(PageBox, { props, context: contextOf(opened.main) });
    expect(screen.getByRole('button', { name: /^of 3\+/ })).toBeTruthy();
    const box = screen.getByRole<HTMLInputElement>('textbox');
    await fireEvent.input(box, { target: { value: 'iv' } });
    expect(box.getAttribute('aria-invalid')).toBe('true');
    await fireEvent.input(box, { target: { value: '36' } });
    await fireEvent.keyDown(box, { key: 'Enter' });
    expect([opened.store.view.current, left.length, box.value]).toEqual([36, 1, '36']);
    await opened.main.serve();
    await tick();
    expect(screen.getByText('of 37 ✓')).toBeTruthy();
  });
});
