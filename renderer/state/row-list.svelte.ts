/** A list of rows that grows: sorted, filtered, with one row under the keyboard. What fills it is its owner's matter. */
import type { ObjectPageView } from '#contract/objects.ts';
import type { Column, ListRow, Sort } from '#renderer/logic/object-list.ts';
import { ObjectTable } from '#renderer/logic/object-table.ts';

/** Dates and sizes are looked for from the top, names and types are read from A. */
const STARTS_DESCENDING: Record<Column, boolean> = { name: false, modified: true, size: true, type: false };
/** More rows than any screen holds at once. */
const MADE_ROWS = 1000;

export class RowList {
  #table: ObjectTable;
  /** Ids of the rows to show; the table has the rows. */
  #shown = $state.raw<Uint32Array>(new Uint32Array(0));
  #loadedCount = $state(0);
  #sort = $state.raw<Sort>({ column: 'name', descending: false });
  #filterText = $state('');
  #documentsOnly = $state(true);
  #activeKey = $state<string | null>(null);
  /** Rows made for the screen: the same row stays the same object while it is looked at. */
  readonly #made = new Map<number, ListRow>();
  /** Where the view is in the list, px: not reactive, kept for a screen that comes back. */
  listTopPx = 0;

  readonly #activeId = $derived.by(() => {
    void this.#loadedCount;
    return this.#activeKey === null ? -1 : this.#table.idOf(this.#activeKey);
  });
  readonly #activeIndex = $derived(this.#activeId === -1 ? -1 : this.#shown.indexOf(this.#activeId));

  /** `documentsOnly`: whether other formats are left out to begin with. */
  constructor(documentsOnly: boolean) {
    this.#documentsOnly = documentsOnly;
    this.#table = this.#emptyTable('');
  }

  /** Rows loaded so far, before the filter. */
  get loadedCount(): number {
    return this.#loadedCount;
  }
  /** How many rows there are to show: those that pass the filter. */
  get shownCount(): number {
    return this.#shown.length;
  }
  /** The rows to show from one index to before another: sorted, filtered. Only for as many as a screen holds. */
  rows(from: number, end: number): ListRow[] {
    return Array.from(this.#shown.subarray(from, end), (id) => this.#rowOf(id));
  }
  /** The row at an index of those shown; undefined beyond them. */
  row(index: number): ListRow | undefined {
    const id = this.#shown[index];
    return id === undefined ? undefined : this.#rowOf(id);
  }
  /** What stays the same of the row at an index while others come before it; -1 beyond the rows shown. */
  idAt(index: number): number {
    return this.#shown[index] ?? -1;
  }
  /** Where the row of that id is now among those shown, or -1. */
  indexOf(id: number): number {
    return this.#shown.indexOf(id);
  }
  get sort(): Sort {
    return this.#sort;
  }
  get filterText(): string {
    return this.#filterText;
  }
  get documentsOnly(): boolean {
    return this.#documentsOnly;
  }
  /** Index among the rows shown of the one the keyboard is on, or -1. */
  get activeIndex(): number {
    return this.#activeIndex;
  }
  /** The key of that row, whether it is loaded yet or not. */
  get activeKey(): string | null {
    return this.#activeKey;
  }

  /** Sorts by a column over everything loaded; the same column again turns the order around. */
  sortBy(column: Column): void {
    const descending = this.#sort.column === column ? !this.#sort.descending : STARTS_DESCENDING[column];
    this.#sort = { column, descending };
    this.#table.sortBy(this.#sort);
    this.#show();
  }

  filterBy(text: string): void {
    this.#filterText = text;
    this.#filter();
  }

  showDocumentsOnly(on: boolean): void {
    this.#documentsOnly = on;
    this.#filter();
  }

  /** Puts the keyboard on the row of a key, at once or as soon as it is loaded. */
  activate(key: string): void {
    this.#activeKey = key;
  }

  /** Forgets all rows, for those of another prefix or of the same one again. */
  protected clear(prefix: string, activeKey: string | null, filterText: string): void {
    this.#activeKey = activeKey;
    this.#filterText = filterText;
    this.listTopPx = 0;
    this.#table = this.#emptyTable(prefix);
    this.#show();
  }

  protected add(page: Pick<ObjectPageView, 'folders' | 'objects'>): void {
    this.#table.add(page);
    this.#show();
  }

  #emptyTable(prefix: string): ObjectTable {
    this.#made.clear();
    return new ObjectTable(prefix, this.#sort, { text: this.#filterText, documentsOnly: this.#documentsOnly });
  }

  #filter(): void {
    this.#table.filterBy({ text: this.#filterText, documentsOnly: this.#documentsOnly });
    this.#show();
  }

  /** Shows what the table has now. */
  #show(): void {
    this.#shown = this.#table.shown;
    this.#loadedCount = this.#table.count;
  }

  #rowOf(id: number): ListRow {
    const known = this.#made.get(id);
    if (known) return known;
    if (this.#made.size > MADE_ROWS) this.#made.clear();
    const made = this.#table.row(id);
    this.#made.set(id, made);
    return made;
  }
}
