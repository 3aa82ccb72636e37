/** A LibreOffice that is started for each document, for machines where Python cannot steer one. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  killGroup,
  officeEnvironment,
  PDF_FILTERS,
  type OfficeAnswer,
  type OfficeProcess,
  type OfficeRequest,
} from './office-process.ts';
import { writeOfficeProfile } from './office-profile.ts';
import { removeOfficeTraces } from './work-folder.ts';

/** What a file is read as, by its ending: left to itself LibreOffice shows a broken one as pages of plain text. */
const IMPORT_FILTERS: Readonly<Record<string, string>> = {
  '.docx': 'MS Word 2007 XML',
  '.doc': 'MS Word 97',
  '.xlsx': 'Calc MS Excel 2007 XML',
  '.xls': 'MS Excel 97',
  '.pptx': 'Impress MS PowerPoint 2007 XML',
  '.ppt': 'MS PowerPoint 97',
};

const SWITCHES = [
  '--headless',
  '--invisible',
  '--norestore',
  '--nologo',
  '--nodefault',
  '--nolockcheck',
  '--nofirststartwizard',
];

/** Starts one for each document; its profile is kept from one to the next. */
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
    const target = `pdf:${PDF_FILTERS[family]}`;
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
