/** Calls about the way through the network: proxy, company certificates, and the test that names the failing hop. */
import { z } from 'zod';
import { AppErrorSchema } from './errors.ts';
import { AccountId } from './ids.ts';
import { call, Nothing } from './shapes.ts';

/** `system`: what the operating system says, PAC included; `manual`: one proxy for all; `pac`: a script; `direct`: none. */
export const ProxyMode = z.enum(['system', 'manual', 'pac', 'direct']);
export type ProxyMode = z.infer<typeof ProxyMode>;

/** How the proxy itself is spoken to. */
export const ProxyKind = z.enum(['http', 'https', 'socks5']);
export type ProxyKind = z.infer<typeof ProxyKind>;

/** `host:port` of a proxy, lower case. */
const ProxyAddress = z.string().trim().toLowerCase().max(262);

/** One certificate authority that the person added. */
export const AuthorityView = z.object({
  /** SHA-256 as `AB:CD:…`. */
  fingerprint: z.string(),
  subject: z.string(),
  issuer: z.string(),
  /** ISO 8601 UTC. */
  validFrom: z.string(),
  validTo: z.string(),
});
export type AuthorityView = z.infer<typeof AuthorityView>;

const ManualProxy = z.object({
  kind: ProxyKind,
  host: z.string().trim().toLowerCase().max(255),
  port: z.number().int().min(1).max(65_535).nullable(),
  /** Hosts that are reached without the proxy: `localhost, *.corp.example, 10.0.0.0/8`. */
  bypass: z.string().trim().max(4096),
});

export const NetworkView = z.object({
  mode: ProxyMode,
  manual: ManualProxy,
  /** Where the script is: an http(s) address typed, or the name of a file that was chosen; both may be kept. */
  pac: z.object({ source: z.enum(['url', 'file']), url: z.string(), fileName: z.string() }),
  /** Whom a proxy asks for; the password itself never comes to the page. */
  signIn: z
    .object({
      user: z.string(),
      /** The one proxy that gets it. */
      proxy: z.string(),
      passwordHome: z.enum(['keychain', 'session', 'absent']),
    })
    .nullable(),
  authorities: z.array(AuthorityView),
});
export type NetworkView = z.infer<typeof NetworkView>;

/** What the person sets; `signIn` null: no proxy gets a name. `password` absent: the one kept stays. */
export const NetworkDraft = z.object({
  mode: ProxyMode,
  manual: ManualProxy,
  pac: z.object({ source: z.enum(['url', 'file']), url: z.string().trim().max(2048) }),
  signIn: z
    .object({
      user: z.string().trim().min(1).max(256),
      /** With a manual proxy it is that one, whatever stands here. */
      proxy: ProxyAddress,
      password: z.string().min(1).max(256).optional(),
      keep: z.enum(['keychain', 'session']),
    })
    .nullable(),
});
export type NetworkDraft = z.infer<typeof NetworkDraft>;

/** The hops, in the order in which they are tried. */
export const NETWORK_HOPS = ['proxy', 'name', 'connect', 'tunnel', 'tls', 'service'] as const;
export type NetworkHop = (typeof NETWORK_HOPS)[number];

/** One hop: how it went and the facts of it. After the first that failed the others are `not-tried`. */
export const NetworkStep = z.object({
  hop: z.enum(NETWORK_HOPS),
  state: z.enum(['good', 'failed', 'not-needed', 'not-tried']),
  tookMs: z.number().nullable(),
  /** Of `proxy`: `http://host:port` or empty for none; of `name`: the address; of `connect`: host:port; of `tls`: issuer; of `service`: the request id. */
  fact: z.string(),
  error: AppErrorSchema.nullable(),
});
export type NetworkStep = z.infer<typeof NetworkStep>;

export const NetworkReport = z.object({
  /** What was tried to reach: `https://host`. */
  target: z.string(),
  steps: z.array(NetworkStep),
});
export type NetworkReport = z.infer<typeof NetworkReport>;

export const NETWORK_CALLS = {
  'network.get': call(Nothing, NetworkView),
  /** Takes effect at once, on connections that are open too. Errors: `network.invalid` with `detail.field`, `keychain.*`. */
  'network.set': call(NetworkDraft, NetworkView),
  /** Asks for a PAC file in the system's dialog and keeps a copy of it; null when the person cancels. */
  'network.choosePac': call(Nothing, NetworkView.nullable()),
  /** Asks for a certificate file in the system's dialog; null when the person cancels. Errors: `network.badCertificate`. */
  'network.addCertificate': call(Nothing, NetworkView.nullable()),
  'network.removeCertificate': call(z.object({ fingerprint: z.string().max(100) }), NetworkView),
  /** The proxy in force for an account's service, or for an endpoint as typed: `http://host:port`; empty for none. */
  'network.proxyFor': call(
    z.object({ accountId: AccountId.nullable(), endpoint: z.string().max(255) }),
    /** `https://host` that was asked for, and the proxy. */
    z.object({ endpoint: z.string(), proxy: z.string() }),
  ),
  /** Tries the way hop by hop, unsigned and free of charge. Without an account: the endpoint typed. */
  'network.test': call(z.object({ accountId: AccountId.nullable(), endpoint: z.string().max(255) }), NetworkReport),
} as const;

export const NETWORK_EVENTS = { 'network.changed': NetworkView } as const;
