/** The packaged app, taken away from this project: keychain, workers, WebAssembly and scripts work out of its archive. */
import { cp, readFile, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';
import { common } from '#renderer/words/common.ts';
import { readImageHead } from '#services/image-head.ts';
import { expect, root, test } from './fixtures.ts';
import { BrowserPage, ConnectPage, JobEntry, answerFolderDialog } from './screens.ts';
import { readBill } from './signed.ts';

const built = path.join(root, 'release/test/linux-unpacked');

/** Command lines of a process and all below it. */
async function commandsBelow(pid: number): Promise<string[]> {
  const all = await Promise.all(
    (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((name) => readProcess(Number(name))),
  );
  const known = new Set([pid]);
  for (let before = 0; before !== known.size;) {
    before = known.size;
    for (const one of all) if (one && known.has(one.parent)) known.add(one.pid);
  }
  return all.flatMap((one) => (one && known.has(one.pid) ? [one.command] : []));
}

async function readProcess(pid: number): Promise<{ pid: number; parent: number; command: string } | null> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    return { pid, parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]), command };
  } catch {
    return null; // ended meanwhile
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.path, entry.name));
}

test('the packaged app connects, shows, exports, restarts and converts Office samples on its own', async ({
  launch,
  serve,
  folder,
}) => {
  // Elsewhere, so that nothing can be found in this project by climbing up from the app.
  const place = path.join(folder, 'app');
  await cp(built, place, { recursive: true }).catch((error: unknown) => {
    throw new Error('There is no packaged test build: run npm test, or npm run package -- --test.', { cause: error });
  });
  const resources = path.join(place, 'resources');
  for (const file of await filesBelow(resources)) {
    expect((await readFile(file)).includes(root), `${file} names the folder it was built in`).toBe(false);
  }
  const asPerson = { executable: path.join(place, 'pagelens'), cwd: folder, userData: path.join(folder, 'user-data') };

  const service = await serve();
  const first = await launch(asPerson);
  expect(await first.app.evaluate(({ app }) => app.isPackaged)).toBe(true);
  expect(await first.app.evaluate(({ app }) => app.getAppPath())).toBe(path.join(resources, 'app.asar'));
  const browser = await new ConnectPage(first.page).connectTo(service, { name: 'Kept in the keychain' });
  await browser.openFolder('english', 'Annual report 2025.pdf');
  const viewer = await browser.open('Annual report 2025.pdf');
  const size = await viewer.seePage(1);
  await answerFolderDialog(first.app, folder);
  const dialog = await viewer.export();
  await dialog.chooseFolder();
  await dialog.startButton.click();
  await new JobEntry(first.page, 'Annual report 2025.pdf').reach('done');
  const [name] = (await readdir(folder)).filter((entry) => entry.endsWith('.png'));
  const head = readImageHead(await readFile(path.join(folder, name ?? 'nothing was written')));
  expect(head).toMatchObject({ mediaType: 'image/png', ...size });
  const pages = (await readBill(service)).snapshots.filter(({ pageNumber }) => pageNumber === 1);
  expect(pages).toMatchObject([{ times: 1 }]);

  // The native module that was loaded is the package's own.
  const maps = await readFile(`/proc/${first.app.process().pid}/maps`, 'utf8');
  const native = new Set(maps.split('\n').flatMap((line) => /(\/\S+\.node)$/.exec(line)?.[1] ?? []));
  expect([...native].map((file) => path.basename(file))).toContain('keytar.node');
  for (const file of native) expect(file.startsWith(`${resources}/app.asar.unpacked/`)).toBe(true);
  await first.close();

  // The key comes out of the keychain; the samples need no key and no network.
  const second = await launch(asPerson);
  const again = new BrowserPage(second.page);
  await again.openFolder('english', 'Crew manual.pdf');
  await second.page.getByRole('button', { name: common.en.accountMenu('Kept in the keychain') }).click();
  await second.page.getByRole('menu').getByText(common.en.openSamples, { exact: true }).click();
  await again.openFolder('english', 'Two more electric ferries.pptx');
  for (const document of ['Two more electric ferries.pptx', 'Budget 2026.xlsx', 'Crew manual.pdf']) {
    const open = await again.open(document);
    await open.seePage(1);
    await open.back();
    await again.root.waitFor();
  }
  const pid = second.app.process().pid!;
  expect(await readlink(`/proc/${pid}/exe`)).toBe(path.join(place, 'pagelens'));
  const commands = await commandsBelow(pid);
  const workers = commands.filter((command) => command.includes('office-worker.py'));
  expect(workers.length).toBeGreaterThan(0);
  for (const command of workers)
    expect(command).toContain(`${resources}/app.asar.unpacked/out/helpers/office-worker.py`);
  expect(commands.filter((command) => command.includes(root))).toEqual([]);
});
