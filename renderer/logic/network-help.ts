/** Which failures the network settings can help against: where they are shown, the way there is offered. */
import type { AppError, ErrorCode } from '#contract/errors.ts';

const OF_THE_PROXY: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'net.proxyAuth',
  'net.proxyUnreachable',
  'net.proxyRefused',
  'net.pacUnreadable',
]);

/** `certificate`: a company's authority could be added; `proxy`: the proxy or its sign-in can be set; null: neither. */
export function networkHelp({ code, detail }: AppError): 'certificate' | 'proxy' | null {
  if (code === 'net.tls') return detail?.['reason'] === 'unknown-authority' ? 'certificate' : null;
  return OF_THE_PROXY.has(code) ? 'proxy' : null;
}
