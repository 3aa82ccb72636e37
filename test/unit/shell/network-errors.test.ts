import { describe, expect, it } from 'vitest';
import { toSendFailure } from '#shell/network-errors.ts';

describe('an error of the network stack', () => {
  it.each([
    ['ERR_INTERNET_DISCONNECTED', 'offline', 'no'],
    ['ERR_NAME_NOT_RESOLVED', 'offline', 'no'],
    ['ERR_ADDRESS_UNREACHABLE', 'offline', 'no'],
    ['ERR_CONNECTION_REFUSED', 'refused', 'no'],
    ['ERR_CONNECTION_TIMED_OUT', 'timeout', 'no'],
    ['ERR_PROXY_CONNECTION_FAILED', 'proxyUnreachable', 'no'],
    ['ERR_SOCKS_CONNECTION_FAILED', 'proxyUnreachable', 'no'],
    ['ERR_TUNNEL_CONNECTION_FAILED', 'proxyRefused', 'no'],
    ['ERR_PROXY_AUTH_UNSUPPORTED', 'proxyAuth', 'no'],
    ['ERR_PROXY_CERTIFICATE_INVALID', 'tls', 'no'],
    ['ERR_CERT_AUTHORITY_INVALID', 'tls', 'no'],
    ['ERR_SSL_PROTOCOL_ERROR', 'tls', 'no'],
    ['ERR_TIMED_OUT', 'timeout', 'maybe'],
    ['ERR_NETWORK_CHANGED', 'offline', 'maybe'],
    ['ERR_CONNECTION_RESET', 'reset', 'maybe'],
    ['ERR_CONNECTION_CLOSED', 'reset', 'maybe'],
    ['ERR_EMPTY_RESPONSE', 'reset', 'maybe'],
    ['ERR_CONTENT_LENGTH_MISMATCH', 'reset', 'maybe'],
    ['ERR_FAILED', 'other', 'maybe'],
  ])('%s is %s, and was sent: %s', (name, reason, sent) => {
    expect(toSendFailure(new Error(`net::${name}`))).toMatchObject({ reason, sent, message: `net::${name}` });
  });

  it('of an unknown kind may have been sent: money is not guessed away', () => {
    expect(toSendFailure('odd')).toMatchObject({ reason: 'other', sent: 'maybe' });
  });
});
