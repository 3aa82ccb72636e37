/** The pinned Signature V4 vectors, as they lie in test/conformance. */
import fs from 'node:fs';
import path from 'node:path';

export interface GeneratedVectors {
  constants: {
    accessKeyId: string;
    accessKeySecret: string;
    region: string;
    dateTime: string;
    securityToken: string;
    weirdKey: string;
    bucket: string;
  };
  vectors: {
    id: string;
    name: string;
    canonicalUri: string;
    canonicalQuery: string;
    canonicalRequest: string;
    stringToSign: string;
    signature: string;
    authorization?: string;
    headers?: Record<string, string>;
    url?: string;
  }[];
}

export interface SdkVector {
  name: string;
  method: string;
  target: string;
  headers: [string, string][];
  ak: string;
  sk: string;
  bucket: string;
  key: string;
  signature: string;
  canonical_request: string;
}

/** Reads one of the two files; its shape is pinned with its bytes. */
export function readVectors<T>(name: 'v4-generated.json' | 'v4-sdk.json'): T {
  return JSON.parse(fs.readFileSync(path.resolve(import.meta.dirname, '../../conformance', name), 'utf8')) as T;
}
