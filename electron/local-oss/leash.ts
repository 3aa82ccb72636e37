/** Notices when whoever started this program is gone, so that no service is left behind. */
import { fstatSync, readFileSync } from 'node:fs';

/** One process above us; `startedAt` tells it from a later one of the same number. */
interface Ancestor {
  pid: number;
  startedAt: string;
  command: string;
}

const LEVELS = 8;
const LOOK_MS = 500;

/** Parent, start time and command of a process, from Linux's /proc; null elsewhere and when it is gone. */
function look(pid: number): (Ancestor & { parent: number }) | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything, so fields are counted from its end: state, parent, … start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid, parent: Number(fields[1]), startedAt: fields[19] ?? '', command };
  } catch {
    return null;
  }
}

const isPipe = (descriptor: number): boolean => {
  try {
    const found = fstatSync(descriptor);
    return found.isFIFO() || found.isSocket();
  } catch {
    return false;
  }
};

/**
 * The processes whose end is ours: the parent; under `npm run` all up to npm; and the one above, if it reads our line
 * through a pipe. A shell that has sent our output to a file may end: that is how a service is put in the background.
 */
function chooseAncestors(): Ancestor[] {
  const above: Ancestor[] = [];
  for (let pid = process.ppid; above.length < LEVELS && pid > 1;) {
    const found = look(pid);
    if (!found) break;
    above.push(found);
    pid = found.parent;
  }
  const npm = above.slice(0, 4).findIndex((one) => /^npm |npm-cli\.js /.test(one.command));
  return above.slice(0, Math.max(npm, 0) + (isPipe(1) ? 2 : 1));
}

/** A watch over whoever started us. */
export interface Leash {
  /** From now on the end of standard input counts; one that came before says nothing about the starter. */
  holdToInput(): void;
  /** Stops watching. */
  drop(): void;
}

/**
 * Calls `onGone` once when the one who started us is gone: an ancestor has ended, or standard input was a pipe and has
 * been closed.
 */
export function watchStarter(onGone: () => void): Leash {
  const ancestors = chooseAncestors();
  const parent = process.ppid;
  let isInputHeld = false;
  let isOver = false;
  const drop = (): void => {
    isOver = true;
    clearInterval(timer);
    process.stdin.off('end', onEnd).off('error', onEnd).pause();
  };
  const gone = (): void => {
    if (isOver) return;
    drop();
    onGone();
  };
  const onEnd = (): void => {
    if (isInputHeld) gone();
  };
  const timer = setInterval(() => {
    const hasEnded = ancestors.some((one) => look(one.pid)?.startedAt !== one.startedAt);
    if (process.ppid !== parent || hasEnded) gone();
  }, LOOK_MS);
  timer.unref();
  if (isPipe(0)) {
    process.stdin.on('end', onEnd).on('error', onEnd).resume();
    // Watching must not keep us alive: only the service does.
    (process.stdin as { unref?: () => void }).unref?.();
  }
  return {
    holdToInput() {
      isInputHeld = true;
    },
    drop,
  };
}
