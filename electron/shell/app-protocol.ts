/**
 * `app://bundle/`: where our page lives. Serves the built page from disk or asar; in development passes Vite's answers
 * on, so that the page has the same origin and nearly the same policy there.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * What the page may load. Svelte's own templates pass Trusted Types by its one policy, and the address of the page's one
 * thread by another; nothing else makes markup or a script's address from text.
 */
const POLICY: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  'img-src': "'self' snapshot:",
  'font-src': "'self'",
  'connect-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'svelte-trusted-html small-pictures',
};

/** What a thread of the page may do: read page pictures. The page itself may only show them. */
const WORKER_POLICY: Readonly<Record<string, string>> = {
  'default-src': "'none'",
  'script-src': "'self'",
  'connect-src': 'snapshot:',
};

/** Where the build puts the scripts of threads, and how Vite's server marks them. */
const isWorker = (pathname: string, search = ''): boolean =>
  pathname.startsWith('/workers/') || /[?&]worker_file\b/.test(search);

const toHeader = (policy: Readonly<Record<string, string>>): string =>
  Object.entries(policy)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');

/** The Content-Security-Policy of the built page. */
export const CONTENT_SECURITY_POLICY = toHeader(POLICY);
/** Of its threads. */
export const WORKER_SECURITY_POLICY = toHeader(WORKER_POLICY);

export type PageHandler = (request: Request) => Promise<Response>;

/** Serves the files of `folder`. Anything outside it, of an unknown kind, or asked otherwise than by GET is an empty 404. */
export function serveBuiltPage(folder: string): PageHandler {
  return async (request) => {
    const file = toFile(folder, request);
    if (!file) return notFound();
    try {
      const bytes = await readFile(file.path);
      const policy = isWorker(new URL(request.url).pathname) ? WORKER_SECURITY_POLICY : CONTENT_SECURITY_POLICY;
      return new Response(new Uint8Array(bytes), { headers: withPolicy(policy, file.mediaType) });
    } catch {
      return notFound();
    }
  };
}

function toFile(folder: string, request: Request): { path: string; mediaType: string } | null {
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.host !== 'bundle') return null;
  let name: string;
  try {
    name = decodeURIComponent(url.pathname);
  } catch {
    return null;
  }
  const wanted = path.join(folder, name === '/' ? 'index.html' : name);
  const mediaType = MEDIA_TYPES[path.extname(wanted)];
  if (!wanted.startsWith(folder + path.sep) || wanted.includes('\0') || !mediaType) return null;
  return { path: wanted, mediaType };
}

/**
 * Passes on what the Vite server answers. Its web socket joins connect-src, and its injected styles carry a nonce of
 * this run; the built page has neither.
 */
export function serveDevPage(devServer: string): PageHandler {
  const nonce = randomBytes(16).toString('base64url');
  const { host, origin } = new URL(devServer);
  const policy = toHeader({
    ...POLICY,
    'style-src': `'self' 'nonce-${nonce}'`,
    'connect-src': `ws://${host}`,
  });
  const workerPolicy = toHeader({ ...WORKER_POLICY, 'connect-src': `snapshot: ws://${host}` });
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const answer = await fetch(origin + pathname + search, {
      headers: { accept: request.headers.get('accept') ?? '*/*' },
    });
    const mediaType = answer.headers.get('content-type') ?? 'text/plain';
    const headers = withPolicy(isWorker(pathname, search) ? workerPolicy : policy, mediaType);
    if (!mediaType.startsWith('text/html'))
      return new Response(await answer.arrayBuffer(), { status: answer.status, headers });
    const html = await answer.text();
    // Where Vite's client looks for the nonce of the styles it adds.
    return new Response(html.replace('<head>', `<head><meta property="csp-nonce" nonce="${nonce}">`), { headers });
  };
}

const withPolicy = (policy: string, mediaType: string): Record<string, string> => ({
  'content-type': mediaType,
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
});

const notFound = (): Response => new Response(null, { status: 404 });
