import OSS from 'ali-oss';
import { Credentials } from '#oss/credentials.ts';
import { presignQuery, signHeaders } from '#oss/sign-v4.ts';
import { repeated, toFigure, type Figure } from '../measure.ts';

const KEY = { accessKeyId: 'LTAI5tBench', accessKeySecret: 'bench+secret/=' };
const PROCESS = 'doc/snapshot,target_png,source_docx,page_1';
const ROUNDS = 5;
const ROUND_MS = 400;

/** The V4 calls of ali-oss, which its published types do not know. */
interface Signer {
  signatureUrlV4(method: string, expires: number, request: object, key: string): Promise<string>;
  authorizationV4(method: string, request: object, key: string): string;
}

/** How many signatures one core makes in a second: signed links and signed headers of a page picture, every key another. */
export async function signatures(): Promise<Figure[]> {
  const credentials = new Credentials(KEY);
  const theirs = new OSS({
    ...KEY,
    region: 'oss-cn-hangzhou',
    bucket: 'bench',
    authorizationV4: true,
  } as OSS.Options) as unknown as Signer;
  const toRequest = (key: string) => ({
    method: 'GET',
    bucket: 'bench',
    key,
    query: { 'x-oss-process': PROCESS },
    headers: {},
  });
  const at = () => ({ region: 'cn-hangzhou', timeMs: Date.now() });

  const links = {
    ours: (key: string) => presignQuery(toRequest(key), credentials, at(), 900),
    theirs: (key: string) => theirs.signatureUrlV4('GET', 900, { queries: { 'x-oss-process': PROCESS } }, key),
  };
  const headers = {
    ours: (key: string) => signHeaders(toRequest(key), credentials, at()),
    theirs: (key: string) => {
      const date = new Date().toISOString().replace(/\.\d{3}|[-:]/g, '');
      const signed = { 'x-oss-date': date, 'x-oss-content-sha256': 'UNSIGNED-PAYLOAD' };
      return theirs.authorizationV4('GET', { headers: signed, queries: { 'x-oss-process': PROCESS } }, key);
    },
  };

  const figures: Figure[] = [];
  for (const [what, { ours, theirs: other }, name] of [
    ['signed links', links, 'ali-oss signatureUrlV4'],
    ['signed headers', headers, 'ali-oss authorizationV4'],
  ] as const) {
    await perSecond(ours); // both are compiled before they count
    await perSecond(other);
    const rounds = await repeated(ROUNDS, async () => ({ ours: await perSecond(ours), other: await perSecond(other) }));
    figures.push(
      toFigure(
        what,
        'per second',
        rounds.map((round) => round.ours),
        { [name]: rounds.map((round) => round.other) },
      ),
    );
  }
  return figures;
}

async function perSecond(sign: (key: string) => unknown): Promise<number> {
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < ROUND_MS) {
    const made = sign(`documents/report-${count}.docx`);
    if (made instanceof Promise) await made;
    count += 1;
  }
  return (count / (performance.now() - start)) * 1000;
}
