/** The main job on real parts: samples or a key, a document, its pages, files taken away. In both languages. */
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { exporting } from '#renderer/words/export.ts';
import { readImageHead } from '#services/image-head.ts';
import { expect, test } from './fixtures.ts';
import { ConnectPage, answerFolderDialog } from './screens.ts';

const LANGUAGES = ['en', 'zh-CN'] as const;

for (const language of LANGUAGES) {
  test(`samples to files in ${language}`, async ({ launch, folder }) => {
    const { app, page } = await launch({ language });
    const browser = await new ConnectPage(page, language).trySamples();
    await browser.openFolder('english', 'Annual report 2025.pdf');
    const viewer = await browser.open('Annual report 2025.pdf');
    const first = await viewer.seePage(1);
    expect(first.heightPx / first.widthPx).toBeCloseTo(297 / 210, 2);

    await viewer.goToPage(6);
    await viewer.seePage(6);
    await viewer.goToPage(4);
    await viewer.seePage(4);

    await answerFolderDialog(app, folder);
    const dialog = await viewer.export();
    await dialog.choosePages({ range: '2-3,5' });
    await dialog.chooseFolder();
    await expect(dialog.startButton).toHaveText(exporting[language].start(3));
    await dialog.startButton.click();
    await expect(page.getByText(exporting[language].states.done, { exact: true })).toBeVisible({ timeout: 60_000 });

    const written = (await readdir(folder)).filter((name) => name.endsWith('.png')).sort();
    expect(written).toHaveLength(3);
    for (const name of written) {
      const head = readImageHead(await readFile(path.join(folder, name)));
      expect(head?.mediaType).toBe('image/png');
      expect({ widthPx: head?.widthPx, heightPx: head?.heightPx }).toEqual(first);
    }
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test(`an AccessKey over HTTP to files in ${language}`, async ({ launch, serve, folder }) => {
    const service = await serve();
    const { app, page } = await launch({ language });
    const browser = await new ConnectPage(page, language).connectTo(service, { name: 'Test' });
    await browser.openFolder('中文', '服务合同（中英文）.docx');
    const viewer = await browser.open('服务合同（中英文）.docx');
    await viewer.seePage(1);
    await viewer.goToPage(2);
    await viewer.seePage(2);

    await answerFolderDialog(app, folder);
    const dialog = await viewer.export();
    await dialog.root.getByText(exporting[language].jpg, { exact: true }).click();
    await dialog.chooseFolder();
    await dialog.startButton.click();
    await expect(page.getByText(exporting[language].states.done, { exact: true })).toBeVisible({ timeout: 60_000 });
    const [name] = (await readdir(folder)).filter((entry) => entry.endsWith('.jpg'));
    const head = readImageHead(await readFile(path.join(folder, name ?? 'nothing was written')));
    expect(head?.mediaType).toBe('image/jpeg');
  });
}
