/** Small helpers to run programs from the set-up scripts. Node built-ins only: this runs before any package is there. */
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** True for the one user whose Electron cannot use the sandbox. */
export const isRoot = process.getuid?.() === 0;

let step = '';
/** Puts `[2/4] ` and the like in front of all that is said until the next call. */
export const setStep = (prefix) => {
  step = prefix;
};

/** Says one thing to the person, on standard error, so that a command's own output stays clean. */
export const say = (line) => process.stderr.write(`${step}${line}\n`);

/** A failure that the person can mend; printed without a stack. */
export class SetupError extends Error {}

/** Runs a program to its end with our own streams and answers its exit code (128 when a signal ended it). */
export function run(command, args, options = {}, onStart = () => undefined) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      // npm is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === 'win32' && command === 'npm',
      ...options,
    });
    onStart(child);
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve(signal ? 128 : code);
    });
  });
}

/** As `run`, but keeps what the program prints and answers it with the exit code: several can run side by side. */
export async function runAside(command, args) {
  const text = [];
  const code = await run(command, args, { stdio: ['ignore', 'pipe', 'pipe'] }, (child) => {
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => text.push(piece));
  });
  return { code, text: Buffer.concat(text).toString() };
}

/** Runs a program and answers what it printed; null when it failed or is not there. */
export function ask(command, args) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8' });
  return result.error || result.status !== 0 ? null : result.stdout;
}

/** The path of a package's own program file, run with this Node: no shell, no .bin wrapper, the same on every system. */
export const bin = (...parts) => path.join(root, 'node_modules', ...parts);

/** Runs `main` and turns a SetupError into one plain sentence and exit code 1. */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
