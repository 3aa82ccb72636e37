/**
 * Tries the way to the service hop by hop and names the first that fails: proxy, name, connection, tunnel, TLS, service.
 * Nothing is signed and nothing is charged: the service answers 403 to a stranger, and that it does is the proof. The
 * hops before TLS are walked with sockets of our own; TLS and service are judged by the sender that the app really uses.
 */
import dns from 'node:dns/promises';
import net from 'node:net';
import { ok, type AppError, type Result } from '#contract/errors.ts';
import { readEndpoint } from '#oss/endpoint.ts';
import { NETWORK_HOPS, type NetworkHop, type NetworkReport, type NetworkStep } from '#contract/network.ts';
import { SendFailure, type HttpRequest, type HttpResponse, type Send, type SendProblem } from './send.ts';
import { systemCode } from './system-error.ts';
import { toError } from './transport.ts';
import {
  connectToProxy,
  joinHostAndPort,
  nameOfProxy,
  openTunnel,
  readHostAndPort,
  readProxyDecision,
  type ProxyHop,
  type ProxySignIn,
} from './tunnel.ts';

export interface NetworkTestOptions {
  /** Chromium's decision for an address, in PAC's words. */
  resolveProxy(url: string): Promise<string>;
  /** Address of the proxy script where one from the web decides; null otherwise. */
  scriptUrl(): string | null;
  /** Name and password for a proxy, `host:port`; null where there is none for it. */
  signInFor(proxy: string, signal: AbortSignal): Promise<ProxySignIn | null>;
  /** Authorities that the person added, PEM: for a proxy that is itself spoken to in TLS. */
  authorities(): string[];
  /** The sender under test. */
  send: Send;
  /** Who vouched for a host when it was last connected to. */
  shownBy(host: string): { issuer: string } | null;
  now(): number;
  /** Resolves after `ms`; rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Where to go: an endpoint's scheme, and its host with the port where it is not the scheme's own. */
export interface NetworkTarget {
  scheme: 'http' | 'https';
  host: string;
}

export interface NetworkTest {
  /** Never rejects; an aborted run answers what it has, the rest `not-tried`. */
  run(target: NetworkTarget, signal: AbortSignal): Promise<NetworkReport>;
}

/** Reads an endpoint as typed; empty: the public one of a region that everybody has. Errors: `account.invalid`. */
export function readTarget(text: string): Result<NetworkTarget> {
  const read = readEndpoint(text, 'cn-hangzhou');
  return read.ok ? ok({ scheme: read.value.endpoint.scheme, host: read.value.endpoint.host }) : read;
}

const HOP_TIMEOUT_MS = 15_000;

/** What a hop came to; `fact` as NetworkStep describes it. */
type Outcome = { fact: string } | 'not-needed';

export function makeNetworkTest(options: NetworkTestOptions): NetworkTest {
  return {
    async run({ scheme, host }, signal) {
      const url = `${scheme}://${host}/`;
      const target = readHostAndPort(host, scheme === 'https' ? 443 : 80);
      const steps = new Map<NetworkHop, NetworkStep>();
      const report = (): NetworkReport => ({
        target: url.slice(0, -1),
        steps: NETWORK_HOPS.map((hop) => steps.get(hop) ?? blank(hop, 'not-tried')),
      });

      /** Walks one hop within its time; false when it failed and the way ends here. */
      async function walk(hop: NetworkHop, go: (until: AbortSignal) => Promise<Outcome>): Promise<boolean> {
        const startedAtMs = options.now();
        try {
          const outcome = await within(go, signal);
          const tookMs = options.now() - startedAtMs;
          steps.set(
            hop,
            outcome === 'not-needed' ? blank(hop, outcome) : { ...blank(hop, 'good'), tookMs, fact: outcome.fact },
          );
          return true;
        } catch (cause) {
          if (signal.aborted) return false;
          const error = withHost(toError(cause, null), host);
          steps.set(hop, { ...blank(hop, 'failed'), tookMs: options.now() - startedAtMs, error });
          return false;
        }
      }

      let proxy: ProxyHop | null = null;
      let socket: net.Socket | null = null;
      let answer: HttpResponse | null = null;
      if (!target) return report();
      try {
        const isOpen =
          (await walk('proxy', async (until) => {
            const script = options.scriptUrl();
            if (script !== null) await fetchScript(script, until);
            proxy = firstHop(await options.resolveProxy(url));
            return { fact: proxy ? nameOfProxy(proxy) : '' };
          })) &&
          (await walk('name', async () => lookUp((proxy ?? target).host))) &&
          (await walk('connect', async (until) => {
            const to = proxy ?? target;
            socket = proxy ? await connectToProxy(proxy, until, options.authorities()) : await connect(target, until);
            return { fact: joinHostAndPort(to) };
          })) &&
          (await walk('tunnel', async (until) => {
            if (!proxy || !socket) return 'not-needed';
            // Over plain http the proxy takes the request itself: the last hop shows whether it lets it through.
            if (scheme === 'http' && proxy.kind !== 'socks5') return 'not-needed';
            const signIn = await options.signInFor(joinHostAndPort(proxy), until);
            await openTunnel(socket, proxy, target, signIn, until);
            return { fact: signIn?.user ?? '' };
          }));
        (socket as net.Socket | null)?.destroy();
        if (!isOpen) return report();

        const startedAtMs = options.now();
        const sent = await within((until) => ask(options.send, harmless(scheme, host), until), signal).then(
          (response) => (answer = response),
          (cause: unknown) => cause,
        );
        const tookMs = options.now() - startedAtMs;
        if (signal.aborted) return report();
        const isOfTls = sent instanceof SendFailure && sent.reason === 'tls';
        if (scheme === 'http') steps.set('tls', blank('tls', 'not-needed'));
        else if (isOfTls)
          steps.set('tls', { ...blank('tls', 'failed'), tookMs, error: withHost(toError(sent, null), host) });
        else if (answer)
          steps.set('tls', { ...blank('tls', 'good'), fact: options.shownBy(target.host)?.issuer ?? '' });
        if (sent instanceof SendFailure && OF_THE_PROXY.has(sent.reason)) {
          steps.set('tunnel', { ...blank('tunnel', 'failed'), tookMs, error: withHost(toError(sent, null), host) });
        } else if (!isOfTls) {
          await walk('service', async () => {
            if (!answer) throw sent;
            return { fact: requestIdOf(answer, host) };
          });
          const service = steps.get('service');
          if (service) steps.set('service', { ...service, tookMs });
        }
        return report();
      } finally {
        (socket as net.Socket | null)?.destroy();
      }
    },
  };

  /** Runs a hop until it is done, its time is over, or the whole test is given up. */
  async function within<T>(go: (until: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const until = new AbortController();
    const timer = new AbortController();
    const stop = (): void => until.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    const tooLate = options.sleep(HOP_TIMEOUT_MS, timer.signal).then(() => {
      throw new SendFailure('timeout', 'no', `No answer within ${HOP_TIMEOUT_MS / 1000} s.`);
    });
    tooLate.catch(() => undefined);
    const givenUp = new Promise<never>((_, reject) => {
      const giveUp = (): void => reject(new SendFailure('other', 'no', 'aborted'));
      if (until.signal.aborted) giveUp();
      else until.signal.addEventListener('abort', giveUp, { once: true });
    });
    givenUp.catch(() => undefined);
    try {
      return await Promise.race([go(until.signal), tooLate, givenUp]);
    } catch (reason) {
      until.abort();
      throw reason;
    } finally {
      timer.abort();
      signal.removeEventListener('abort', stop);
    }
  }
}

const blank = (hop: NetworkHop, state: NetworkStep['state']): NetworkStep => ({
  hop,
  state,
  tookMs: null,
  fact: '',
  error: null,
});

function firstHop(decision: string): ProxyHop | null {
  const hops = readProxyDecision(decision);
  if (hops.length === 0 && decision.trim() !== '')
    throw new SendFailure('proxyUnreachable', 'no', `The decision is not understood: ${decision}`, { proxy: decision });
  return hops[0] ?? null;
}

/** Where a script cannot be had Chromium goes straight to the service and says nothing: so it is asked for here. */
async function fetchScript(url: string, until: AbortSignal): Promise<void> {
  const refuse = (why: string): never => {
    throw new SendFailure('pacUnreadable', 'no', why, { script: url });
  };
  const text = await fetch(url, { signal: until }).then(
    (answer) => (answer.ok ? answer.text() : refuse(`The script's address answered ${answer.status}.`)),
    (reason: unknown) => refuse(String(reason)),
  );
  if (!text.includes('FindProxyForURL')) refuse('What the address answers is no proxy script.');
}

/** The addresses of a name; what is an address already needs no looking up. */
async function lookUp(host: string): Promise<Outcome> {
  if (net.isIP(host)) return 'not-needed';
  try {
    const found = await dns.lookup(host, { all: true });
    return { fact: found.map(({ address }) => address).join(', ') };
  } catch (reason) {
    throw new SendFailure('offline', 'no', reason instanceof Error ? reason.message : String(reason), { host });
  }
}

function connect({ host, port }: { host: string; port: number }, until: AbortSignal): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port });
    until.addEventListener('abort', () => socket.destroy(), { once: true });
    socket.once('error', (error) => {
      const code = systemCode(error);
      const reason = code === 'ECONNREFUSED' ? 'refused' : code === 'ETIMEDOUT' ? 'timeout' : 'offline';
      reject(new SendFailure(reason, 'no', error.message, { host }));
    });
    socket.once('connect', () => resolve(socket));
  });
}

/** What a proxy said no to while it took the request itself belongs to the proxy's hop. */
const OF_THE_PROXY: ReadonlySet<SendProblem> = new Set<SendProblem>(['proxyAuth', 'proxyRefused', 'proxyUnreachable']);
const MAX_BODY_BYTES = 64 * 1024;

/** Sends and takes the body in, so that the connection is left in order. */
async function ask(send: Send, request: HttpRequest, until: AbortSignal): Promise<HttpResponse> {
  const answer = await send(request, until);
  let bytes = 0;
  for await (const piece of answer.body) if ((bytes += piece.byteLength) > MAX_BODY_BYTES) break;
  return answer;
}

/** Asks for nothing in particular and signs nothing. */
const harmless = (scheme: 'http' | 'https', host: string) =>
  ({ method: 'GET', scheme, host, target: '/', headers: {} }) as const;

/** Only OSS numbers its answers so; whatever has no such number is somebody in between. */
function requestIdOf(answer: HttpResponse, host: string): string {
  const id = answer.headers['x-oss-request-id'];
  if (id) return id;
  throw new SendFailure('proxy', 'no', `Answered ${answer.status} without a request id of OSS.`, {
    host,
    status: answer.status,
  });
}

const withHost = (error: AppError, host: string): AppError => ({ ...error, detail: { host, ...error.detail } });
