/**
 * The RAM policy that grants what is missing and nothing more, as an administrator pastes it. Source: OSS, "RAM policy";
 * IMM, "Use RAM to manage permissions".
 */

/** RAM's name of one right. */
export type Action =
  | 'oss:ListBuckets'
  | 'oss:ListObjects'
  | 'oss:ListObjectVersions'
  | 'oss:GetObject'
  | 'oss:GetObjectVersion'
  | 'oss:ProcessImm'
  | 'imm:CreateOfficeConversionTask'
  | 'kms:Decrypt';

/** What the rights are for. */
export interface PolicyScope {
  bucket: string;
  /** Only below this prefix; empty: the whole bucket. */
  prefix: string;
  /** Of the bucket: IMM projects are in the same one. */
  region: string;
  /** The KMS key that the object names; null where it is not known. */
  kmsKeyId: string | null;
}

interface Statement {
  Effect: 'Allow';
  Action: Action[];
  Resource: string[];
  Condition?: Record<string, Record<string, string[]>>;
}

export interface Policy {
  Version: '1';
  Statement: Statement[];
}

/** The policy for these actions, each once, in a settled order; null where none is missing. */
export function policyFor(missing: readonly Action[], at: PolicyScope): Policy | null {
  const bucket = `acs:oss:*:*:${at.bucket}`;
  const objects = `${bucket}/${at.prefix}*`;
  const isLimited = at.prefix !== '';
  const under = { StringLike: { 'oss:Prefix': [at.prefix.replace(/\/$/, ''), `${at.prefix}*`] } };
  const of = (...actions: Action[]): Action[] => actions.filter((action) => missing.includes(action));
  const allow = (actions: Action[], resource: string[], more: Pick<Statement, 'Condition'> = {}): Statement[] =>
    actions.length === 0 ? [] : [{ Effect: 'Allow', Action: actions, Resource: resource, ...more }];
  const statements = [
    ...allow(of('oss:ListBuckets'), ['acs:oss:*:*:*']),
    ...allow(of('oss:ListObjects', 'oss:ListObjectVersions'), [bucket], isLimited ? { Condition: under } : {}),
    ...allow(of('oss:GetObject', 'oss:GetObjectVersion'), [objects]),
    // Which of the two it is asked on is not documented.
    ...allow(of('oss:ProcessImm'), [bucket, objects]),
    ...allow(of('imm:CreateOfficeConversionTask'), [`acs:imm:${at.region}:*:project/*`]),
    ...allow(of('kms:Decrypt'), [`acs:kms:${at.region}:*:key/${at.kmsKeyId ?? '*'}`]),
  ];
  return statements.length === 0 ? null : { Version: '1', Statement: statements };
}
