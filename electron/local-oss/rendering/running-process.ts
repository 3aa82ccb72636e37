/** Processes as Linux's /proc tells of them. */
import { readFileSync } from 'node:fs';

export interface RunningProcess {
  /** Its parent's process id. */
  parent: number;
  /** Clock ticks after boot: tells it from a later process of the same id. */
  startedAt: string;
}

/** A process that runs; null when it has ended, also while nobody has reaped it, and where the system does not say. */
export function readProcess(pid: number): RunningProcess | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything, so fields are counted from its end: state, parent, … start time.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : { parent: Number(fields[1]), startedAt: fields[19] ?? '' };
  } catch {
    return null;
  }
}
