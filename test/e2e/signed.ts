/** Requests that a test itself makes to a running local-oss, signed apart from the app. */
import type { Bill } from '#local-oss/bill.ts';
import { presigned, type Draft } from '../unit/local-oss/freehand-signer.ts';
import type { Service } from './fixtures.ts';

/** A presigned link as the official SDKs make it, good for 15 minutes unless said otherwise. */
export function signedLink(service: Service, draft: Draft, lifeSeconds?: number): string {
  const { accessKeyId, accessKeySecret, region } = service;
  const request = presigned({ signedAtMs: Date.now(), accessKeyId, accessKeySecret, region, ...draft }, lifeSeconds);
  return service.endpoint + request.target;
}

/**
 * What the service has counted so far: requests by operation, pictures bought, refusals. Reading it is not counted.
 * `clockOffsetMs`: of a service whose clock is another one.
 */
export async function readBill(service: Service, clockOffsetMs = 0): Promise<Bill> {
  const signedAtMs = Date.now() + clockOffsetMs;
  const answer = await fetch(signedLink(service, { query: [['local-oss-bill']], signedAtMs }));
  if (!answer.ok) throw new Error(`The bill was refused: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Bill;
}
