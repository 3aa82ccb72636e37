import { expect, it } from 'vitest';
import { placeBehind, type TabName } from '#renderer/logic/tab-names.ts';

const tab = (bucket: string, key: string, versionId: string | null = null): TabName => ({
  ...{ bucket, key, versionId },
  title: key.split('/').at(-1)!,
});
const behind = (...all: TabName[]): (string | null)[] => all.map((one) => placeBehind(all, one));

it('says nothing where the name tells', () => {
  expect(behind(tab('a', 'plan.pdf'), tab('a', 'report.pdf'))).toEqual([null, null]);
});

it('names the bucket, the folder in it, or the version, as far as is needed', () => {
  expect(behind(tab('harbour', 'plan.pdf'), tab('office', 'x/plan.pdf'))).toEqual(['harbour', 'office']);
  expect(behind(tab('office', 'plan.pdf'), tab('office', '2026/old/plan.pdf'), tab('office', 'note.doc'))).toEqual([
    'office',
    'old',
    null,
  ]);
  expect(behind(tab('office', '2025/old/plan.pdf'), tab('office', '2026/old/plan.pdf'))).toEqual([
    '2025/old',
    '2026/old',
  ]);
  expect(behind(tab('office', 'plan.pdf'), tab('office', 'plan.pdf', 'CAEQNhiBgMD2'))).toEqual([null, 'CAEQNh']);
});
