import { describe, expect, it } from 'vitest';
import { makeSessions } from '#ipc/sessions.ts';

describe('sessions', () => {
  it('gives each page of a window a name of its own and tells when it ends', () => {
    const gone: string[] = [];
    const sessions = makeSessions((owner) => gone.push(owner));
    sessions.open(7);
    const first = sessions.begin(7, 'a')?.owner ?? '';
    expect(sessions.windowOf(first)).toBe(7);
    sessions.reset(7);
    expect(gone).toEqual([first]);
    expect(sessions.windowOf(first)).toBeNull();
    const second = sessions.begin(7, 'a')?.owner ?? '';
    expect(second).not.toBe(first);
    sessions.close(7);
    expect(gone).toEqual([first, second]);
    expect(sessions.has(7)).toBe(false);
  });

  it('aborts what runs when the page ends, and not what ended before', () => {
    const sessions = makeSessions(() => undefined);
    sessions.open(1);
    const over = sessions.begin(1, 'over');
    const running = sessions.begin(1, 'running');
    over?.end();
    sessions.reset(1);
    expect(over?.signal.aborted).toBe(false);
    expect(running?.signal.aborted).toBe(true);
  });

  it('does not let an old page end a call of the new one under the same id', () => {
    const sessions = makeSessions(() => undefined);
    sessions.open(1);
    const old = sessions.begin(1, 'x');
    sessions.reset(1);
    const fresh = sessions.begin(1, 'x');
    old?.end();
    sessions.cancel(1, 'x');
    expect(fresh?.signal.aborted).toBe(true);
  });

  it('begins nothing for a window that is not there', () => {
    expect(makeSessions(() => undefined).begin(1, 'x')).toBeNull();
  });
});
