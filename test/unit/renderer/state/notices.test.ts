import { describe, expect, it } from 'vitest';
import type { Timers } from '#renderer/state/clock.ts';
import { NoticesStore } from '#renderer/state/notices.svelte.ts';

function makeTimers() {
  const running = new Map<number, () => void>();
  let last = 0;
  const timers: Timers = {
    set: (callback) => {
      running.set(++last, callback);
      return last;
    },
    clear: (timer) => void running.delete(timer as number),
  };
  return { timers, running, fire: () => [...running.values()].forEach((callback) => callback()) };
}
const texts = (store: NoticesStore): string[] => store.all.map((notice) => notice.text);

describe('NoticesStore', () => {
  it('shows news for a while and leaves no timer behind', () => {
    const { timers, running, fire } = makeTimers();
    const store = new NoticesStore(timers);
    store.show('Link copied.');
    expect(texts(store)).toEqual(['Link copied.']);
    fire();
    expect([texts(store), running.size]).toEqual([[], 0]);
  });

  it('keeps warnings until they are put away', () => {
    const { timers, running } = makeTimers();
    const store = new NoticesStore(timers);
    store.show('Disk nearly full.', 'warning');
    expect(running.size).toBe(0);
    store.dismiss(store.all[0]!.id);
    expect(texts(store)).toEqual([]);
  });

  it('shows three at most, and the same sentence once', () => {
    const { timers } = makeTimers();
    const store = new NoticesStore(timers);
    for (const text of ['a', 'b', 'c', 'd', 'b']) store.show(text);
    expect(texts(store)).toEqual(['c', 'd', 'b']);
  });

  it('stops its timers when it is disposed', () => {
    const { timers, running } = makeTimers();
    const store = new NoticesStore(timers);
    store.show('a');
    store.show('b');
    store.dispose();
    expect(running.size).toBe(0);
  });
});
