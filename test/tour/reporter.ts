/** Prints the tour as it goes: each walk, each step with its time, and at the end how it went. */
import type { FullResult, Reporter, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';

const INDENT = '  ';

export default class TourReporter implements Reporter {
  onTestBegin(test: TestCase): void {
    console.log(`\n${test.title}`);
  }

  onStepEnd(_test: TestCase, _result: TestResult, step: TestStep): void {
    if (step.category !== 'test.step') return;
    const depth = countOwnSteps(step);
    console.log(`${toSeconds(step.duration)}${INDENT.repeat(depth)}${step.error ? 'FAILED: ' : ''}${step.title}`);
  }

  onTestEnd(_test: TestCase, result: TestResult): void {
    for (const error of result.errors) this.onError(error);
  }

  onError(error: TestError): void {
    console.log(error.stack ?? error.message ?? String(error.value));
  }

  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }

  onStdErr(chunk: string | Buffer): void {
    process.stderr.write(chunk);
  }

  onEnd({ status, duration }: FullResult): void {
    console.log(
      `\n${status === 'passed' ? 'The tour is done' : `The tour ${status}`} after ${toSeconds(duration).trim()}`,
    );
  }

  printsToStdio(): boolean {
    return true;
  }
}

/** How many of the steps around this one are the tour's own. */
function countOwnSteps(step: TestStep): number {
  let count = 1;
  for (let parent = step.parent; parent; parent = parent.parent) if (parent.category === 'test.step') count += 1;
  return count;
}

const toSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`.padStart(8);
