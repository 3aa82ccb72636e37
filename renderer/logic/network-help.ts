/** Which failures the network settings can help against: where they are shown, the way there is offered. */
import type { AppError } from '#contract/errors.ts';

/** `certificate`: a company's authority could be added; `proxy`: the proxy or its sign-in can be set; null: neither. */
export function networkHelp({ code, detail }: AppError): 'certificate' | 'proxy' | null {
  if (code === 'net.tls') return detail?.['reason'] === 'unknown-authority' ? 'certificate' : null;
  const isOfProxy = code === 'net.proxyAuth' || code === 'net.proxyUnreachable' || code === 'net.proxyRefused';
  return isOfProxy ? 'proxy' : null;
}
