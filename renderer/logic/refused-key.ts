/** Which failures mean that the service does not take the key itself: nothing but another key helps. */
import type { ErrorCode } from '#contract/errors.ts';

const REFUSED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'oss.unknownKey',
  'oss.disabledKey',
  'oss.signatureMismatch',
  'oss.tokenExpired',
  'oss.tokenInvalid',
]);

/** Whether the service refused who asked, whatever was asked for. */
export const isKeyRefused = (code: ErrorCode): boolean => REFUSED.has(code);
