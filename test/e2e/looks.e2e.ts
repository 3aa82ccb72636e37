/** Pages that look wrong are found by themselves, listed, and one key away. */
import { looks } from '#renderer/words/looks.ts';
import { makePdf } from '../unit/local-oss/tiny-documents.ts';
import { expectNoBarriers } from './barriers.ts';
import { toObject } from './documents.ts';
import { expect, test } from './fixtures.ts';
import { walkedIn } from './languages.ts';
import { ConnectPage } from './screens.ts';
import { readBill } from './signed.ts';

const written = '0 g 60 200 300 40 re f 60 300 280 40 re f 60 400 200 30 re f';
const PAGES = [
  { content: written },
  { content: '' },
  { content: `${written} 60 500 90 20 re f` },
  { content: written, widthPoints: 842, heightPoints: 595 },
  { content: `${written} 90 500 20 20 re f` },
];

const language = walkedIn('en');
test(`pages that are worth a look, in ${language}`, async ({ launch, serve }) => {
  const words = looks[language];
  const service = await serve({ world: { buckets: { odd: { objects: [toObject('pages.pdf', makePdf(PAGES))] } } } });
  const { page } = await launch({ language, readsFiles: false });
  const browser = await new ConnectPage(page, language).connectTo(service, { keep: 'session' });
  const viewer = await browser.openAt('oss://odd/pages.pdf');
  for (const number of [1, 2, 3, 4, 5]) {
    await viewer.goToPage(number);
    await viewer.seePage(number);
  }
  const chip = page.getByRole('button', { name: words.chip(2), exact: true });
  await chip.click();
  const lines = page.getByRole('menuitem');
  await expect(lines.filter({ hasText: words.flags['nearly-blank'] })).toContainText(words.page(2));
  await expectNoBarriers(page, 'pages worth a look');
  await lines.filter({ hasText: words.flags.turned }).click();
  await expect(viewer.pageBox).toHaveValue('4');
  await viewer.scroller.focus();
  await page.keyboard.press('w');
  await expect(viewer.pageBox).toHaveValue('2');
  // Looked at from what is here: every page was bought once, and nothing else was asked.
  const { documentConverts, requests } = await readBill(service);
  expect(documentConverts).toBe(5);
  expect(requests.GetObject).toBe(undefined);
});
