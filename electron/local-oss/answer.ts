/** Answers before the common headers are on them. */
import type { OssFailure } from './failure.ts';
import type { OssRequest } from './http.ts';
import { toXml, type XmlNode } from './xml.ts';

/** What an operation answers. `headers` in lower case; an answer to HEAD has no body, but the length of GET's. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Uint8Array | AsyncIterable<Uint8Array>;
}

export type Outcome = { ok: true; answer: Answer } | { ok: false; failure: OssFailure };

export const EMPTY = new Uint8Array(0);

export const refused = (failure: OssFailure): { ok: false; failure: OssFailure } => ({ ok: false, failure });

/** 200 with bytes. */
export function bytesAnswer(body: Uint8Array, headers: Record<string, string>): { ok: true; answer: Answer } {
  return { ok: true, answer: { status: 200, headers: { 'content-length': String(body.length), ...headers }, body } };
}

/** 200 with an XML document. */
export function xmlAnswer(root: XmlNode): { ok: true; answer: Answer } {
  return bytesAnswer(Buffer.from(toXml(root), 'utf8'), { 'content-type': 'application/xml' });
}

/** The XML of a refusal. `host`: as the client wrote it. */
export function failureXml(failure: OssFailure, requestId: string, host: string): string {
  return toXml([
    'Error',
    [
      ['Code', failure.code],
      ['Message', failure.message],
      ['RequestId', requestId],
      ['HostId', host],
      ...(failure.extra ?? []),
      ['EC', failure.ec],
      ['RecommendDoc', `https://api.aliyun.com/troubleshoot?q=${failure.ec}`],
    ],
  ]);
}

/** A refusal as an answer. HEAD has no body: its XML goes into x-oss-err, and Content-Length tells how long it is. */
export function failureAnswer(failure: OssFailure, requestId: string, request: OssRequest): Answer {
  const xml = failureXml(failure, requestId, request.host.replace(/:\d+$/, ''));
  const headers = { 'content-type': 'application/xml', 'x-oss-ec': failure.ec, ...failure.headers };
  if (request.method !== 'HEAD') {
    const { answer } = bytesAnswer(Buffer.from(xml, 'utf8'), headers);
    return { ...answer, status: failure.status };
  }
  const bytes = Buffer.from(xml.replaceAll('\n', '\r\n'), 'utf8');
  const error = { 'content-length': String(bytes.length), 'x-oss-err': bytes.toString('base64') };
  return { status: failure.status, headers: { ...headers, ...error }, body: EMPTY };
}
