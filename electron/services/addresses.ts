/** Where a typed or dropped address leads, as the account in use sees it. */
import type { AddressView } from '#contract/contract.ts';
import { ok, type Result } from '#contract/errors.ts';
import type { AccountId } from '#contract/ids.ts';
import { readAddress, type Address } from '#oss/address.ts';
import type { Accounts } from './accounts.ts';
import type { OssClient } from './oss-client.ts';

/**
 * Reads an `oss://` path, an object URL or a signed snapshot link. Asks the service only when the text does not tell
 * whether it is a document or a folder: one HEAD, and one LIST when there is no such object.
 * Errors: address.*, account.*, keychain.*, oss.noSuchKey when it is neither, net.*, oss.*, cancelled.
 */
export async function resolveAddress(
  accounts: Pick<Accounts, 'endpointOf' | 'clientOf'>,
  accountId: AccountId,
  text: string,
  signal: AbortSignal,
): Promise<Result<AddressView>> {
  const endpoint = accounts.endpointOf(accountId);
  if (!endpoint.ok) return endpoint;
  const address = readAddress(text, endpoint.value);
  if (!address.ok) return address;
  if (address.value.names === 'folder') return ok(toFolder(address.value, address.value.key));
  if (address.value.names === 'document') return ok(toDocument(address.value));
  const client = accounts.clientOf(accountId);
  return client.ok ? askService(client.value, address.value, signal) : client;
}

async function askService(client: OssClient, address: Address, signal: AbortSignal): Promise<Result<AddressView>> {
  const head = await client.headObject(address, signal);
  if (head.ok) return ok(toDocument(address));
  if (head.error.code !== 'oss.noSuchKey' && head.error.code !== 'oss.readDenied') return head;
  const prefix = `${address.key}/`;
  const inside = await client.listObjects({ bucket: address.bucket, prefix, next: null, maxKeys: 1 }, signal);
  if (!inside.ok) return head;
  const { objects, prefixes } = inside.value;
  return objects.length + prefixes.length > 0 ? ok(toFolder(address, prefix)) : head;
}

const toFolder = ({ bucket }: Address, prefix: string): AddressView => ({ kind: 'folder', bucket, prefix });

const toDocument = ({ bucket, key, versionId, source, pageNumber }: Address): AddressView => ({
  kind: 'document',
  bucket,
  key,
  versionId,
  source,
  pageNumber,
});
