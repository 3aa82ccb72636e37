/** An AccessKey in memory. The secret can be used to sign, and cannot be printed, copied or sent by mistake. */

export interface CredentialsInput {
  accessKeyId: string;
  accessKeySecret: string;
  /** Only with temporary (STS) credentials. */
  securityToken?: string | undefined;
  /** When the token ends, ms since 1970, as far as the person told us. */
  expiresAtMs?: number | null | undefined;
}

/**
 * One AccessKey. Everything that turns an object into text (`toString`, JSON, `util.inspect`) says `[secret]`; spreading,
 * cloning and enumerating it never reaches the secret, because that lives in private fields.
 */
export class Credentials {
  readonly accessKeyId: string;
  /** Null for a lasting key, and for a token whose end nobody told us. */
  readonly expiresAtMs: number | null;
  readonly isTemporary: boolean;
  readonly #secret: string;
  readonly #token: string | null;

  constructor(input: CredentialsInput) {
    this.accessKeyId = input.accessKeyId;
    this.expiresAtMs = input.expiresAtMs ?? null;
    this.isTemporary = Boolean(input.securityToken);
    this.#secret = input.accessKeySecret;
    this.#token = input.securityToken || null;
  }

  /** The way in for the signers alone; a test reads who calls this and allows only `sign-v4.ts` and `sts.ts`. */
  static revealSecret(credentials: Credentials): { accessKeySecret: string; securityToken: string | null } {
    return { accessKeySecret: credentials.#secret, securityToken: credentials.#token };
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
