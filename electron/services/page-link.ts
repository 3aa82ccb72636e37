/** A signed link of one page, and what the person should know before handing it on. */
import type { Out } from '#contract/contract.ts';
import { ok, type Result } from '#contract/errors.ts';
import type { DocumentHandle } from '#contract/ids.ts';
import { isUnsendable } from '#oss/canonical.ts';
import { SAMPLES } from './account-views.ts';
import type { Accounts } from './accounts.ts';
import type { Documents } from './documents.ts';

export interface PageLink {
  /** A secret of sorts: whoever has it sees the page. For the clipboard, never for the page of the app or a log. */
  url: string;
  facts: Out<'pages.copyLink'>;
}

/** Signs a link of one page. Errors: document.closed, account.*, keychain.*, net.*, oss.*, cancelled. */
export async function makePageLink(
  { documents, accounts }: { documents: Documents; accounts: Pick<Accounts, 'view'> },
  page: { handle: DocumentHandle; target: 'png' | 'jpg'; pageNumber: number; lifetimeSeconds: number },
  signal: AbortSignal,
): Promise<Result<PageLink>> {
  const opened = documents.view(page.handle);
  if (!opened.ok) return opened;
  const { accountId, key } = opened.value;
  const signed = await documents.presign(page.handle, page, page.lifetimeSeconds, signal);
  if (!signed.ok) return signed;
  const { url, expiresAt } = signed.value;

  const account = accounts.view().accounts.find(({ id }) => id === accountId);
  const cautions: PageLink['facts']['cautions'] = [];
  if (accountId === SAMPLES) cautions.push('samples');
  if (isUnsendable(key)) cautions.push('unsendable');
  // OSS sends an attachment header on its own domains.
  if (/^https?:\/\/[^/]+\.aliyuncs\.com(?::\d+)?\//.test(url)) cautions.push('download');
  // Where the person told us the token's end, `expiresAt` has it already.
  if (account?.isTemporary && account.tokenExpiresAt === null) cautions.push('token-may-end-sooner');
  return ok({ url, facts: { expiresAt, cautions } });
}
