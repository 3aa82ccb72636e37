/** Accounts as the page may see them, the built-in samples among them. */
import type { AccountView } from '#contract/contract.ts';
import { AccountId } from '#contract/ids.ts';
import type { Endpoint } from '#oss/endpoint.ts';
import { maskKeyId } from './redact.ts';
import type { AccountLabel } from './settings.ts';

/** The built-in account: needs no key, is always there. */
export const SAMPLES = AccountId.parse('samples');

/** The samples' service has no port and no network: this is only how its addresses are written and signed. */
export const SAMPLES_ENDPOINT: Endpoint = {
  scheme: 'http',
  host: 'localhost',
  style: 'path',
  region: 'cn-hangzhou',
  bucket: null,
};

/** The page has words for its name. */
export const SAMPLES_VIEW: AccountView = {
  id: SAMPLES,
  kind: 'samples',
  name: '',
  colour: 'teal',
  maskedKeyId: '',
  region: '',
  endpoint: '',
  scope: '',
  isTemporary: false,
  tokenExpiresAt: null,
  hasTokenEnded: false,
  roleArn: null,
  domains: [],
  secretHome: 'none-needed',
};

/** A label for the page: the AccessKey ID masked, and where its secret is right now. */
export const toAccountView = (
  label: AccountLabel,
  secretHome: AccountView['secretHome'],
  hasTokenEnded: boolean,
): AccountView => ({
  id: label.id,
  kind: 'access-key',
  name: label.name,
  colour: label.colour,
  maskedKeyId: maskKeyId(label.accessKeyId),
  region: label.region,
  endpoint: label.endpoint,
  scope: label.scope,
  isTemporary: label.isTemporary,
  tokenExpiresAt: label.tokenExpiresAt,
  hasTokenEnded,
  roleArn: label.role?.arn ?? null,
  domains: label.domains,
  secretHome,
});
