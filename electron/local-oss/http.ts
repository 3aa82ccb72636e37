/** What the handler takes and gives: HTTP without a socket, so that the app can call it in its own process. */

export interface OssRequest {
  method: string;
  /** The Host header: host with port. */
  host: string;
  /** Path and query exactly as they came, still percent-encoded. */
  target: string;
  /** Lower-case names, values as they came. */
  headers: Readonly<Record<string, string>>;
  /** The body of a POST that is a form: only STS takes one. */
  form?: string;
}

export interface OssResponse {
  status: number;
  /** Lower-case names. */
  headers: Record<string, string>;
  body: Uint8Array | AsyncIterable<Uint8Array>;
  /**
   * A misfortune that only the carrier can act out: break the connection after this many bytes of the body; 0 after
   * the head alone, -1 before it.
   */
  cutAfterBytes?: number;
}
