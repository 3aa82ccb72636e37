/** What Chromium's network stack says when no answer came, in our words. */
import { SendFailure } from '#services/send.ts';

type Why = readonly [RegExp, SendFailure['reason'], SendFailure['sent']];

/** Chromium's network errors. `no` only where the request cannot have left: before a connection stood. */
const WHY: readonly Why[] = [
  [/ERR_(NAME_|INTERNET_DISCONNECTED|ADDRESS_|DNS_|ICANN)/, 'offline', 'no'],
  [/ERR_(CONNECTION_REFUSED|UNSAFE_PORT)/, 'refused', 'no'],
  [/ERR_CONNECTION_TIMED_OUT/, 'timeout', 'no'],
  [/ERR_(PROXY_AUTH|UNEXPECTED_PROXY_AUTH)/, 'proxyAuth', 'no'],
  [/ERR_(TUNNEL_|HTTPS_PROXY_TUNNEL|SOCKS_CONNECTION_HOST_UNREACHABLE)/, 'proxyRefused', 'no'],
  [/ERR_(CERT_|SSL_|BAD_SSL|PROXY_CERTIFICATE)/, 'tls', 'no'],
  [/ERR_(PROXY_|SOCKS_|MANDATORY_PROXY|PAC_|NO_SUPPORTED_PROXIES)/, 'proxyUnreachable', 'no'],
  [/ERR_TIMED_OUT/, 'timeout', 'maybe'],
  [/ERR_NETWORK_(CHANGED|IO_SUSPENDED)/, 'offline', 'maybe'],
  [/ERR_(CONNECTION_|EMPTY_RESPONSE|HTTP2_|QUIC_|INCOMPLETE|CONTENT_LENGTH)/, 'reset', 'maybe'],
];

/** Reads an error of Chromium's network stack, `net::ERR_…`. */
export function toSendFailure(reason: unknown): SendFailure {
  if (reason instanceof SendFailure) return reason;
  const message = messageOf(reason);
  const [, why, sent] = WHY.find(([words]) => words.test(message)) ?? ([/$/, 'other', 'maybe'] as const);
  return new SendFailure(why, sent, message);
}

export const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));
