/** The command line of the stand-alone service. */
import { parseArgs } from 'node:util';

export interface ServeArguments {
  rootFolder: string;
  /** 0: a free one. */
  port: number;
  /** Null: make a pair up. */
  key: { accessKeyId: string; accessKeySecret: string } | null;
  region: string;
  worldFile: string | null;
  conversionTimeoutMs: number;
}

/** What is wrong with the command line, in one sentence. */
export class ArgumentsError extends Error {}

export const HELP = `Serves folders as buckets of an OSS-compatible service on 127.0.0.1.

  npm run --silent local-oss -- --root DIR [options]

  --root DIR                  each folder directly in DIR is a bucket (needed)
  --port N                    the port; a free one unless given
  --access-key-id ID          the AccessKey; a new pair is made up unless both are given
  --access-key-secret SECRET
  --region R                  the buckets' region; cn-hangzhou unless given
  --world FILE                more buckets, keys, versions and misfortunes, as JSON
  --conversion-timeout S      how long converting one document may take; 60 seconds unless given
  --help                      this text

When it is ready it prints one JSON line: {"endpoint","region","accessKeyId","accessKeySecret","buckets"}.
It stops on SIGINT and SIGTERM, and when whoever started it is gone.
`;

const OPTIONS = {
  root: { type: 'string' },
  port: { type: 'string' },
  'access-key-id': { type: 'string' },
  'access-key-secret': { type: 'string' },
  region: { type: 'string' },
  world: { type: 'string' },
  'conversion-timeout': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

function parse(args: string[]): Partial<Record<keyof typeof OPTIONS, string | boolean>> {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: false }).values;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    throw new ArgumentsError(`${text.split('\n', 1)[0]?.replace(/\.? To specify.*$/, '')}`);
  }
}

function readNumber(text: string, option: string, from: number, to: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value >= from && value <= to) return value;
  throw new ArgumentsError(`--${option} must be a whole number from ${from} to ${to}, not "${text}".`);
}

/** Reads the command line; `help` when that is asked for. Throws ArgumentsError. */
export function readArguments(args: string[]): ServeArguments | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const text = (name: keyof typeof OPTIONS): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  const rootFolder = text('root');
  if (!rootFolder) throw new ArgumentsError('--root DIR is needed: the folder whose folders are the buckets.');
  const accessKeyId = text('access-key-id');
  const accessKeySecret = text('access-key-secret');
  if ((accessKeyId === undefined) !== (accessKeySecret === undefined)) {
    throw new ArgumentsError('--access-key-id and --access-key-secret belong together: give both or neither.');
  }
  if (accessKeyId !== undefined && !/^[^/\s,=]{1,128}$/.test(accessKeyId)) {
    throw new ArgumentsError('--access-key-id must be 1 to 128 characters without slash, comma or space.');
  }
  if (accessKeySecret === '') throw new ArgumentsError('--access-key-secret must not be empty.');
  const region = text('region') ?? 'cn-hangzhou';
  if (!/^[a-z0-9-]{2,40}$/.test(region)) {
    throw new ArgumentsError(`--region must look like cn-hangzhou, not "${region}".`);
  }
  return {
    rootFolder,
    port: readNumber(text('port') ?? '0', 'port', 0, 65_535),
    key: accessKeyId !== undefined && accessKeySecret !== undefined ? { accessKeyId, accessKeySecret } : null,
    region,
    worldFile: text('world') ?? null,
    conversionTimeoutMs: readNumber(text('conversion-timeout') ?? '60', 'conversion-timeout', 1, 3600) * 1000,
  };
}
