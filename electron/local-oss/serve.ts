/** The stand-alone service: `npm run --silent local-oss -- --root DIR`. */
import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ArgumentsError, HELP, readArguments, type ServeArguments } from './arguments.ts';
import { listen } from './carrier.ts';
import { makeLocalOss } from './handle.ts';
import { watchStarter } from './leash.ts';
import { makePageRenderer } from './rendering/render.ts';
import { EMPTY_WORLD, readWorldFile, WorldError } from './world.ts';

/** Everything but the one line goes to standard error. */
const say = (text: string): void => void process.stderr.write(`local-oss: ${text}\n`);

/** Letters and digits from random bytes; the few that a plain remainder would favour do not matter for a loopback key. */
function randomText(length: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join('');
}

async function start(args: ServeArguments): Promise<() => Promise<void>> {
  const rootFolder = path.resolve(args.rootFolder);
  const isFolder = await stat(rootFolder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) throw new ArgumentsError(`--root must be a folder: there is none at ${rootFolder}.`);
  const world = args.worldFile === null ? EMPTY_WORLD : await readWorldFile(args.worldFile);
  const key = args.key ?? { accessKeyId: `LTAI5t${randomText(18)}`, accessKeySecret: randomText(30) };
  const renderer = makePageRenderer({
    // One folder per user: on a shared machine the first one's belongs to them.
    workFolder: path.join(os.tmpdir(), `local-oss-${os.userInfo().username}`),
    helperFolder: __dirname,
    conversionTimeoutMs: args.conversionTimeoutMs,
  });
  const { region } = args;
  const service = makeLocalOss({ rootFolder, region, keys: [key], world, renderer, now: Date.now });
  const listening = await listen(service, args.port, (error) =>
    say(error instanceof Error ? error.message : String(error)),
  );
  const buckets = await service.bucketNames();
  process.stdout.write(`${JSON.stringify({ endpoint: listening.endpoint, region, ...key, buckets })}\n`);
  say(
    `serving ${buckets.length} ${buckets.length === 1 ? 'bucket' : 'buckets'} of ${rootFolder} on ${listening.endpoint}`,
  );
  return async () => {
    await listening.close();
    await service.dispose();
  };
}

/** One plain sentence, and 2 for what the command line or the world file says, 1 for what the machine says. */
function fail(error: unknown): void {
  const isTheirs = error instanceof ArgumentsError || error instanceof WorldError;
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { code: '', message: String(error) };
  say(code === 'EADDRINUSE' ? 'the port is taken: choose another with --port, or none.' : message);
  process.exitCode = isTheirs ? 2 : 1;
}

async function main(): Promise<void> {
  const args = readArguments(process.argv.slice(2));
  if (args === 'help') {
    process.stdout.write(HELP);
    return;
  }
  // Signals are heard from the first moment on; what they end is there when starting is done.
  let isStopping = false;
  const starting = start(args);
  const stop = (why: string): void => {
    if (isStopping) return;
    isStopping = true;
    say(`${why}, stopping`);
    leash.drop();
    const ended = starting.then(
      (end) => end(),
      () => undefined,
    );
    void ended.catch(fail).finally(() => process.exit());
  };
  const leash = watchStarter(() => stop('whoever started this is gone'));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  try {
    await starting;
    leash.holdToInput();
  } catch (error) {
    leash.drop();
    throw error;
  }
}

// A reader of standard output or standard error that has gone away is no reason to fall over.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
main().catch((error: unknown) => {
  fail(error);
  process.exit();
});
