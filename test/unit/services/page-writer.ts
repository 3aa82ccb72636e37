/**
 * A process of its own that keeps pages until it is killed: `page-writer <folder> <seed> <plain|sealed>`. What it finds
 * in the other form it rewrites meanwhile. One line for each page that is on the disk.
 */
import { ACCOUNT_ID, pageBytes, PAGES, sealingBy, toDocument, WRITER_ID } from './page-writer-pages.ts';
import { makeKeptPages } from '#services/kept-pages.ts';
import { makePageConversion } from '#services/page-conversion.ts';

const [folder = '', seed = '0', form = 'plain'] = process.argv.slice(2);

async function main(): Promise<void> {
  const kept = makeKeptPages({
    rootFolder: folder,
    limitBytes: () => Infinity,
    sealing: sealingBy(form === 'sealed'),
    now: Date.now,
    onChange: () => undefined,
  });
  await kept.open(WRITER_ID, toDocument(ACCOUNT_ID), true);
  const nothing = { isWanted: () => true, onDone: async () => undefined, onChange: () => undefined };
  makePageConversion({ kept, ...nothing }).start();
  for (let round = Number(seed); ; round += 1) {
    // Two at a time, as answers come; each process begins elsewhere.
    const first = 1 + ((round * 2) % PAGES);
    await Promise.all(
      [first, first + 1].map(async (pageNumber) => {
        const name = `${pageNumber}.png`;
        const picture = { bytes: pageBytes(pageNumber, round), mediaType: 'image/png' as const };
        if (await kept.write(WRITER_ID, name, { ...picture, widthPx: 100, heightPx: 100 }))
          process.stdout.write(`${name} ${round}\n`);
      }),
    );
  }
}

void main();
