/** A LibreOffice that is kept running and steered through Python (office-worker.py). */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import {
  killGroup,
  officeEnvironment,
  PDF_FILTERS,
  type OfficeAnswer,
  type OfficeFamily,
  type OfficeProcess,
  type OfficeRequest,
} from './office-process.ts';
import { writeOfficeProfile } from './office-profile.ts';
import { officePipeName, officeSockets, removeOfficeTraces } from './work-folder.ts';

const SERVICES: Record<OfficeFamily, string> = {
  text: 'com.sun.star.text.TextDocument',
  sheet: 'com.sun.star.sheet.SpreadsheetDocument',
  slides: 'com.sun.star.presentation.PresentationDocument',
};

/** How long a worker may take to obey before it is killed from here. */
const END_LIMIT_MS = 3_000;

type WorkerLine =
  | { group: number }
  | { ready: true }
  | { failed: string }
  | { ok: true; rssBytes: number }
  | { ok: false; error: 'load' | 'family' | 'lost'; rssBytes: number };

/** A LibreOffice that stays: a small document takes 0.1 s instead of the second that starting takes. */
export class UnoOffice implements OfficeProcess {
  readonly #profile: string;
  readonly #worker: ChildProcess;
  readonly #exit: Promise<unknown>;
  readonly #ready: Promise<boolean>;
  #setReady: (ready: boolean) => void = () => undefined;
  #answer: ((answer: OfficeAnswer) => void) | null = null;
  #group: number | null = null;
  #rssBytes = 0;

  private constructor(profile: string, worker: ChildProcess) {
    this.#profile = profile;
    this.#worker = worker;
    this.#ready = new Promise((resolve) => (this.#setReady = resolve));
    this.#exit = new Promise((resolve) => worker.once('close', resolve));
    worker.once('error', () => this.#gone());
    worker.once('close', () => this.#gone());
    worker.stdin?.on('error', () => undefined); // it went away: 'close' says so
    createInterface({ input: worker.stdout! }).on('line', (line) => this.#hear(JSON.parse(line) as WorkerLine));
  }

  /** Starts python, which starts LibreOffice; conversions may be asked for at once. */
  static async start(soffice: string, python: string, helperFolder: string, profile: string): Promise<UnoOffice> {
    await writeOfficeProfile(profile);
    const script = path.join(helperFolder, 'office-worker.py');
    const worker = spawn(python, [script, soffice, profile, officePipeName(profile), ...officeSockets(profile)], {
      detached: true, // a session of its own: Ctrl-C in the terminal must reach us first
      stdio: ['pipe', 'pipe', 'ignore'],
      env: officeEnvironment(profile),
    });
    return new UnoOffice(profile, worker);
  }

  get rssBytes(): number {
    return this.#rssBytes;
  }

  get ready(): Promise<boolean> {
    return this.#ready;
  }

  async convert({ input, output, family }: OfficeRequest): Promise<OfficeAnswer> {
    if (!(await this.#ready)) return 'not-started';
    return new Promise((resolve) => {
      this.#answer = resolve;
      const request = { input, output, service: SERVICES[family], filter: PDF_FILTERS[family] };
      this.#worker.stdin?.write(`${JSON.stringify(request)}\n`);
      if (this.#worker.exitCode !== null || this.#worker.signalCode !== null) this.#gone();
    });
  }

  async end(): Promise<void> {
    this.#worker.stdin?.end(); // the worker ends LibreOffice and itself when its input ends
    const timer = setTimeout(() => {
      killGroup(this.#group);
      this.#worker.kill('SIGKILL');
    }, END_LIMIT_MS);
    await this.#exit;
    clearTimeout(timer);
    await removeOfficeTraces(this.#profile);
  }

  #hear(line: WorkerLine): void {
    if ('group' in line) this.#group = line.group;
    else if ('ready' in line) this.#setReady(true);
    else if ('failed' in line) this.#setReady(false);
    else {
      this.#rssBytes = line.rssBytes;
      this.#settle(line.ok ? 'converted' : line.error);
    }
  }

  #gone(): void {
    killGroup(this.#group); // the worker may have been killed itself
    this.#setReady(false);
    this.#settle('lost');
  }

  #settle(answer: OfficeAnswer): void {
    this.#answer?.(answer);
    this.#answer = null;
  }
}
