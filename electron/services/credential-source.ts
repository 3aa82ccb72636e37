/** Where the credentials of a request come from: typed once and good until the service says otherwise, or renewed by themselves. */
import { ok, type Result } from '#contract/errors.ts';
import type { Credentials } from '#oss/credentials.ts';

/** Asked before each request, so that a renewed token is used at once. */
export interface CredentialSource {
  /** `serviceNowMs`: the service's clock as well as it is known. Errors: as the way of renewal has them, `cancelled`. */
  get(serviceNowMs: number, signal: AbortSignal): Promise<Result<Credentials>>;
  /** The service answered that these have ended. True: asking again gives others, so that another try is worth it. */
  reportEnded(credentials: Credentials): boolean;
}

/**
 * Credentials that stay what they are. A time that the person typed for their end is a hint for the eye and never refuses
 * a request: whether a token has ended is the service's to say, and its refusal costs nothing. `onEnded` hears of it once.
 */
export function fixedCredentials(credentials: Credentials, onEnded: () => void = () => undefined): CredentialSource {
  let hasEnded = false;
  return {
    get: async () => ok(credentials),
    reportEnded() {
      if (!hasEnded) onEnded();
      hasEnded = true;
      return false;
    },
  };
}
