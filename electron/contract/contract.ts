/**
 * THE contract between page and main process: every call and event, once, with its schemas. All types are inferred
 * from here. Output schemas drop unknown keys, which is our last stop for a secret that is returned by mistake.
 */
import { z } from 'zod';
import { BucketDomain, MovedEvent, PlaceDraft, SkewEvent } from './account-place.ts';
import { COST_CALLS, COST_EVENTS } from './cost.ts';
import { DOCTOR_CALLS, DOCTOR_EVENTS } from './doctor.ts';
import { AppErrorSchema } from './errors.ts';
import { AccountId, DocumentHandle, FolderGrant, JobId, PictureVersion } from './ids.ts';
import { PageFlag } from './page-flags.ts';
import { OBJECTS_CALLS } from './objects.ts';
import { NETWORK_CALLS, NETWORK_EVENTS } from './network.ts';
import { LINKS_CALLS, LINKS_EVENTS } from './links.ts';
import { KEPT_CALLS, KEPT_EVENTS } from './kept-pages.ts';
import { ProfileDraft, ProfilesView } from './profiles.ts';
import { PLACES_CALLS, PLACES_EVENTS } from './places.ts';
import { WINDOW_CALLS, WINDOW_EVENTS } from './window.ts';
import {
  FailedCallCost,
  BucketName,
  call,
  Colour,
  MAX_LINK_SECONDS,
  Nothing,
  ObjectKey,
  PageNumber,
  SourceType,
  Target,
} from './shapes.ts';

export type { Colour, FailedCallCost, SourceType, Target } from './shapes.ts';

// ---- shared shapes -------------------------------------------------------------------------------------------------

/** Where the secret of an account lives now. `absent`: it has to be typed (again). */
const SecretHome = z.enum(['keychain', 'session', 'absent', 'none-needed']);

/** An account as the page may see it: labels, never a secret. The AccessKey ID is masked but for its ends. */
const AccountView = z.object({
  id: AccountId,
  kind: z.enum(['samples', 'access-key']),
  name: z.string(),
  colour: Colour,
  maskedKeyId: z.string(),
  region: z.string(),
  endpoint: z.string(),
  /** `bucket/` or `bucket/folder/` for people who may see only that; empty otherwise. */
  scope: z.string(),
  isTemporary: z.boolean(),
  /** ISO 8601 UTC, only where the person gave it. */
  tokenExpiresAt: z.string().nullable(),
  /** The service said that the temporary key is over; work that needs it waits for another one. */
  hasTokenEnded: z.boolean(),
  /** The RAM role that the key takes on; its tokens renew by themselves. */
  roleArn: z.string().nullable(),
  domains: z.array(BucketDomain),
  secretHome: SecretHome,
});
export type AccountView = z.infer<typeof AccountView>;

const AccountsView = z.object({
  accounts: z.array(AccountView),
  activeId: AccountId.nullable(),
  /** `opening`: the active account's secret is being read; `waiting`: the keychain has kept us for over 3 s. */
  opening: z.enum(['idle', 'opening', 'waiting']),
  /** Why the active account is not usable right now. */
  problem: AppErrorSchema.nullable(),
});
export type AccountsView = z.infer<typeof AccountsView>;

/** A RAM role as typed; `durationSeconds` as STS takes it. */
const RoleDraft = z.object({
  arn: z.string().trim().max(256),
  sessionName: z.string().trim().max(64),
  durationSeconds: z.number().int().min(900).max(43_200),
  /** Host, or scheme and host, of STS; empty: the public one. */
  stsEndpoint: z.string().trim().max(255),
});
export type RoleDraft = z.infer<typeof RoleDraft>;

/** What a person types to add an account. The secret goes in here once and never comes back. */
const AccountDraft = z.object({
  name: z.string().trim().max(60),
  colour: Colour,
  accessKeyId: z.string().trim().min(1).max(128),
  accessKeySecret: z.string().trim().min(1).max(256),
  securityToken: z.string().trim().max(8192).optional(),
  tokenExpiresAt: z.string().optional(),
  /** The key takes on this role first. */
  role: RoleDraft.optional(),
  /** `cn-hangzhou`, without `oss-`. */
  region: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]{2,40}$/),
  /** Host, or scheme and host with port; empty: the region's public endpoint. */
  endpoint: z.string().trim().max(255),
  /** `bucket/folder/`, `oss://bucket/folder`, or empty. */
  scope: z.string().trim().max(1100),
});
export type AccountDraft = z.infer<typeof AccountDraft>;

/** What a harmless signed request told us, in facts; the page has the words. */
const ConnectionReport = z.object({
  /** How the test was made. */
  tested: z.enum(['list-buckets', 'list-folder']),
  bucketCount: z.number().int().nullable(),
  /** True when the key may not list buckets: normal for limited keys. */
  bucketsHidden: z.boolean(),
  tookMs: z.number(),
  /** Difference of our clock to the service's, ms, when over 30 s. */
  skewMs: z.number().nullable(),
});
export type ConnectionReport = z.infer<typeof ConnectionReport>;

const BucketView = z.object({
  name: z.string(),
  region: z.string(),
  storageClass: z.string(),
  createdAt: z.string().nullable(),
});
export type BucketView = z.infer<typeof BucketView>;

/** What we know of the end: `total` only when it is proven, by the service's refusal of page total+1 or as `proof` says. */
const PageCountView = z.object({
  atLeast: z.number().int(),
  total: z.number().int().nullable(),
  /** Page whose picture equals the page before it byte for byte: this may be the end. */
  repeatsFrom: z.number().int().nullable(),
  /**
   * Pages that are there for certain, where the highest ones are one picture, as a service shows it past the end that
   * answers with its last page, or a blank one, again. Absent: `atLeast`.
   */
  sure: z.number().int().optional(),
  /**
   * What else than a refusal proves `total`: all pages were met in the file itself, 2,000 is all there can be, or it was
   * proven in an earlier run that did not keep how.
   */
  proof: z.enum(['structure', 'limit', 'earlier']).optional(),
  /** What the file says while the end is not proven: so many, or at least so many. */
  hint: z.object({ pages: z.number().int(), kind: z.enum(['likely', 'least']) }).optional(),
  /** The highest page, when it is blank and behind what the file says: this may be the end. */
  blankFrom: z.number().int().optional(),
  /** New pictures that finding the end takes, about; absent while nobody has reckoned. */
  toFind: z.number().int().optional(),
  /**
   * What finding it can come to: pictures, and pictures together with refused calls, each as the share of a picture's
   * price that the person reckons with. Absent while nobody has reckoned.
   */
  toFindMost: z.object({ pictures: z.number().int(), withRefused: z.number() }).optional(),
});
export type PageCountView = z.infer<typeof PageCountView>;

/**
 * `other-version`: the service named another version in its answer; `same-pictures`: all pages seen are the same as
 * those of another version, and the service names none.
 */
const VersionDoubt = z.enum(['other-version', 'same-pictures']);
export type VersionDoubt = z.infer<typeof VersionDoubt>;

const DocumentView = z.object({
  handle: DocumentHandle,
  version: PictureVersion,
  accountId: AccountId,
  bucket: z.string(),
  key: z.string(),
  name: z.string(),
  versionId: z.string().nullable(),
  source: SourceType,
  sizeBytes: z.number(),
  modifiedAt: z.string(),
  etag: z.string(),
  pages: PageCountView,
  /**
   * The service was not asked: the pages are those kept of the content it confirmed last, at `verifiedAt` (ISO 8601
   * UTC), and none is bought. Absent: the service has just been asked.
   */
  offline: z.object({ verifiedAt: z.string() }).optional(),
});

/** One page picture's state. `widthPx` and `heightPx` are the picture's own. */
const PageStateView = z.discriminatedUnion('status', [
  z.object({ pageNumber: PageNumber, target: Target, status: z.literal('idle') }),
  z.object({ pageNumber: PageNumber, target: Target, status: z.literal('queued') }),
  /** `sinceMs`: when the service was asked, epoch ms. */
  z.object({ pageNumber: PageNumber, target: Target, status: z.literal('converting'), sinceMs: z.number() }),
  z.object({
    pageNumber: PageNumber,
    target: Target,
    status: z.literal('ready'),
    widthPx: z.number().int(),
    heightPx: z.number().int(),
    sizeBytes: z.number().int(),
    /** Why it may be worth a look; absent while it was not looked at, and where there is nothing. */
    flags: z.array(PageFlag).optional(),
    /** Only the JPG of this page is here, from an export, and stands in for the PNG: nothing was bought to show it. */
    isJpg: z.literal(true).optional(),
  }),
  z.object({ pageNumber: PageNumber, target: Target, status: z.literal('failed'), error: AppErrorSchema }),
]);
export type PageStateView = z.infer<typeof PageStateView>;

/** A document as it is opened: with the pages that are here from before. */
const OpenedView = DocumentView.extend({ here: z.array(PageStateView).optional() });
export type DocumentView = z.infer<typeof OpenedView>;

/** Where a typed or dropped address leads. */
const AddressView = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('folder'), bucket: z.string(), prefix: z.string() }),
  z.object({
    kind: z.literal('document'),
    bucket: z.string(),
    key: z.string(),
    versionId: z.string().nullable(),
    source: SourceType.nullable(),
    pageNumber: PageNumber.nullable(),
  }),
]);
export type AddressView = z.infer<typeof AddressView>;

/** Pages to take: closed ranges in the order written, `to: null` for "to the end". Never empty. */
const PageSelection = z
  .array(z.object({ from: PageNumber, to: PageNumber.nullable() }))
  .min(1)
  .max(200);
export type PageSelection = z.infer<typeof PageSelection>;

const IfExists = z.enum(['ask', 'skip', 'replace', 'keep-both']);
export type IfExists = z.infer<typeof IfExists>;

const ExportPlanView = z.object({
  /** Pages that will be written; with an open end the most there can be. */
  pageCount: z.number().int(),
  /** True while the end is not known: `pageCount` is then "at most". */
  isAtMost: z.boolean(),
  alreadyHere: z.number().int(),
  /** Pages not here in this format, but in the other one: a page in both formats is paid twice. */
  hereAsOther: z.number().int(),
  /** New pictures, and with them pages that are asked for and refused: with an open end the most there can be. */
  toBuy: z.number().int(),
  /** With an open end: what it comes to if the file's own number is right. */
  likely: z.object({ pageCount: z.number().int(), toBuy: z.number().int() }).optional(),
  /** File names of the first pages, at most 3. */
  exampleNames: z.array(z.string()),
  /** Files of these names that are in the folder already. */
  existing: z.number().int(),
});
export type ExportPlanView = z.infer<typeof ExportPlanView>;

const JobView = z.object({
  id: JobId,
  /** Whose budget its pages are bought from. */
  accountId: AccountId,
  /** Its pages are kept in this computer, and no file is written. Absent: an export. */
  kind: z.literal('keep').optional(),
  documentName: z.string(),
  folderLabel: z.string(),
  target: Target,
  /** `paused`: goes on by itself once `error` is mended. */
  state: z.enum(['running', 'paused', 'asking', 'done', 'finished-with-gaps', 'cancelled', 'failed']),
  /** Pages the job will write; "at most" while `isAtMost`. */
  pageCount: z.number().int(),
  isAtMost: z.boolean(),
  written: z.number().int(),
  /** Left alone because a file was there. */
  skipped: z.number().int(),
  bought: z.number().int(),
  /** While the budget holds it up: new pictures that it still takes; `likely` is null where nobody knows the end. */
  toBuy: z.object({ likely: z.number().int().nullable(), atMost: z.number().int() }).optional(),
  failures: z.array(z.object({ pageNumber: PageNumber, error: AppErrorSchema })),
  /** Set in `asking`: the page looks like the one before, or is `blank` behind what the file says it has. */
  question: z.object({ kind: z.enum(['same-picture', 'blank']), pageNumber: PageNumber }).nullable(),
  /** Why the whole job stopped. */
  error: AppErrorSchema.nullable(),
});
export type JobView = z.infer<typeof JobView>;

const SettingsView = z.object({
  language: z.enum(['system', 'en', 'zh-CN']),
  theme: z.enum(['system', 'light', 'dark']),
  /** Whether documents are looked into for their number of pages. */
  readsFiles: z.boolean(),
  /** What a call for a page that is not there costs, as a share of a picture. */
  failedCallCost: FailedCallCost,
  /** How pages are tinted on the screen; pictures that leave the app never are. */
  tint: z.enum(['none', 'sepia', 'dark']),
  /** Whether pages next to those in view are bought before they are looked at. */
  lookAhead: z.enum(['normal', 'none']),
  /** Whether single letters are keys of the viewer. */
  letterKeys: z.boolean(),
});
export type SettingsView = z.infer<typeof SettingsView>;

/** What this run has cost so far, counted as the service bills it. */
const UsageView = z.object({
  /** Page pictures bought (DocumentConvert). */
  snapshots: z.number().int(),
  /** Snapshots whose answer never came whole: may have been billed. */
  unclear: z.number().int(),
  /** Pages shown or exported from what was here, once for each time that their document was opened. */
  reused: z.number().int(),
  /** GET requests of every kind. */
  requests: z.number().int(),
});
export type UsageView = z.infer<typeof UsageView>;

const AppInfoView = z.object({
  version: z.string(),
  electronVersion: z.string(),
  platform: z.string(),
  /** The system's language as far as we speak it. */
  systemLanguage: z.enum(['en', 'zh-CN']),
  /** True on the fallback Electron: development and tests only. */
  isTestRuntime: z.boolean(),
  /** Whether the samples' Office documents can be converted; `command` says how to make it so. */
  office: z.object({ available: z.boolean(), command: z.string().nullable() }),
});
export type AppInfoView = z.infer<typeof AppInfoView>;

// ---- calls ---------------------------------------------------------------------------------------------------------

const OpenInput = z.object({
  accountId: AccountId,
  bucket: BucketName,
  key: ObjectKey,
  versionId: z.string().max(256).nullable(),
  /** The person's choice where the name does not say; else null. */
  source: SourceType.nullable(),
  /** Opens what is kept and asks nobody. */
  keptOnly: z.boolean().optional(),
  /** Pages that are kept and locked are no reason not to open: the person knows that they are bought again. */
  buysLocked: z.boolean().optional(),
});
const ExportInput = z.object({
  handle: DocumentHandle,
  selection: PageSelection,
  target: Target,
  /** `{name}-p{page}`: `{name}`, `{page}` (zero-padded) and `{key}` are replaced. */
  template: z.string().min(1).max(120),
});

/** Every call, by name. The page sends `input`, main answers a `Result` of `output`. */
export const CALLS = {
  'app.info': call(Nothing, AppInfoView),
  'settings.get': call(Nothing, SettingsView),
  'settings.set': call(SettingsView.partial(), SettingsView),
  'usage.get': call(Nothing, UsageView),

  'accounts.get': call(Nothing, AccountsView),
  /** One harmless signed request with what the form holds; keeps nothing. */
  'accounts.test': call(AccountDraft, ConnectionReport),
  /** `keep: 'session'` never touches the keychain. Keychain first, then settings; the account is then the active one. */
  'accounts.add': call(z.object({ draft: AccountDraft, keep: z.enum(['keychain', 'session']) }), AccountView),
  /** Makes an account the active one; reads its secret if that has not been read in this run. Cancellable. */
  'accounts.use': call(z.object({ accountId: AccountId }), AccountView),
  /** The secret typed again for an account whose keychain entry is gone, or a new temporary token; it is then the active one. */
  'accounts.enterSecret': call(
    z.object({
      accountId: AccountId,
      /** New temporary credentials come with an AccessKey ID of their own; absent: the same key as before. */
      accessKeyId: z.string().trim().min(1).max(128).optional(),
      accessKeySecret: z.string().trim().min(1).max(256),
      securityToken: z.string().trim().max(8192).optional(),
      tokenExpiresAt: z.string().optional(),
      keep: z.enum(['keychain', 'session']),
    }),
    AccountView,
  ),
  'accounts.rename': call(
    z.object({ accountId: AccountId, name: z.string().trim().min(1).max(60), colour: Colour }),
    AccountView,
  ),
  /**
   * Changes where an open account's requests go. Tested first: the folder or the buckets, and each domain. Errors:
   * account.invalid, account.unknown; net.* and oss.* of a test that failed, with `detail.domain` where it was a domain.
   */
  'accounts.setPlace': call(PlaceDraft, AccountView),
  /** Regions that the service named beyond those we know. Asks nobody. */
  'regions.get': call(Nothing, z.object({ ids: z.array(z.string()) })),
  /** Removes the label and the keychain entry. */
  'accounts.remove': call(z.object({ accountId: AccountId }), Nothing),
  /** Back to the first screen; the secret read in this run is dropped. */
  'accounts.leave': call(Nothing, Nothing),

  /** Profiles of the aliyun CLI and ossutil on this computer, without their secrets. Asks nobody. */
  'profiles.list': call(Nothing, ProfilesView),
  /** As `accounts.test` and `accounts.add` with what a profile holds: main reads its secret, which never comes here. */
  'profiles.test': call(ProfileDraft, ConnectionReport),
  'profiles.take': call(ProfileDraft.extend({ keep: z.enum(['keychain', 'session']) }), AccountView),

  'buckets.list': call(z.object({ accountId: AccountId }), z.object({ buckets: z.array(BucketView) })),
  ...OBJECTS_CALLS,
  /** Reads an oss:// path, object URL or signed snapshot link; asks the service only when it is not clear what it names. */
  'addresses.resolve': call(z.object({ accountId: AccountId, text: z.string().max(8192) }), AddressView),

  /**
   * Opens a document: one HEAD, no picture is bought. The same document opened twice is the same handle. Where the
   * service cannot be asked, what is kept of the document opens instead (`offline`). Errors bring `detail.keptPages`
   * where pages of it are kept.
   */
  'documents.open': call(OpenInput, OpenedView),
  'documents.close': call(z.object({ handle: DocumentHandle }), Nothing),
  /** The pages wanted now, most wanted first; replaces the list before. Pages not here are bought in this order. */
  'pages.want': call(
    z.object({ handle: DocumentHandle, target: Target, pages: z.array(PageNumber).max(40) }),
    z.object({ pages: z.array(PageStateView), count: PageCountView }),
  ),
  /**
   * Forgets the failure of one page, or that its JPG stood in for it, so that it can be wanted again. The person has been
   * told if it may cost twice.
   */
  'pages.retry': call(z.object({ handle: DocumentHandle, target: Target, pageNumber: PageNumber }), Nothing),
  /**
   * Finds the last page for as few pictures as can be; what is bought stays. Cancelling ends it with what is on the wire.
   * `doubt`: this page is blank or like one before it, so that nobody can tell. Errors: as pages that fail.
   */
  'pages.findEnd': call(
    z.object({ handle: DocumentHandle, target: Target }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('found'), total: z.number().int(), bought: z.number().int() }),
      z.object({ kind: z.literal('doubt'), pageNumber: PageNumber, bought: z.number().int() }),
    ]),
  ),
  /** Copies the picture at this point of the window (CSS px) to the clipboard. */
  'pages.copyPicture': call(z.object({ x: z.number().int().min(0), y: z.number().int().min(0) }), Nothing),
  /** Puts a signed link of one page on the clipboard; the link itself never comes to the page. */
  'pages.copyLink': call(
    z.object({
      handle: DocumentHandle,
      target: Target,
      pageNumber: PageNumber,
      lifetimeSeconds: z.number().int().min(1).max(MAX_LINK_SECONDS),
    }),
    z.object({
      /** ISO 8601 UTC: the sooner of lifetime and token. */
      expiresAt: z.string(),
      /**
       * `samples`: nobody else can open it; `unsendable`: browsers cannot address this key; `download`: the default
       * domain makes browsers download.
       */
      cautions: z.array(z.enum(['samples', 'unsendable', 'download', 'token-may-end-sooner'])),
    }),
  ),

  /** The system's folder dialog. Null when the person cancels it. */
  'exports.chooseFolder': call(Nothing, z.object({ grant: FolderGrant, label: z.string() }).nullable()),
  'exports.plan': call(ExportInput.extend({ grant: FolderGrant.nullable() }), ExportPlanView),
  /** `ask` is refused while files of these names exist: the dialog asks first. */
  'exports.start': call(ExportInput.extend({ grant: FolderGrant, ifExists: IfExists }), JobView),
  'exports.get': call(Nothing, z.object({ jobs: z.array(JobView) })),
  'exports.cancel': call(z.object({ jobId: JobId }), Nothing),
  /** Runs the gaps again. */
  'exports.retry': call(z.object({ jobId: JobId }), Nothing),
  'exports.answer': call(z.object({ jobId: JobId, answer: z.enum(['stop-here', 'go-on']) }), Nothing),
  'exports.reveal': call(z.object({ jobId: JobId }), Nothing),
  /** Takes a finished job off the list; its files stay. */
  'exports.dismiss': call(z.object({ jobId: JobId }), Nothing),
  /**
   * Pins a document offline and buys the pages of it that are not here. The person has been told how many. Errors:
   * document.closed, export.nothing; kept.notHere of a document that is read offline, or of the samples.
   */
  'exports.keepOffline': call(z.object({ handle: DocumentHandle }), JobView),

  ...PLACES_CALLS,
  ...DOCTOR_CALLS,
  ...NETWORK_CALLS,
  ...LINKS_CALLS,
  ...KEPT_CALLS,
  ...WINDOW_CALLS,
  ...COST_CALLS,
} as const;

/** Every event, by name: main says, the page listens. */
export const EVENTS = {
  'accounts.changed': AccountsView,
  'buckets.moved': MovedEvent,
  'clock.skewed': SkewEvent,
  'settings.changed': SettingsView,
  'usage.changed': UsageView,
  'pages.changed': z.object({
    handle: DocumentHandle,
    pages: z.array(PageStateView),
    count: PageCountView,
    /** Of an old version: the service may have drawn another one. Absent: nothing speaks for it. */
    versionDoubt: VersionDoubt.optional(),
  }),
  'exports.changed': JobView,
  ...PLACES_EVENTS,
  ...DOCTOR_EVENTS,
  ...NETWORK_EVENTS,
  ...LINKS_EVENTS,
  ...KEPT_EVENTS,
  ...WINDOW_EVENTS,
  ...COST_EVENTS,
} as const;

export type CallName = keyof typeof CALLS;
export type EventName = keyof typeof EVENTS;
/** What a call takes, as the page writes it. */
export type In<K extends CallName> = z.input<(typeof CALLS)[K]['input']>;
/** What a handler gets: parsed and branded. */
export type Parsed<K extends CallName> = z.output<(typeof CALLS)[K]['input']>;
/** What a call answers. */
export type Out<K extends CallName> = z.output<(typeof CALLS)[K]['output']>;
export type EventOf<K extends EventName> = z.output<(typeof EVENTS)[K]>;
