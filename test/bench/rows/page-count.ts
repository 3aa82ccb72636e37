import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ok } from '#contract/errors.ts';
import { sourceOfKey } from '#contract/source-types.ts';
import { Credentials } from '#oss/credentials.ts';
import { readEndpoint } from '#oss/endpoint.ts';
import { fixedCredentials } from '#services/credential-source.ts';
import { findEnd, type EndFound } from '#services/end-search.ts';
import { peekIntoFile } from '#services/file-peek.ts';
import { makeNodeSend } from '#services/node-send.ts';
import { makeOssClient, type OssClient } from '#services/oss-client.ts';
import { makePageCache } from '#services/page-cache.ts';
import { makePageScheduler } from '#services/page-scheduler.ts';
import { makePageStore } from '#services/page-store.ts';
import { splitPointsFor } from '#services/split-points.ts';
import { samplesFolder, type Service } from '../../e2e/fixtures.ts';
import { BUCKET, type Ground } from '../ground.ts';
import { say, toFigure, type Figure } from '../measure.ts';

/** What a failed call is taken to cost, as a share of a picture: the app's own setting until somebody changes it. */
const FAILED_CALL_COST = 0.2;
const never = new AbortController().signal;

/** One document: what its bytes say, what proving the end took, and the end. */
interface Counted {
  name: string;
  hint: string;
  requests: number;
  bytes: number;
  /** Of the file itself. */
  sizeBytes: number;
  /** Pictures bought beside page 1, and calls for pages that are not there. */
  pictures: number;
  failures: number;
  /** The same without a look into the file. */
  blindPictures: number;
  blindFailures: number;
  truth: number | null;
  ms: number;
}

/** The number of pages of every document: the look into the file, the proof, and the truth, which the service refuses to go past. */
export async function pageCount(ground: Ground, documents: string | null): Promise<Figure[]> {
  const folder = documents ?? samplesFolder;
  const names = (await readdir(folder, { recursive: true })).filter((name) => sourceOfKey(name) !== null).sort();
  if (names.length === 0) throw new Error(`There is no document in ${folder}.`);
  const counted: Counted[] = [];
  for (const name of names) {
    const file = path.basename(name);
    // A service of its own for each: one that a document has kept busy does not make the next one slow.
    const service = await ground.serve({ [file]: await readFile(path.join(folder, name)) });
    counted.push(await count(ground, service, file));
    await service.stop();
  }
  say(toTable(counted));
  const wrong = counted.filter(({ hint, truth }) => hint.startsWith('exact') && hint !== `exact ${truth}`);
  const beside = (values: readonly number[]) => ({ 'without a look into the file': values });
  return [
    ...counted.map((one) =>
      toFigure(describe(one), 'count', one.truth === null ? [] : [one.truth], {}, 'cannot be shown'),
    ),
    toFigure(
      'pictures bought to prove the end',
      'count',
      pick(counted, 'pictures'),
      beside(pick(counted, 'blindPictures')),
    ),
    toFigure(
      'failed calls to prove the end',
      'count',
      pick(counted, 'failures'),
      beside(pick(counted, 'blindFailures')),
    ),
    toFigure('requests of a look', 'count', pick(counted, 'requests')),
    toFigure('ms of a look', 'ms', pick(counted, 'ms')),
    toFigure('ends read off the file that are wrong', 'count', [wrong.length]),
  ];
}

type Number = { [Key in keyof Counted]: Counted[Key] extends number ? Key : never }[keyof Counted];
const pick = (all: readonly Counted[], key: Number): number[] => all.map((one) => one[key]);

async function count(ground: Ground, service: Service, key: string): Promise<Counted> {
  const client = clientOf(service);
  const at = { bucket: BUCKET, key, versionId: null };
  const head = await client.headObject(at, never);
  if (!head.ok) throw new Error(head.error.message);
  const source = sourceOfKey(key)!;
  const start = performance.now();
  const { hint, requests, bytes } = await peekIntoFile(
    client,
    { ...at, ...head.value, versionId: null, source },
    never,
  );
  const ms = performance.now() - start;
  const prove = async (isHinted: boolean) => {
    const asked = { pictures: -1, failures: 0 };
    const counting: OssClient = {
      ...client,
      async snapshot(request, signal) {
        const answer = await client.snapshot(request, signal);
        if (answer.ok) asked.pictures += 1;
        else asked.failures += 1;
        return answer;
      },
    };
    const cache = makePageCache({ rootFolder: await ground.newFolder() });
    const pages = makePageStore({
      cacheName: 'a',
      document: { ...at, source },
      client: () => ok(counting),
      cache,
      scheduler: makePageScheduler(),
      now: Date.now,
      onReuse: () => undefined,
      onBought: () => undefined,
      lifetime: never,
    });
    const first = await pages.fetch({ target: 'png', pageNumber: 1 }, never);
    if (hint && isHinted) pages.count.sawHint(hint);
    const points = await splitPointsFor(FAILED_CALL_COST);
    const found = first.ok ? await findEnd({ pages, target: 'png', points }, never) : first;
    await cache.dispose();
    return { ...asked, pictures: Math.max(0, asked.pictures), end: found.ok ? toEnd(found.value) : null };
  };
  const hinted = await prove(true);
  const blind = await prove(false);
  return {
    name: key,
    hint: hint ? `${hint.kind} ${hint.pages}` : '–',
    requests,
    bytes,
    sizeBytes: head.value.sizeBytes,
    pictures: hinted.pictures,
    failures: hinted.failures,
    blindPictures: blind.pictures,
    blindFailures: blind.failures,
    // The truth is what the service itself refuses to go past, whatever the file says.
    truth: blind.end,
    ms,
  };
}

const toEnd = (found: EndFound): number | null => (found.kind === 'found' ? found.total : null);

function clientOf(service: Service): OssClient {
  const endpoint = readEndpoint(service.endpoint, service.region, null);
  if (!endpoint.ok) throw new Error(endpoint.error.message);
  const { send } = makeNodeSend();
  return makeOssClient({
    endpoint: endpoint.value.endpoint,
    credentials: fixedCredentials(new Credentials(service)),
    send,
    rawSend: send,
    now: Date.now,
    sleep: (ms, signal) => sleep(ms, undefined, { signal }),
    random: Math.random,
  });
}

const kb = (bytes: number): string => `${(bytes / 1024).toFixed(0)} KB`;
const describe = (one: Counted): string =>
  `${one.name}: the file says ${one.hint} (${one.requests} requests, ${kb(one.bytes)} of ${kb(one.sizeBytes)}), proven by ${one.pictures} pictures and ${one.failures} failed calls (${one.blindPictures} and ${one.blindFailures} without); pages`;

/** For people; the same stands in the figures. */
function toTable(all: readonly Counted[]): string {
  const head = ['document', 'the file says', 'requests', 'bytes', 'of', 'pictures', 'failed', 'blind', 'pages'];
  const rows = all.map((one) => [
    one.name,
    one.hint,
    String(one.requests),
    kb(one.bytes),
    kb(one.sizeBytes),
    String(one.pictures),
    String(one.failures),
    `${one.blindPictures}+${one.blindFailures}`,
    String(one.truth ?? '–'),
  ]);
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  return [head, ...rows]
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`)
    .join('\n');
}
