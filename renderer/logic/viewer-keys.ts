/** What keys mean in the viewer. Ctrl stands for Cmd on a Mac. */

export type ViewerCommand =
  | 'lineDown'
  | 'lineUp'
  | 'screenDown'
  | 'screenUp'
  | 'nextPage'
  | 'previousPage'
  | 'start'
  | 'end'
  | 'goTo'
  | 'back'
  | 'forward'
  | 'fitPage'
  | 'nativeSize'
  | 'fitWidth'
  | 'zoomIn'
  | 'zoomOut'
  | 'rotateRight'
  | 'rotateLeft'
  | 'columns'
  | 'thumbnails'
  | 'contactSheet'
  | 'nextFlagged'
  | 'fullScreen'
  | 'copyPicture'
  | 'copyLink'
  | 'pinPage'
  | 'export'
  | 'exportNow'
  | 'versions'
  | 'path'
  | 'keys'
  | 'close';

export interface KeyPress {
  /** As KeyboardEvent.key. */
  key: string;
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
}

/** Where the key was pressed and what is allowed there. */
export interface KeyPlace {
  /** In a text box: only keys with Ctrl or Alt are ours. */
  isTyping: boolean;
  /** On a button or in a list that has its own use for Space, Enter and arrows. */
  isOnControl: boolean;
  /** Whether single letters are keys. */
  lettersOn: boolean;
}

const WITH_CTRL: Record<string, ViewerCommand> = {
  g: 'goTo',
  '0': 'fitPage',
  '1': 'nativeSize',
  '2': 'fitWidth',
  '+': 'zoomIn',
  '=': 'zoomIn',
  '-': 'zoomOut',
  b: 'pinPage',
  c: 'copyPicture',
  e: 'export',
  f: 'nextFlagged',
  h: 'versions',
  l: 'path',
};
const LETTERS: Record<string, ViewerCommand> = {
  j: 'lineDown',
  k: 'lineUp',
  n: 'nextPage',
  p: 'previousPage',
  g: 'goTo',
  r: 'rotateRight',
  d: 'columns',
  c: 'contactSheet',
  t: 'thumbnails',
  w: 'nextFlagged',
  f: 'fullScreen',
  '?': 'keys',
};
const PLAIN: Record<string, ViewerCommand> = {
  PageDown: 'nextPage',
  PageUp: 'previousPage',
  Home: 'start',
  End: 'end',
  Escape: 'close',
  F11: 'fullScreen',
};
const ON_PAGES: Record<string, ViewerCommand> = { ArrowDown: 'lineDown', ArrowUp: 'lineUp' };

/** The keys of each command as a person is told them; Ctrl is Cmd on a Mac. The first one is the one to learn. */
export const VIEWER_KEYS: Readonly<Record<ViewerCommand, readonly string[]>> = {
  lineDown: ['↓', 'J'],
  lineUp: ['↑', 'K'],
  screenDown: ['Space'],
  screenUp: ['Shift+Space'],
  nextPage: ['N', 'PgDn'],
  previousPage: ['P', 'PgUp'],
  start: ['Home'],
  end: ['End'],
  goTo: ['G', 'Ctrl+G'],
  back: ['Alt+←'],
  forward: ['Alt+→'],
  fitPage: ['Ctrl+0'],
  nativeSize: ['Ctrl+1'],
  fitWidth: ['Ctrl+2'],
  zoomIn: ['Ctrl++'],
  zoomOut: ['Ctrl+−'],
  rotateRight: ['R'],
  rotateLeft: ['Shift+R'],
  columns: ['D'],
  thumbnails: ['T'],
  contactSheet: ['C'],
  nextFlagged: ['W', 'Ctrl+F'],
  fullScreen: ['F', 'F11'],
  copyPicture: ['Ctrl+C'],
  copyLink: ['Ctrl+Shift+S'],
  pinPage: ['Ctrl+B'],
  export: ['Ctrl+E'],
  exportNow: ['Ctrl+Shift+E'],
  versions: ['Ctrl+H'],
  path: ['Ctrl+L'],
  keys: ['?'],
  close: ['Esc'],
};

/** Reads a key; null when it is not the viewer's. */
export function readKey({ key, ctrl, shift, alt }: KeyPress, place: KeyPlace): ViewerCommand | null {
  const letter = key.length === 1 ? key.toLowerCase() : key;
  if (alt) {
    if (ctrl || shift) return null;
    return key === 'ArrowLeft' ? 'back' : key === 'ArrowRight' ? 'forward' : null;
  }
  if (ctrl) {
    if (shift && letter === 's') return 'copyLink';
    if (shift && letter === 'e') return 'exportNow';
    if (place.isTyping && letter === 'c') return null;
    // Shift is part of the way to "+" on many keyboards, and of nothing else here.
    return shift && letter !== '+' && letter !== '=' ? null : (WITH_CTRL[letter] ?? null);
  }
  if (place.isTyping) return null;
  if (key === ' ' && !place.isOnControl) return shift ? 'screenUp' : 'screenDown';
  if (!shift && !place.isOnControl && ON_PAGES[key]) return ON_PAGES[key];
  if (!shift && PLAIN[key]) return PLAIN[key];
  if (shift && letter === 'r') return place.lettersOn ? 'rotateLeft' : null;
  const isLetter = place.lettersOn && (!shift || letter === '?');
  return isLetter ? (LETTERS[letter] ?? null) : null;
}

/** Reads what was typed as a page number: digits of any width, spaces around them. Null when it is no number from 1. */
export function readPageNumber(text: string): number | null {
  const plain = text.normalize('NFKC').trim();
  if (!/^[0-9]{1,7}$/.test(plain)) return null;
  const page = Number(plain);
  return page >= 1 ? page : null;
}
