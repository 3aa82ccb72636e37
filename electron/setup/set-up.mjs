/** The set-up that every command of this project begins with, step by step and in plain words. Silent when all is there. */
import { ensureBuilt } from './build.mjs';
import { ensureElectron } from './electron-runtime.mjs';
import { ensurePackages } from './packages.mjs';
import { setStep } from './run.mjs';
import { ensureSystemPackages } from './system-packages.mjs';

/**
 * Makes everything ready: packages of the lock file, system packages of `groups`, Electron, the build. Answers the
 * runtime as `ensureElectron` does, or null where `electron` is false. Throws SetupError with a sentence to print.
 */
export async function setUp({ groups = [], electron = true, build = true } = {}) {
  const steps = [
    () => ensurePackages(),
    ...(groups.length ? [() => ensureSystemPackages(groups)] : []),
    ...(electron ? [() => ensureElectron()] : []),
    ...(build ? [() => ensureBuilt()] : []),
  ];
  const results = [];
  for (const [index, step] of steps.entries()) {
    setStep(`[${index + 1}/${steps.length}] `);
    results.push(await step());
  }
  setStep('');
  return electron ? results[steps.length - (build ? 2 : 1)] : null;
}
