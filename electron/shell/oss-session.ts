/**
 * The Chromium session that requests to OSS run in: private, in memory, without cookies and cache. It follows the network
 * settings: proxy, and the authorities a certificate may come from beside the system's. Chromium remembers verdicts on
 * certificates, proxies' passwords and connections for as long as a session lives, so every change makes a new session;
 * what is on its way in the old one is let finish there, because a page that is converted is paid for.
 */
import { session, type Session } from 'electron';
import { X509Certificate } from 'node:crypto';
import { commonName } from '#services/ca-certificates.ts';
import { verifyChain, type ChainProblem } from '#services/certificate-chain.ts';
import type { Network, ProxyRules } from '#services/network.ts';
import { stopSpelling } from './security.ts';

/** What a server showed, in the words of an error's `detail`. */
export interface ShownCertificate {
  issuer: string;
  subject: string;
  /** Null when it was accepted. */
  reason: ChainProblem | 'revoked' | null;
}

export interface OssSession {
  /** The session to send with, set up; `end` is called when the request is over. */
  take(): Promise<{ session: Session; end(): void }>;
  /** Chromium's decision for an address, in PAC's words. */
  resolveProxy(url: string): Promise<string>;
  /** What the host showed when it was last connected to. */
  shownBy(hostname: string): ShownCertificate | null;
}

/** Chromium's verdicts (net_error_list.h). Everything else that is not OK is refused without a question. */
const ACCEPTED = 0;
const WRONG_NAME = -200;
const BAD_DATE = -201;
const UNKNOWN_AUTHORITY = -202;
const REVOKED = -206;
/** Answers to Chromium: it is fine, and: as you said yourself. */
const TRUST = 0;
const AS_CHROMIUM_SAYS = -3;
const LONGEST_CHAIN = 12;

type Question = Parameters<NonNullable<Parameters<Session['setCertificateVerifyProc']>[0]>>[0];

/** Makes it and opens nothing: the first request does. */
export function makeOssSession(network: Network, now: () => number): OssSession {
  const shown = new Map<string, ShownCertificate>();
  let generation = 0;
  let current: Promise<Generation> | null = null;

  async function open(): Promise<Generation> {
    const rules = await network.proxyRules();
    // Without the `persist:` prefix a partition lives in memory only.
    const made = session.fromPartition(`oss-requests-${(generation += 1)}`, { cache: false });
    stopSpelling(made);
    await putInForce(made, rules);
    const authorities = network.authorities().map(({ raw }) => raw);
    made.setCertificateVerifyProc((question, answer) => {
      judge(question, authorities, now()).then(
        (certificate) => {
          shown.set(question.hostname, certificate);
          const isOurs = certificate.reason === null && question.errorCode !== ACCEPTED;
          answer(isOurs ? TRUST : AS_CHROMIUM_SAYS);
        },
        () => answer(AS_CHROMIUM_SAYS),
      );
    });
    return { session: made, running: 0, isOver: false };
  }

  const ready = (): Promise<Generation> => {
    const opened = (current ??= open());
    // What failed is tried anew by the next request.
    opened.catch(() => current === opened && (current = null));
    return opened;
  };

  network.watch(() => {
    const before = current;
    current = null;
    shown.clear();
    before?.then(
      (old) => {
        old.isOver = true;
        if (old.running === 0) void old.session.closeAllConnections();
      },
      () => undefined,
    );
  });

  return {
    async take() {
      const taken = await ready();
      taken.running += 1;
      let hasEnded = false;
      return {
        session: taken.session,
        end() {
          if (hasEnded) return;
          hasEnded = true;
          taken.running -= 1;
          if (taken.isOver && taken.running === 0) void taken.session.closeAllConnections();
        },
      };
    },
    resolveProxy: async (url) => (await ready()).session.resolveProxy(url),
    shownBy: (hostname) => shown.get(hostname.replace(/^\[|\]$/g, '')) ?? null,
  };
}

interface Generation {
  session: Session;
  /** Requests on their way. */
  running: number;
  /** Another one took its place. */
  isOver: boolean;
}

/**
 * Sets the proxy and waits until it is in force. Chromium says that it is set while its network process still goes by
 * the rules before, and what is sent in that moment would go past the proxy. So first a proxy that is nowhere is set,
 * then the wanted one, each until decisions show it. Rejects when they never do: better nothing is sent.
 */
async function putInForce(made: Session, rules: ProxyRules): Promise<void> {
  // What a new session begins with anyway.
  if (rules.mode === 'system') return made.setProxy(rules);
  await made.setProxy({ mode: 'fixed_servers', proxyRules: NOWHERE });
  await decide(made, (decision) => decision.includes(NOWHERE));
  await made.setProxy(rules);
  await decide(made, (decision) => !decision.includes(NOWHERE));
}

/** Asks until the decision is as wanted; each question is a round trip to the network process. */
async function decide(made: Session, isWanted: (decision: string) => boolean): Promise<void> {
  for (let tries = 0; tries < MOST_ROUND_TRIPS; tries += 1)
    if (isWanted(await made.resolveProxy('https://proxy-check.invalid/'))) return;
  throw new Error('The proxy settings do not come into force.');
}
const NOWHERE = 'proxy-nowhere.invalid:1';
const MOST_ROUND_TRIPS = 2000;

/** Chromium's verdict in words; where it only misses the authority, ours against those that the person added. */
async function judge(question: Question, authorities: Uint8Array[], nowMs: number): Promise<ShownCertificate> {
  const chain = chainOf(question);
  const leaf = chain[0];
  const top = chain.at(-1);
  const facts = { issuer: commonName(top?.issuer), subject: commonName(leaf?.subject) };
  if (question.errorCode === ACCEPTED) return { ...facts, reason: null };
  if (question.errorCode === UNKNOWN_AUTHORITY && authorities.length > 0) {
    const ders = chain.map(({ raw }) => raw);
    const verdict = await verifyChain({ chain: ders, host: question.hostname, authorities, nowMs });
    return { ...facts, reason: verdict.ok ? null : verdict.reason };
  }
  return { ...facts, reason: nameProblem(question.errorCode, leaf, nowMs) };
}

function nameProblem(code: number, leaf: X509Certificate | undefined, nowMs: number): ChainProblem | 'revoked' {
  if (code === UNKNOWN_AUTHORITY) return 'unknown-authority';
  if (code === WRONG_NAME) return 'wrong-host';
  if (code === REVOKED) return 'revoked';
  if (code !== BAD_DATE) return 'other';
  return leaf && Date.parse(leaf.validFrom) > nowMs ? 'not-yet-valid' : 'expired';
}

/** The certificates as the server sent them, its own first. */
function chainOf({ certificate }: Question): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (
    let at: Question['certificate'] | undefined = certificate;
    at && chain.length < LONGEST_CHAIN;
    at = at.issuerCert
  )
    chain.push(new X509Certificate(at.data));
  return chain;
}
