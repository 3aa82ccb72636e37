/** Refusals as OSS writes them: one value per refusal, one place that turns it into XML. */
import type { XmlNode } from './xml.ts';

/** One refusal: HTTP status, OSS's `<Code>`, `<Message>` and EC, and what else stands in its body or head. */
export interface OssFailure {
  status: number;
  code: string;
  message: string;
  /** `0026-00000001`; the service says that these numbers may change, so clients show them and never branch on them. */
  ec: string;
  /** Elements between HostId and EC, such as `<Key>` or `<BucketName>`. */
  extra?: XmlNode[];
  headers?: Record<string, string>;
}

/** Makes a refusal. Source of codes, messages and ECs: the error tables of the OSS documentation. */
export function refuse(
  status: number,
  code: string,
  message: string,
  ec: string,
  more: Pick<OssFailure, 'extra' | 'headers'> = {},
): OssFailure {
  return { status, code, message, ec, ...more };
}

/** 400 InvalidArgument with the argument's name and value. */
export function invalidArgument(message: string, name: string, value: string, ec = '0002-00000101'): OssFailure {
  return refuse(400, 'InvalidArgument', message, ec, {
    extra: [
      ['ArgumentName', name],
      ['ArgumentValue', value],
    ],
  });
}

/** 404: no such bucket in this service. */
export const noSuchBucket = (bucket: string): OssFailure =>
  refuse(404, 'NoSuchBucket', 'The specified bucket does not exist.', '0015-00000101', {
    extra: [['BucketName', bucket]],
  });

/** 404: no such object; `headers` carry the delete marker where one hides it. */
export const noSuchKey = (key: string, headers: Record<string, string> = {}): OssFailure =>
  refuse(404, 'NoSuchKey', 'The specified key does not exist.', '0026-00000001', { extra: [['Key', key]], headers });

/** 404: the version id is well formed, but there is no such version. */
export const noSuchVersion = (key: string, versionId: string): OssFailure =>
  refuse(404, 'NoSuchVersion', 'The specified version does not exist.', '0026-00000012', {
    extra: [
      ['Key', key],
      ['VersionId', versionId],
    ],
  });

/** 405: this method is not for this kind of thing. */
export const methodNotAllowed = (
  method: string,
  resourceType: string,
  headers: Record<string, string> = {},
): OssFailure =>
  refuse(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.', '0016-00000301', {
    extra: [
      ['Method', method],
      ['ResourceType', resourceType],
    ],
    headers,
  });

/** 400: OSS knows this, local-oss does not do it. */
export const notImplemented = (what: string): OssFailure =>
  refuse(
    400,
    'NotImplemented',
    'A header or parameter you provided implies functionality that is not implemented.',
    '0002-00000701',
    { extra: [['Header', what]] },
  );
