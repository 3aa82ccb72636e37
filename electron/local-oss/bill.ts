/**
 * What all requests so far would have cost, as counts. `GET /?local-oss-bill`, signed by any key, answers it as JSON
 * and is not counted itself.
 *
 * ```json
 * { "documentConverts": 3, "getRequests": 5, "bytesOut": 90210, "requests": { "ListObjectsV2": 1, "Snapshot": 4 },
 *   "failedRequests": 1, "failures": { "Imm Client": 1 },
 *   "snapshots": [{ "bucket": "docs", "key": "a.pdf", "versionId": null, "pageNumber": 1, "target": "png", "times": 2 }],
 *   "objects": [{ "bucket": "docs", "key": "a.pdf", "documentConverts": 2, "getRequests": 3, "bytesOut": 60140, "failedRequests": 1 }] }
 * ```
 *
 * `documentConverts`: successful snapshots, each billed by IMM. `getRequests`: successful reads of objects (GetObject,
 * HeadObject, GetObjectMeta, Snapshot). `bytesOut`: body bytes handed to the carrier, listings included; those of a
 * body that was cut count as far as they went. `requests`: every request by operation, failed ones too.
 * Failed requests (4xx, 5xx) cost nothing. Source of the rules: OSS documentation, "API operation calling fees".
 */
import type { Operation } from './operations.ts';

/** How often one page picture was bought. */
export interface BoughtPage {
  bucket: string;
  key: string;
  versionId: string | null;
  pageNumber: number;
  target: 'png' | 'jpg';
  times: number;
}

interface Sums {
  documentConverts: number;
  getRequests: number;
  bytesOut: number;
  failedRequests: number;
}

export interface Bill extends Sums {
  requests: Partial<Record<Operation, number>>;
  /** By OSS's `<Code>`; `reset` and `html` for answers that were none. */
  failures: Record<string, number>;
  /** In the order of first purchase. */
  snapshots: BoughtPage[];
  objects: (Sums & { bucket: string; key: string })[];
}

/** Whom a request is charged to. */
export interface Charge {
  operation: Operation | null;
  bucket: string | null;
  key: string | null;
}

const READS: ReadonlySet<Operation | null> = new Set<Operation>([
  'GetObject',
  'HeadObject',
  'GetObjectMeta',
  'Snapshot',
]);

/** The counter behind the bill. */
export class Cashier {
  #total: Sums = { documentConverts: 0, getRequests: 0, bytesOut: 0, failedRequests: 0 };
  readonly #requests: Partial<Record<Operation, number>> = {};
  readonly #failures = new Map<string, number>();
  readonly #snapshots = new Map<string, BoughtPage>();
  readonly #objects = new Map<string, Sums & { bucket: string; key: string }>();

  /** One request that was answered well. */
  succeeded(charge: Charge): void {
    this.#count(charge);
    if (READS.has(charge.operation)) this.#add(charge, 'getRequests', 1);
  }

  /** One request that was refused with this OSS code. */
  failed(charge: Charge, code: string): void {
    this.#count(charge);
    this.#add(charge, 'failedRequests', 1);
    this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
  }

  /** One page picture was made. */
  converted(page: Omit<BoughtPage, 'times'>): void {
    const name = JSON.stringify([page.bucket, page.key, page.versionId, page.pageNumber, page.target]);
    const known = this.#snapshots.get(name);
    if (known) known.times += 1;
    else this.#snapshots.set(name, { ...page, times: 1 });
    this.#add(page, 'documentConverts', 1);
  }

  /** Body bytes went out. */
  sent(charge: Pick<Charge, 'bucket' | 'key'>, bytes: number): void {
    this.#add(charge, 'bytesOut', bytes);
  }

  /** The bill so far, a copy. */
  bill(): Bill {
    return structuredClone({
      ...this.#total,
      requests: this.#requests,
      failures: Object.fromEntries(this.#failures),
      snapshots: [...this.#snapshots.values()],
      objects: [...this.#objects.values()],
    });
  }

  #count({ operation }: Charge): void {
    if (operation !== null) this.#requests[operation] = (this.#requests[operation] ?? 0) + 1;
  }

  #add({ bucket, key }: Pick<Charge, 'bucket' | 'key'>, field: keyof Sums, amount: number): void {
    this.#total[field] += amount;
    if (bucket === null || key === null) return;
    const name = `${bucket}/${key}`;
    const sums = this.#objects.get(name) ?? {
      bucket,
      key,
      documentConverts: 0,
      getRequests: 0,
      bytesOut: 0,
      failedRequests: 0,
    };
    sums[field] += amount;
    this.#objects.set(name, sums);
  }
}

/** Tells how many bytes of a body go out, up to where it is cut. */
export function counted(
  body: Uint8Array | AsyncIterable<Uint8Array>,
  cut: number | undefined,
  count: (bytes: number) => void,
): Uint8Array | AsyncIterable<Uint8Array> {
  if (body instanceof Uint8Array) {
    count(Math.min(body.length, cut ?? Infinity));
    return body;
  }
  return (async function* () {
    for await (const piece of body) {
      count(piece.length);
      yield piece;
    }
  })();
}
