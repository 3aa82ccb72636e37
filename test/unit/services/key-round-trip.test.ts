/**
 * Property: whatever key OSS allows, it is listed, found by HEAD, its page is bought, and a signed link of it is taken by a
 * service that reads the protocol for itself. Over real sockets, the raw path included.
 */
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '#contract/errors.ts';
import { listen, type Listening } from '#local-oss/carrier.ts';
import { makeLocalOss, type LocalOss } from '#local-oss/handle.ts';
import { readWorld } from '#local-oss/world.ts';
import { isUnsendable } from '#oss/canonical.ts';
import { Credentials } from '#oss/credentials.ts';
import { fixedCredentials } from '#services/credential-source.ts';
import { makeNodeSend, type NodeSend } from '#services/node-send.ts';
import { makeOssClient, type ObjectPage, type OssClient } from '#services/oss-client.ts';
import { TextRenderer } from '../local-oss/service.ts';
import { anyKeys } from '../oss/odd-keys.ts';

const KEY = { accessKeyId: 'LTAIround', accessKeySecret: 'round/trip+secret=' };
const SEED = 20_261_126;
const never = new AbortController().signal;

const keys = anyKeys(SEED, 240);

let service: LocalOss;
let listening: Listening;
let node: NodeSend;
let client: OssClient;
beforeAll(async () => {
  const objects = keys.map((key) => ({ key, text: 'pages: 2' }));
  service = makeLocalOss({
    rootFolder: '/nowhere',
    region: 'cn-hangzhou',
    keys: [KEY],
    world: readWorld({ buckets: { odd: { objects } } }, '.'),
    renderer: new TextRenderer(),
    now: Date.now,
  });
  listening = await listen(service, 0);
  node = makeNodeSend();
  const host = listening.endpoint.slice('http://'.length);
  client = makeOssClient({
    endpoint: { scheme: 'http', host, style: 'path', region: 'cn-hangzhou', bucket: null },
    credentials: fixedCredentials(new Credentials(KEY)),
    send: node.send,
    rawSend: node.send,
    now: Date.now,
    random: () => 0,
    sleep: (_ms, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })),
  });
});
afterAll(async () => {
  node.dispose();
  await listening.close();
});

const value = <T>(result: Result<T>, of: string): T => {
  if (!result.ok) throw new Error(`${JSON.stringify(of)}: ${result.error.code} ${result.error.message}`);
  return result.value;
};

/** GET of a link as it stands, without a URL parser that would rewrite its path. */
function rawGet(url: string): Promise<{ status: number; type: string }> {
  const target = url.slice(listening.endpoint.length);
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: listening.port, path: target };
    http
      .get(options, (answer) => {
        answer.resume();
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '' }));
      })
      .on('error', reject);
  });
}

describe(`keys from seed ${SEED}`, () => {
  it('are all listed, in the order of their bytes, each as it was written', async () => {
    const listed: string[] = [];
    for (let next: string | null = null; ;) {
      const page: ObjectPage = value(
        await client.listBelow({ bucket: 'odd', prefix: '', next, maxKeys: 37 }, never),
        'the list',
      );
      listed.push(...page.objects.map(({ key }) => key));
      next = page.next;
      if (next === null) break;
    }
    const inOrder = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    expect(listed).toEqual(inOrder);
  });

  it('open, are bought, and their signed links are taken', async () => {
    expect(keys.some(isUnsendable)).toBe(true);
    expect(keys.some((key) => Buffer.byteLength(key) > 1000)).toBe(true);
    for (const key of keys) {
      const at = { bucket: 'odd', key, versionId: null };
      expect(value(await client.headObject(at, never), key).sizeBytes).toBe(8);
      const page = { ...at, source: 'pdf', target: 'png', pageNumber: 2 } as const;
      expect(value(await client.snapshot(page, never), key).widthPx).toBe(2);
      const { url } = value(await client.presignSnapshot(page, 900, never), key);
      expect(await rawGet(url), key).toEqual({ status: 200, type: 'image/png' });
    }
    const { failures, snapshots } = service.bill();
    expect(failures).toEqual({});
    expect(new Set(snapshots.map(({ key }) => key))).toEqual(new Set(keys));
  }, 60_000);
});
