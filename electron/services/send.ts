/**
 * The port to the network: one request, exactly as it must stand on the wire. Adapters: Node's http(s) (raw path,
 * tests and the keys that Chromium does not send as they are), Chromium's session (the app), local-oss in the same process (the samples).
 */

export interface HttpRequest {
  method: 'GET' | 'HEAD';
  scheme: 'http' | 'https';
  /** Host with port, as the Host header carries it. */
  host: string;
  /** Path and query, percent-encoded, sent byte for byte. */
  target: string;
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names; several values of one name joined with `, `. */
  headers: Readonly<Record<string, string>>;
  /** To be read once, to the end or not at all; stops when the request's signal aborts. */
  body: AsyncIterable<Uint8Array>;
}

/**
 * Sends one request; no retry, no redirect, no cookie. Throws `SendFailure` when no status line came, and from the
 * body's iterator when the rest does not come. Aborting the signal ends the request and throws.
 */
export type Send = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

/** What stopped a request; the words for each are those of the error code of the same name. */
export type SendProblem =
  | 'offline'
  | 'refused'
  | 'reset'
  | 'tls'
  | 'proxy'
  | 'proxyAuth'
  | 'proxyRefused'
  | 'proxyUnreachable'
  | 'pacUnreadable'
  | 'timeout'
  | 'other';

/**
 * Why no answer came. `sent` tells whether the service may have seen the request: it decides about retry and money.
 * `detail` are the facts for the words: of `tls` { host, issuer, subject, reason }, of the proxy ones { proxy, reason }.
 */
export class SendFailure extends Error {
  constructor(
    readonly reason: SendProblem,
    readonly sent: 'no' | 'maybe',
    message: string,
    readonly detail?: Readonly<Record<string, string | number>>,
  ) {
    super(message);
  }
}
