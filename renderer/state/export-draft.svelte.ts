/** What an export dialog holds until the export starts: the choices, and what main says they would write and cost. */
import type { DocumentView, ExportPlanView, IfExists, JobView, PageSelection, Target } from '#contract/contract.ts';
import type { AppError } from '#contract/errors.ts';
import type { FolderGrant } from '#contract/ids.ts';
import type { Client } from '#renderer/bridge/client.svelte.ts';
import { hasOpenEnd, readPageRange, type PageRange } from '#renderer/logic/page-range.ts';

export const DEFAULT_TEMPLATE = '{name}-p{page}';

/** Which pages: the one on the screen, every page, or those typed. */
export type PageChoice = 'this' | 'all' | 'range';

/** Leave to write into a folder, and how the folder is called on the screen. */
export interface ChosenFolder {
  readonly grant: FolderGrant;
  readonly label: string;
}

/** What main says about the present choices. `stale` keeps the last figures on the screen while new ones are on their way. */
export type PlanState =
  | { readonly status: 'none' }
  | { readonly status: 'loading'; readonly stale: ExportPlanView | null }
  | { readonly status: 'ready'; readonly plan: ExportPlanView }
  | { readonly status: 'failed'; readonly error: AppError };

/** Why the export cannot start yet, most basic first; null when it can. */
export type Obstacle = 'pages' | 'name' | 'planning' | 'plan-failed' | 'folder' | 'existing' | 'open-end' | 'starting';

export class ExportDraft {
  readonly document: DocumentView;
  readonly currentPage: number;
  readonly #client: Client;
  readonly #onstarted: (job: JobView, folder: ChosenFolder) => void;
  #choice = $state<PageChoice>('this');
  #rangeText = $state('');
  #target = $state<Target>('png');
  #template = $state(DEFAULT_TEMPLATE);
  #folder = $state.raw<ChosenFolder | null>(null);
  #ifExists = $state<IfExists>('ask');
  #isOpenEndConfirmed = $state(false);
  #plan = $state.raw<PlanState>({ status: 'none' });
  #isStarting = $state(false);
  #startError = $state.raw<AppError | null>(null);
  #planAbort = new AbortController();

  readonly #range = $derived.by<PageRange>(() => readPageRange(this.#rangeText, this.document.pages.total));
  readonly #selection = $derived.by<PageSelection | null>(() => {
    if (this.#choice === 'this') return [{ from: this.currentPage, to: this.currentPage }];
    if (this.#choice === 'all') return [{ from: 1, to: this.document.pages.total }];
    return this.#range.ok ? this.#range.selection : null;
  });

  /** `folder` is where the last export went; `onstarted` gets the job as soon as main has made it. */
  constructor(
    client: Client,
    document: DocumentView,
    currentPage: number,
    folder: ChosenFolder | null,
    onstarted: (job: JobView, folder: ChosenFolder) => void,
  ) {
    this.#client = client;
    this.document = document;
    this.currentPage = currentPage;
    this.#folder = folder;
    this.#onstarted = onstarted;
  }

  get choice(): PageChoice {
    return this.#choice;
  }
  get rangeText(): string {
    return this.#rangeText;
  }
  /** How the typed range reads. */
  get range(): PageRange {
    return this.#range;
  }
  get target(): Target {
    return this.#target;
  }
  get template(): string {
    return this.#template;
  }
  get folderLabel(): string | null {
    return this.#folder?.label ?? null;
  }
  get ifExists(): IfExists {
    return this.#ifExists;
  }
  get isOpenEndConfirmed(): boolean {
    return this.#isOpenEndConfirmed;
  }
  get planState(): PlanState {
    return this.#plan;
  }
  /** The newest figures, also while newer ones are on their way. */
  get plan(): ExportPlanView | null {
    if (this.#plan.status === 'ready') return this.#plan.plan;
    return this.#plan.status === 'loading' ? this.#plan.stale : null;
  }
  get startError(): AppError | null {
    return this.#startError;
  }
  get isStarting(): boolean {
    return this.#isStarting;
  }
  /** True when the pages run on to an end that nobody knows: the person has to agree to that. */
  get needsConfirmation(): boolean {
    const selection = this.#selection;
    return selection !== null && hasOpenEnd(selection) && this.document.pages.total === null;
  }

  /** What keeps the name template from naming every page; null when nothing does. Main makes each name valid. */
  get templateProblem(): 'empty' | 'too-long' | 'no-page' | null {
    const template = this.#template.trim();
    if (template === '') return 'empty';
    if (template.length > 120) return 'too-long';
    const selection = this.#selection;
    const isOnePage = selection?.length === 1 && selection[0]!.from === selection[0]!.to;
    return isOnePage || selection === null || template.includes('{page}') ? null : 'no-page';
  }

  /** Why the export cannot start yet; null when it can. */
  get obstacle(): Obstacle | null {
    if (this.#isStarting) return 'starting';
    if (this.#selection === null) return 'pages';
    if (this.templateProblem !== null) return 'name';
    if (this.#plan.status === 'failed') return 'plan-failed';
    if (this.#folder === null) return 'folder';
    if (this.#plan.status !== 'ready') return 'planning';
    if (this.#plan.plan.existing > 0 && this.#ifExists === 'ask') return 'existing';
    if (this.needsConfirmation && !this.#isOpenEndConfirmed) return 'open-end';
    return null;
  }

  choosePages(choice: PageChoice): Promise<void> {
    this.#choice = choice;
    return this.replan();
  }

  /** Takes the range as typed; choosing pages by typing also chooses "range". */
  typeRange(text: string): Promise<void> {
    this.#rangeText = text;
    return this.choosePages('range');
  }

  chooseTarget(target: Target): Promise<void> {
    this.#target = target;
    return this.replan();
  }

  typeTemplate(template: string): Promise<void> {
    this.#template = template;
    return this.replan();
  }

  chooseIfExists(ifExists: IfExists): void {
    this.#ifExists = ifExists;
    this.#startError = null;
  }

  confirmOpenEnd(isConfirmed: boolean): void {
    this.#isOpenEndConfirmed = isConfirmed;
  }

  /** Opens the system's folder dialog. Cancelling it keeps the folder there was. */
  async chooseFolder(): Promise<void> {
    const answer = await this.#client.request('exports.chooseFolder', {});
    if (!answer.ok) {
      this.#startError = answer.error;
      return;
    }
    if (answer.value === null) return;
    this.#folder = answer.value;
    // What was said about files in one folder does not hold for another.
    this.#ifExists = 'ask';
    await this.replan();
  }

  /** Asks main what the present choices would write and cost; the answer to older choices is dropped. */
  async replan(): Promise<void> {
    this.#planAbort.abort();
    this.#startError = null;
    const selection = this.#selection;
    if (selection === null || this.templateProblem !== null) {
      this.#plan = { status: 'none' };
      return;
    }
    this.#planAbort = new AbortController();
    const { signal } = this.#planAbort;
    this.#plan = { status: 'loading', stale: this.plan };
    const grant = this.#folder?.grant ?? null;
    const answer = await this.#client.request('exports.plan', { ...this.#input(selection), grant }, { signal });
    if (signal.aborted) return;
    this.#plan = answer.ok ? { status: 'ready', plan: answer.value } : { status: 'failed', error: answer.error };
  }

  /** Starts the export. True when main has made the job. Does nothing while there is an obstacle. */
  async start(): Promise<boolean> {
    const selection = this.#selection;
    const folder = this.#folder;
    if (this.obstacle !== null || selection === null || folder === null) return false;
    this.#isStarting = true;
    this.#startError = null;
    const input = { ...this.#input(selection), grant: folder.grant, ifExists: this.#ifExists };
    const answer = await this.#client.request('exports.start', input);
    this.#isStarting = false;
    if (answer.ok) {
      this.#onstarted(answer.value, folder);
      return true;
    }
    await this.replan();
    // A file may have appeared since the plan was made: then the new plan's question says all there is to say.
    if (this.obstacle !== 'existing') this.#startError = answer.error;
    return false;
  }

  /** The dialog is gone; a plan on its way is of no use to anybody. */
  dispose(): void {
    this.#planAbort.abort();
  }

  #input(selection: PageSelection): {
    handle: DocumentView['handle'];
    selection: PageSelection;
    target: Target;
    template: string;
  } {
    return { handle: this.document.handle, selection, target: this.#target, template: this.#template.trim() };
  }
}
