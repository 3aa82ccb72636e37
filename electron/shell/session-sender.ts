/**
 * The sender over Chromium's network stack: the system's proxy, PAC and certificates, or what the network settings say
 * (oss-session.ts). Nothing is shared with the page. Redirects are answers, not instructions.
 */
import { net, type AuthInfo } from 'electron';
import type { Network } from '#services/network.ts';
import { SendFailure, type HttpRequest, type HttpResponse, type Send } from '#services/send.ts';
import { joinHostAndPort, nameOfProxy, readProxyDecision } from '#services/tunnel.ts';
import { messageOf, toSendFailure } from './network-errors.ts';
import type { OssSession } from './oss-session.ts';

/** Headers Chromium sets by itself and refuses from us. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['host', 'content-length', 'connection']);

/**
 * Makes the sender. Chromium rewrites `.` and `..` segments of a path and refuses null characters; such keys go through `makeNodeSend`.
 * A proxy that asks for a name gets it from the network settings; a server that asks never gets one.
 */
export function makeSessionSend(oss: OssSession, network: Pick<Network, 'signInFor'>): Send {
  return async (request, signal) => {
    if (signal.aborted) throw new SendFailure('other', 'no', 'aborted');
    const taken = await oss.take();
    try {
      return await send(request, signal, taken);
    } catch (reason) {
      taken.end();
      throw await withFacts(toSendFailure(reason), request);
    }
  };

  function send(request: HttpRequest, signal: AbortSignal, taken: Taken): Promise<HttpResponse> {
    return new Promise<HttpResponse>((resolve, reject) => {
      if (signal.aborted) return reject(new SendFailure('other', 'no', 'aborted'));
      const outgoing = net.request({
        method: request.method,
        url: urlOf(request),
        session: taken.session,
        credentials: 'omit',
        useSessionCookies: false,
        redirect: 'manual',
      });
      for (const [name, value] of headersOf(request)) outgoing.setHeader(name, value);

      const stop = (): void => {
        outgoing.abort();
        reject(new SendFailure('other', 'maybe', 'aborted'));
      };
      const letGo = (): void => {
        signal.removeEventListener('abort', stop);
        taken.end();
      };
      signal.addEventListener('abort', stop, { once: true });

      const signIn = answerProxy(network, signal);
      outgoing.on('login', signIn.onLogin);
      outgoing.on('response', (response) => {
        if (response.statusCode === 407) {
          letGo();
          outgoing.abort();
          return reject(signIn.failure());
        }
        const body = read(response as unknown as AsyncIterable<Uint8Array>, signal, letGo);
        resolve({ status: response.statusCode, headers: joined(response.headers), body });
      });
      outgoing.on('redirect', (status, _method, _url, headers) => {
        // Chromium keeps the body of a redirect to itself and ends the request.
        letGo();
        resolve({ status, headers: joined(headers), body: read(nothing(), signal, letGo) });
      });
      outgoing.on('error', (reason) => {
        letGo();
        reject(signIn.wasRefused() ? signIn.failure() : reason);
      });
      outgoing.end();
    });
  }

  /** What the failure's words need: whose certificate it was, which proxy stood in the way. */
  async function withFacts(failure: SendFailure, request: HttpRequest): Promise<SendFailure> {
    const { reason, sent, message } = failure;
    if (failure.detail) return failure;
    const isOfProxy = /PROXY_CERTIFICATE/.test(message);
    const [hop] =
      isOfProxy || reason.startsWith('proxy')
        ? readProxyDecision(await oss.resolveProxy(urlOf(request)).catch(() => ''))
        : [];
    // A proxy that is spoken to in TLS shows a certificate of its own.
    const host = isOfProxy && hop ? hop.host : new URL(urlOf(request)).hostname;
    if (reason === 'tls') {
      const { issuer = '', subject = '', reason: why = null } = oss.shownBy(host) ?? {};
      return new SendFailure('tls', sent, message, {
        host,
        ...(issuer ? { issuer, subject } : {}),
        reason: why ?? 'other',
      });
    }
    return hop ? new SendFailure(reason, sent, message, { host, proxy: nameOfProxy(hop) }) : failure;
  }
}

type Taken = Awaited<ReturnType<OssSession['take']>>;

const urlOf = ({ scheme, host, target }: HttpRequest): string => `${scheme}://${host}${target}`;

/** Answers a proxy that asks for name and password: once for a request, because the same ones will not do the second time. */
function answerProxy(network: Pick<Network, 'signInFor'>, signal: AbortSignal) {
  let wasAsked = false;
  let proxy = '';
  let refusal: 'missing' | 'refused' | 'locked' | null = null;

  return {
    onLogin(asked: AuthInfo, answer: (user?: string, password?: string) => void): void {
      if (!asked.isProxy) return answer();
      proxy = joinHostAndPort(asked);
      if (wasAsked) {
        refusal = 'refused';
        return answer();
      }
      wasAsked = true;
      void network.signInFor(proxy, signal).then((signIn) => {
        if (signIn.ok && signIn.value) return answer(signIn.value.user, signIn.value.password);
        refusal = signIn.ok ? 'missing' : 'locked';
        answer();
      });
    },
    wasRefused: () => refusal !== null,
    failure: (): SendFailure =>
      new SendFailure('proxyAuth', 'no', 'The proxy asks for name and password (407).', {
        reason: refusal ?? 'missing',
        ...(proxy === '' ? {} : { proxy }),
      }),
  };
}

function headersOf(request: HttpRequest): [string, string][] {
  return Object.entries(request.headers).filter(([name]) => !OWN_HEADERS.has(name));
}

/** Electron's IncomingMessage is a Readable at run time, whatever its declared type: back-pressure comes with it. */
async function* read(
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
  end: () => void,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body) {
      if (signal.aborted) throw new SendFailure('other', 'maybe', 'aborted');
      yield piece;
    }
  } catch (reason) {
    if (reason instanceof SendFailure) throw reason;
    throw new SendFailure('reset', 'maybe', messageOf(reason));
  } finally {
    end();
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function joined(headers: Readonly<Record<string, string | string[]>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}
