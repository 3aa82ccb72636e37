/** Notices when whoever started this program is gone, so that no service is left behind. */
import { fstatSync, readFileSync } from 'node:fs';
import { readProcess } from './rendering/running-process.ts';

/** One process above us. */
interface Ancestor {
  pid: number;
  startedAt: string;
}

const LEVELS = 8;
const LOOK_MS = 500;

/** The command line of a process, its words parted by spaces; empty when it is gone. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
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
    const found = readProcess(pid);
    if (!found) break;
    above.push({ pid, startedAt: found.startedAt });
    pid = found.parent;
  }
  const npm = above.slice(0, 4).findIndex((one) => /^npm |npm-cli\.js /.test(commandOf(one.pid)));
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
    const hasEnded = ancestors.some((one) => readProcess(one.pid)?.startedAt !== one.startedAt);
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
