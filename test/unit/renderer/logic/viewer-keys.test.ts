import { describe, expect, it } from 'vitest';
import { readKey, readPageNumber, VIEWER_KEYS, type KeyPlace } from '#renderer/logic/viewer-keys.ts';

const pages: KeyPlace = { isTyping: false, isOnControl: false, lettersOn: true };
const typing = { ...pages, isTyping: true };
const button = { ...pages, isOnControl: true };

/** `Ctrl+Shift+s` as an event says it. */
function press(text: string, place = pages): ReturnType<typeof readKey> {
  const parts = text.split(/\+(?=.)/);
  const key = parts.at(-1)!;
  const has = (name: string): boolean => parts.slice(0, -1).includes(name);
  return readKey({ key, ctrl: has('Ctrl'), shift: has('Shift'), alt: has('Alt') }, place);
}

describe('keys of the viewer', () => {
  it('reads the whole map', () => {
    const map = [
      'ArrowDown ArrowUp j k', // scroll a line
      'PageDown PageUp n p Home End',
      'Ctrl+g g Alt+ArrowLeft Alt+ArrowRight',
      'Ctrl+0 Ctrl+1 Ctrl+2 Ctrl+- Ctrl+= Ctrl++',
      'r Shift+R d f F11 Ctrl+f w',
      't Ctrl+b Ctrl+c Ctrl+e Ctrl+Shift+S Ctrl+l Escape',
    ];
    expect(map.map((line) => line.split(' ').map((keys) => press(keys)))).toEqual([
      ['lineDown', 'lineUp', 'lineDown', 'lineUp'],
      ['nextPage', 'previousPage', 'nextPage', 'previousPage', 'start', 'end'],
      ['goTo', 'goTo', 'back', 'forward'],
      ['fitPage', 'nativeSize', 'fitWidth', 'zoomOut', 'zoomIn', 'zoomIn'],
      ['rotateRight', 'rotateLeft', 'columns', 'fullScreen', 'fullScreen', 'nextFlagged', 'nextFlagged'],
      ['thumbnails', 'pinPage', 'copyPicture', 'export', 'copyLink', 'path', 'close'],
    ]);
    expect([press(' '), press('Shift+ '), press('Shift+?')]).toEqual(['screenDown', 'screenUp', 'keys']);
  });

  it('does what the list of keys says', () => {
    const asPressed: Record<string, string> = { '↓': 'ArrowDown', '↑': 'ArrowUp', '←': 'ArrowLeft', '→': 'ArrowRight' };
    Object.assign(asPressed, { PgDn: 'PageDown', PgUp: 'PageUp', Esc: 'Escape', Space: ' ', '−': '-' });
    const toPress = (keys: string): string => keys.replace(/[^+]+$/, (key) => asPressed[key] ?? key);
    for (const [command, all] of Object.entries(VIEWER_KEYS)) {
      expect([command, all.map((keys) => press(toPress(keys)))]).toEqual([command, all.map(() => command)]);
    }
  });

  it('leaves letters, arrows and the copying of text to a text box', () => {
    expect(['j', 'n', ' ', 'Home', 'ArrowDown', 'Ctrl+c'].map((keys) => press(keys, typing))).toEqual(
      Array(6).fill(null),
    );
    expect(press('Ctrl+g', typing)).toBe('goTo');
  });

  it('leaves Space and arrows to a button', () => {
    expect([press(' ', button), press('ArrowDown', button), press('n', button)]).toEqual([null, null, 'nextPage']);
  });

  it('takes no single letters when they are switched off, and nobody else’s keys', () => {
    const off = { ...pages, lettersOn: false };
    expect([press('n', off), press('Shift+?', off), press('PageDown', off)]).toEqual([null, null, 'nextPage']);
    expect([press('Shift+R', off), press('f', off), press('F11', off)]).toEqual([null, null, 'fullScreen']);
    expect(['Ctrl+Shift+c', 'Ctrl+Alt+g', 'Ctrl+q', 'x', 'F5', 'Shift+n'].map((keys) => press(keys))).toEqual(
      Array(6).fill(null),
    );
  });
});

describe('page numbers as typed', () => {
  it('takes digits of any width and nothing that is not a page', () => {
    expect([' 12 ', '１２', '1', '2001'].map(readPageNumber)).toEqual([12, 12, 1, 2001]);
    expect(['', '0', '-3', '3.5', '1e3', 'iv', '99999999'].map(readPageNumber)).toEqual(Array(7).fill(null));
  });
});
