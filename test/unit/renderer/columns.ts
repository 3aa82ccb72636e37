/** Objects of a listing one by one, as tests think of them, turned into the columns in which they cross to the page. */
import type { ObjectColumns } from '#contract/objects.ts';

export interface ListedName {
  name: string;
  sizeBytes?: number;
  /** ISO 8601 UTC */
  modifiedAt?: string;
  isArchived?: boolean;
}

export function toColumns(objects: readonly ListedName[]): ObjectColumns {
  return {
    names: objects.map(({ name }) => name),
    sizes: objects.map(({ sizeBytes }) => sizeBytes ?? 1000),
    modified: objects.map(({ modifiedAt }) => Date.parse(modifiedAt ?? '2026-01-01T00:00:00.000Z')),
    archived: objects.flatMap(({ isArchived }, index) => (isArchived ? [index] : [])),
  };
}
