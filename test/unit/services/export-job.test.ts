import { expect, it } from 'vitest';
import { ok } from '#contract/errors.ts';
import { JobId } from '#contract/ids.ts';
import { makeExportJob } from '#services/export-job.ts';
import { makePageCount } from '#services/page-count.ts';
import { settle } from './oss-twin.ts';

it('asks for the next pages while files are being written, until the disk is four files behind', async () => {
  const asked: number[] = [];
  const written: string[] = [];
  let release = (): void => undefined;
  const disk = new Promise<void>((resolve) => (release = resolve));
  const job = makeExportJob({
    id: JobId.parse('0'.repeat(16)),
    documentName: 'report.pdf',
    folderLabel: 'out',
    target: 'png',
    selected: Array.from({ length: 20 }, (_, index) => ({ pageNumber: index + 1, isOpen: false })),
    nameOf: (pageNumber) => `p${pageNumber}.png`,
    ifTaken: 'skip',
    pages: {
      count: makePageCount(),
      async fetch({ pageNumber }) {
        asked.push(pageNumber);
        await settle();
        const picture = { mediaType: 'image/png', bytes: new Uint8Array(), widthPx: 1, heightPx: 1 } as const;
        return ok({ picture, isBought: true });
      },
      retry: () => undefined,
      held: () => null,
      state: ({ target, pageNumber }) => ({ target, pageNumber, status: 'idle' }),
    },
    sink: {
      findTaken: () => Promise.resolve(ok(new Set<string>())),
      async put(name) {
        await disk;
        written.push(name);
        return ok(name);
      },
    },
    onChange: () => undefined,
  });
  job.run();
  for (let turn = 0; turn < 10; turn += 1) await settle();
  expect(written).toEqual([]);
  // Four at first, then one for each file that begins, and none once four are being written.
  expect(asked).toEqual([1, 2, 3, 4, 5, 6, 7]);
  release();
  while (job.view().state === 'running') await settle();
  expect([job.view().state, written.length]).toEqual(['done', 20]);
});
