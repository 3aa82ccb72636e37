/** The log: one JSON line per entry, secrets taken out before any sink sees it. Object names only at `debug`, contents never. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { isSecretField, redact } from './redact.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LEVELS)[number];
/** What an entry says beside its message: flat facts; an Error is written with its stack. */
export type Facts = Readonly<Record<string, unknown>>;

/** Never throws: a log that cannot be written is no reason for the app to stop. */
export type Log = { readonly [L in LogLevel]: (message: string, facts?: Facts) => void };

export interface LogOptions {
  /** The least level written. */
  level: LogLevel;
  /** Where whole lines go, without the newline. */
  write(line: string): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Makes a log over one sink. */
export function makeLog({ level, write, now }: LogOptions): Log {
  const put = (at: LogLevel, message: string, facts: Facts = {}): void => {
    if (LEVELS.indexOf(at) < LEVELS.indexOf(level)) return;
    const entry = { at: new Date(now()).toISOString(), level: at, message, ...toLoggable(facts) };
    try {
      write(redact(JSON.stringify(entry)));
    } catch {
      // The disk may be full or the folder gone; nobody is left to tell.
    }
  };
  return {
    debug: (message, facts) => put('debug', message, facts),
    info: (message, facts) => put('info', message, facts),
    warn: (message, facts) => put('warn', message, facts),
    error: (message, facts) => put('error', message, facts),
  };
}

/** A sink that appends to `folder/pagelens.log` and keeps one older file, each at most about `maxBytes`. */
export function makeLogFile(folder: string, maxBytes = 1024 * 1024): (line: string) => void {
  const file = path.join(folder, 'pagelens.log');
  let size: number | null = null;
  return (line) => {
    if (size === null) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    }
    if (size > maxBytes) {
      renameSync(file, path.join(folder, 'pagelens.1.log'));
      size = 0;
    }
    // Synchronous on purpose: lines are few and short, and the last one before a crash is the one that is needed.
    appendFileSync(file, `${line}\n`, { mode: 0o600 });
    size += Buffer.byteLength(line) + 1;
  };
}

function toLoggable(facts: Facts): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => {
      if (isSecretField(name)) return [name, '[secret]'];
      if (value instanceof Error) return [name, value.stack ?? value.message];
      return [name, value];
    }),
  );
}
