/**
 * Failures as plain data. Everything a person can meet has a code of this closed list; what only a programmer can
 * meet throws. Words for each code live in renderer/words/errors.ts, nowhere else.
 */
import { z } from 'zod';

/** Every failure a person can meet: `area.reason`. Adding one without words in both languages does not compile. */
export const ERROR_CODES = [
  // The way to the service
  'net.offline', // no route, no name: nothing was sent
  'net.refused', // the host answered that nobody listens
  'net.reset', // the connection broke while in use
  'net.timeout', // no whole answer in time
  'net.tls', // the certificate does not verify; detail: { host, issuer, subject, reason }
  'net.proxy', // a proxy or portal answered instead of OSS
  'net.proxyUnreachable', // the proxy itself cannot be reached
  'net.pacUnreadable', // the proxy script cannot be fetched, or is none; detail: { script }
  'net.proxyAuth', // 407: name and password missing or refused; detail: { proxy, reason }
  'net.proxyRefused', // the proxy will not lead to this host
  'net.badAnswer', // an answer that is not what OSS sends (HTML, broken XML, too large)
  // Keys and rights
  'oss.unknownKey', // InvalidAccessKeyId
  'oss.disabledKey', // InvalidAccessKeyId "is disabled"
  'oss.signatureMismatch', // SignatureDoesNotMatch
  'oss.clockSkewed', // RequestTimeTooSkewed
  'oss.tokenExpired', // SecurityTokenExpired
  'oss.tokenInvalid', // InvalidSecurityToken, AccessKeyIdAndSecurityTokenNotMatch
  'oss.linkExpired', // presigned: Request has expired
  'oss.listBucketsDenied',
  'oss.listDenied',
  'oss.readDenied',
  'oss.processDenied', // oss:ProcessImm or imm:CreateOfficeConversionTask missing
  'oss.kmsDenied',
  'oss.accountDisabled', // UserDisable, InDebt, BucketDisable
  // Where things are
  'oss.wrongEndpoint',
  'oss.wrongRegion',
  'oss.publicEndpointForbidden',
  'oss.accelerationOff', // TransferAccelerationDisabled
  'oss.requesterPays', // the bucket's readers pay, and nobody said they would
  'oss.noSuchBucket',
  'oss.noSuchKey',
  'oss.noSuchVersion',
  'oss.archived', // InvalidObjectState
  'oss.badRequest', // InvalidArgument and its kin: our request or an odd name
  // Taking on a RAM role
  'sts.roleDenied', // NoPermission: this key may not, or the role does not trust it
  'sts.noSuchRole', // EntityNotExist.Role
  'sts.badDuration', // longer than the role allows
  'sts.badRequest',
  // Load
  'oss.throttled',
  'oss.unavailable', // 500, 502, 503 without a throttle code
  'oss.unknown',
  // Page pictures
  'snapshot.notAttached', // no IMM project attached
  'snapshot.roleMissing', // IMM's own service role cannot read the bucket
  'snapshot.pageOutOfRange',
  'snapshot.pageLimit', // over 2,000
  'snapshot.tooLarge', // over 20 MB
  'snapshot.typeUnknown', // no or unsupported source type
  'snapshot.unreadable', // password, damage, not what its name says
  'snapshot.tooSlow', // conversion over its time limit
  'snapshot.officeMissing', // local-oss without LibreOffice
  'snapshot.notAnImage', // 200, but not a whole PNG or JPEG: may have been paid
  'snapshot.unclear', // no whole answer: may have been paid
  'snapshot.refused', // an IMM refusal we do not know
  // Keychain and accounts
  'keychain.unavailable', // no secure store on this computer
  'keychain.locked',
  'keychain.missing', // the entry is gone: type the secret again
  'keychain.failed',
  'account.unknown',
  'account.invalid', // a field of the form; detail names it
  'address.invalid', // text that is no oss:// path, object URL or signed link
  'address.noBucketHere', // an address of another account's service
  'document.closed', // the handle is no longer open
  // Pages kept in this computer
  'kept.notHere', // the document is read from what is kept, and this page is not
  'kept.locked', // pages of the document are kept and cannot be read: no key; detail: { lockedPages, reason }
  // Files
  'file.noSpace',
  'file.noAccess',
  'file.gone', // the chosen folder vanished
  'export.nothing', // the selection holds no page
  'cost.budgetReached', // detail: { unit, stopAt, currency }
  'cost.budgetInMoney', // an account's budget needs this currency and a price of page pictures; detail: { accountId }
  'places.full', // as many pins as are kept
  // Settings of the network
  'network.badCertificate', // a file without a certificate authority; detail.reason
  'network.unreadable', // the chosen file cannot be read
  'network.invalid', // a field of the network settings; detail names it
  // The app itself
  'cancelled',
  'ipc.forbidden',
  'ipc.invalid',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * One failure. `message` is for the details fold and the log, never for a title. `detail` carries the few facts the
 * words need (`{ bucket, limit, lastPage, skewMs, endpoint, command, field … }`), never a secret.
 */
export const AppErrorSchema = z.object({
  code: z.enum(ERROR_CODES),
  message: z.string(),
  /** True when the same request may succeed if made again without any change. */
  retryable: z.boolean(),
  /** Whether this failed attempt may have cost money: `no`, or `unclear` when a snapshot was asked and no whole answer came. */
  charged: z.enum(['no', 'unclear']),
  status: z.number().int().optional(),
  /** OSS's own `<Code>` and `<EC>`. */
  ossCode: z.string().optional(),
  ec: z.string().optional(),
  requestId: z.string().optional(),
  retryAfterMs: z.number().optional(),
  detail: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
});
export type AppError = z.infer<typeof AppErrorSchema>;

export type Result<T> = { ok: true; value: T } | { ok: false; error: AppError };

/** A success. */
export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

/** A failure; `retryable` is false and `charged` is `no` unless said otherwise. */
export function fail(
  code: ErrorCode,
  message: string,
  more: Partial<Omit<AppError, 'code' | 'message'>> = {},
): { ok: false; error: AppError } {
  return { ok: false, error: { code, message, retryable: false, charged: 'no', ...more } };
}
