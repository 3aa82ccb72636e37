/** One LibreOffice: kept running and steered through Python, or started for each document. Both end with everything they started. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { writeOfficeProfile } from './office-profile.ts';
import { officePipeName, officeSockets, removeOfficeTraces } from './work-folder.ts';

/** The three kinds of document that LibreOffice keeps apart. */
export type OfficeFamily = 'text' | 'sheet' | 'slides';

/** Paths of one conversion; both files lie in our own work folder and have names of our own making. */
export interface OfficeRequest {
  input: string;
  output: string;
  family: OfficeFamily;
}

/**
 * `load`: LibreOffice cannot open or export the document. `family`: it opens, but is another kind of document.
 * `lost`: LibreOffice itself ended. `not-started`: it never came up.
 */
export type OfficeAnswer = 'converted' | 'load' | 'family' | 'lost' | 'not-started';

/** One LibreOffice, good for one conversion at a time. */
export interface OfficeProcess {
  convert(request: OfficeRequest): Promise<OfficeAnswer>;
  /** True once it takes conversions, false if it does not come up. */
  readonly ready: Promise<boolean>;
  /** The memory that its processes held after the last conversion; 0 where that is not known. */
  readonly rssBytes: number;
  /** Ends it at once with every process it started, and removes its profile. A running conversion answers `lost`. */
  end(): Promise<void>;
}

const SERVICES: Record<OfficeFamily, string> = {
  text: 'com.sun.star.text.TextDocument',
  sheet: 'com.sun.star.sheet.SpreadsheetDocument',
  slides: 'com.sun.star.presentation.PresentationDocument',
};
const FILTERS: Record<OfficeFamily, string> = {
  text: 'writer_pdf_Export',
  sheet: 'calc_pdf_Export',
  slides: 'impress_pdf_Export',
};

/** What a file is read as, by its ending: left to itself LibreOffice shows a broken one as pages of plain text. */
const IMPORT_FILTERS: Readonly<Record<string, string>> = {
  '.docx': 'MS Word 2007 XML',
  '.doc': 'MS Word 97',
  '.xlsx': 'Calc MS Excel 2007 XML',
  '.xls': 'MS Excel 97',
  '.pptx': 'Impress MS PowerPoint 2007 XML',
  '.ppt': 'MS PowerPoint 97',
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
      const request = { input, output, service: SERVICES[family], filter: FILTERS[family] };
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

/** A LibreOffice per document, for machines where Python cannot steer one. The profile is kept from one to the next. */
export class CommandOffice implements OfficeProcess {
  readonly ready = Promise.resolve(true);
  readonly rssBytes = 0;
  readonly #soffice: string;
  readonly #profile: string;
  #running: ChildProcess | null = null;

  private constructor(soffice: string, profile: string) {
    this.#soffice = soffice;
    this.#profile = profile;
  }

  static async start(soffice: string, profile: string): Promise<CommandOffice> {
    await writeOfficeProfile(profile);
    return new CommandOffice(soffice, profile);
  }

  async convert({ input, output, family }: OfficeRequest): Promise<OfficeAnswer> {
    const target = `pdf:${FILTERS[family]}`;
    const reader = IMPORT_FILTERS[path.extname(input)] ?? '';
    const profile = `-env:UserInstallation=${pathToFileURL(this.#profile).href}`;
    const args = [
      profile,
      ...SWITCHES,
      `--infilter=${reader}`,
      '--convert-to',
      target,
      '--outdir',
      this.#profile,
      input,
    ];
    const child = spawnWatched(this.#soffice, args, officeEnvironment(this.#profile));
    this.#running = child;
    const started = await new Promise<boolean>((resolve) => {
      child.once('error', () => resolve(false));
      child.once('exit', () => resolve(true));
    });
    this.#running = null;
    child.stdin?.end(); // lets the watcher go
    if (!started) return 'not-started';
    // Above 128 stand a shell's numbers for signals, and Windows' for crashes.
    if (child.signalCode !== null || (child.exitCode ?? 0) > 128) return 'lost';
    // LibreOffice says 0 whether it could or not: only the file counts.
    const written = path.join(this.#profile, `${path.parse(input).name}.pdf`);
    return fs.rename(written, output).then(
      () => 'converted',
      () => 'load',
    );
  }

  async end(): Promise<void> {
    const child = this.#running;
    if (child?.pid !== undefined) {
      const exit = new Promise((resolve) => child.once('exit', resolve));
      if (process.platform === 'win32') execFile('taskkill', ['/PID', String(child.pid), '/T', '/F'], () => undefined);
      else killGroup(child.pid);
      await exit;
    }
    await removeOfficeTraces(this.#profile);
  }
}

const SWITCHES = [
  '--headless',
  '--invisible',
  '--norestore',
  '--nologo',
  '--nodefault',
  '--nolockcheck',
  '--nofirststartwizard',
];

/**
 * Runs a command in a process group of its own beside a shell that reads our end of a pipe: when that closes, because
 * this process is gone however it ended, the shell kills the group. (Windows has no such groups: there the command runs bare.)
 */
function spawnWatched(command: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  if (process.platform === 'win32')
    return spawn(command, args, { stdio: ['pipe', 'ignore', 'ignore'], env, windowsHide: true });
  const script = 'exec 3<&0 </dev/null; "$@" 3<&- & office=$!; { read -r line <&3; kill -KILL 0; } & wait "$office"';
  const child = spawn('/bin/sh', ['-c', script, 'sh', command, ...args], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env,
  });
  child.stdin?.on('error', () => undefined); // the watcher is gone, and with it the group
  return child;
}

/** LibreOffice's temporary files go into its profile folder, and so go with it. */
function officeEnvironment(profile: string): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: profile };
}

function killGroup(group: number | null): void {
  if (group === null || process.platform === 'win32') return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // gone already
  }
}
