/**
 * Reads the configuration files of the aliyun CLI and of ossutil, and never writes them. Secrets stay in here and in main: the
 * page sees views. Source: aliyun CLI, "Configuration and credentials"; ossutil 1.x and 2.x, "Configure ossutil".
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { AccountDraft } from '#contract/contract.ts';
import { fail, ok, type Result } from '#contract/errors.ts';
import type { ProfileDraft, ProfilesView, ProfileView } from '#contract/profiles.ts';
import { maskKeyId } from './redact.ts';
import { systemCode } from './system-error.ts';

export interface CliProfiles {
  /** Which profiles there are and what would be taken; no file, no profile. */
  list(): Promise<ProfilesView>;
  /** Reads the profile anew, with its secret, for main alone. Errors: account.invalid. */
  draftOf(draft: ProfileDraft): Promise<Result<AccountDraft>>;
}

/** A configuration file of a person has a few kB; what is longer is none, and is not read. */
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_PROFILES = 200;
/** Where neither the profile nor its endpoint says: OSS lists the buckets of all regions from any of them. */
const DEFAULT_REGION = 'cn-hangzhou';

interface Found {
  view: ProfileView;
  secret: string;
  keyId: string;
  token: string;
  role: AccountDraft['role'];
}
type Problem = ProfilesView['problems'][number];

/** Profiles below the home folder of the person. */
export function makeCliProfiles(home: string): CliProfiles {
  async function findAll(): Promise<{ found: Found[]; problems: Problem[] }> {
    const found: Found[] = [];
    const problems: Problem[] = [];
    for (const { file, read } of FILES) {
      const text = await readText(path.join(home, file));
      if (text === null) continue;
      const fields = text.ok ? read(text.text) : null;
      if (fields === null) problems.push({ file: `~/${file}`, reason: text.ok ? 'not-understood' : text.reason });
      else found.push(...fields.slice(0, MAX_PROFILES).map((profile) => toFound(file, profile)));
    }
    return { found, problems };
  }

  return {
    async list() {
      const { found, problems } = await findAll();
      return { profiles: found.map(({ view }) => view), problems };
    },
    async draftOf(draft) {
      const profile = (await findAll()).found.find(({ view }) => view.id === draft.id);
      if (!profile || profile.view.obstacle !== null) {
        return fail('account.invalid', 'The profile is not there any more, or lacks something.', {
          detail: { field: 'profile' },
        });
      }
      const { view, keyId, secret, token, role } = profile;
      return ok({
        name: draft.name || view.name,
        colour: draft.colour,
        accessKeyId: keyId,
        accessKeySecret: secret,
        ...(token !== '' && { securityToken: token }),
        ...(role && { role }),
        region: view.region || DEFAULT_REGION,
        endpoint: view.endpoint,
        scope: draft.scope,
      });
    },
  };
}

/** A profile's fields by their plain names: lower case, letters and digits only, as the tools spell them in several ways. */
interface Profile {
  from: ProfileView['from'];
  name: string;
  fields: ReadonlyMap<string, string>;
}

function toFound(file: string, { from, name, fields }: Profile): Found {
  const pick = (...names: string[]): string =>
    names.map((one) => fields.get(one) ?? '').find((text) => text !== '') ?? '';
  const keyId = pick('accesskeyid');
  const secret = pick('accesskeysecret');
  const token = pick('ststoken', 'securitytoken');
  const roleArn = pick('ramrolearn', 'rolearn');
  const mode = pick('mode') || (token !== '' ? 'StsToken' : 'AK');
  const kind = KINDS.get(mode.toLowerCase()) ?? null;
  const isComplete =
    keyId !== '' && secret !== '' && (kind !== 'temporary' || token !== '') && (kind !== 'role' || roleArn !== '');
  const obstacle = kind === null ? 'mode' : isComplete ? null : 'incomplete';
  const seconds = Number(pick('expiredseconds', 'durationseconds') || '3600');
  const role = {
    arn: roleArn,
    sessionName: pick('ramsessionname', 'rolesessionname'),
    durationSeconds: seconds >= 900 && seconds <= 43_200 ? Math.floor(seconds) : 3600,
    stsEndpoint: '',
  };
  return {
    view: {
      id: `${from}:${name}`.slice(0, 300),
      from,
      file: `~/${file}`,
      name: name.slice(0, 60),
      kind: obstacle === null ? kind : null,
      maskedKeyId: keyId === '' ? '' : maskKeyId(keyId),
      region: pick('regionid', 'region').replace(/^oss-/, ''),
      endpoint: pick('endpoint'),
      roleArn,
      mode: mode.slice(0, 60),
      obstacle,
    },
    keyId,
    secret,
    token: kind === 'temporary' ? token : '',
    role: kind === 'role' ? role : undefined,
  };
}

/** Ways of signing in that need nothing but what stands in the file; all others need the tool or its machine. */
const KINDS: ReadonlyMap<string, NonNullable<ProfileView['kind']>> = new Map([
  ['ak', 'access-key'],
  ['ststoken', 'temporary'],
  ['ramrolearn', 'role'],
]);

const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const AliyunFile = z.object({ profiles: z.array(z.record(z.string(), z.unknown())).default([]) });

/** `~/.aliyun/config.json`: `{ "profiles": [{ "name", "mode", "access_key_id", … }] }`. Null when it is none. */
function readAliyun(text: string): Profile[] | null {
  const file = AliyunFile.safeParse(parseJson(text));
  if (!file.success) return null;
  return file.data.profiles.map((profile) => ({
    from: 'aliyun',
    name: typeof profile['name'] === 'string' && profile['name'] !== '' ? profile['name'] : 'default',
    fields: new Map(
      Object.entries(profile).flatMap(([name, value]) =>
        typeof value === 'string' || typeof value === 'number'
          ? [[plainName(name), String(value).trim()] as const]
          : [],
      ),
    ),
  }));
}

/**
 * `~/.ossutilconfig`: INI. ossutil 1 has one section `[Credentials]`, ossutil 2 has `[default]` and `[profile name]`, of
 * which one may build on another (`source-profile`). Null when there is no section with a key.
 */
function readOssutil(text: string): Profile[] | null {
  const sections = new Map<string, Map<string, string>>();
  let fields: Map<string, string> | null = null;
  for (const line of text.split(/\r?\n/)) {
    const header = /^\s*\[([^\]]+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) {
      fields = new Map();
      sections.set(header.trim().replace(/^profile\s+/i, ''), fields);
      continue;
    }
    const [, name, value] = /^\s*([^#;=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (fields && name !== undefined && value !== undefined)
      fields.set(plainName(name), value.replace(/^"(.*)"$/, '$1'));
  }
  const profiles = [...sections].map(([name, own]): Profile => {
    const base = sections.get(own.get('sourceprofile') ?? '');
    return {
      from: 'ossutil',
      name: name === 'Credentials' ? 'default' : name,
      fields: new Map([...(base ?? []), ...own]),
    };
  });
  const some = profiles.filter((profile) => profile.fields.has('accesskeyid') || profile.fields.has('mode'));
  return some.length > 0 || text.trim() === '' ? some : null;
}

const FILES: readonly { file: string; read: (text: string) => Profile[] | null }[] = [
  { file: '.aliyun/config.json', read: readAliyun },
  { file: '.ossutilconfig', read: readOssutil },
];

/** Null: there is no such file. */
async function readText(
  file: string,
): Promise<{ ok: true; text: string } | { ok: false; reason: Problem['reason'] } | null> {
  try {
    const found = await stat(file);
    if (!found.isFile()) return { ok: false, reason: 'not-understood' };
    if (found.size > MAX_FILE_BYTES) return { ok: false, reason: 'too-large' };
    return { ok: true, text: await readFile(file, 'utf8') };
  } catch (reason) {
    return systemCode(reason) === 'ENOENT' || systemCode(reason) === 'ENOTDIR'
      ? null
      : { ok: false, reason: 'no-access' };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}
