import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DocumentType } from '#local-oss/rendering/page-renderer.ts';
import type { CountingPageRenderer } from '#local-oss/rendering/render.ts';
import { findOffice, locateOffice } from '#local-oss/rendering/office-install.ts';
import { officeSockets } from '#local-oss/rendering/work-folder.ts';
import { ask, decodePicture, eventually, openBench, picture, processesWith, type Bench } from './renderer-fixture.ts';
import { makeDocx, makePdf, makeSlowDocx, makeZip } from './tiny-documents.ts';

let bench: Bench;
let files: string;
let renderer: CountingPageRenderer;

beforeAll(async () => {
  bench = await openBench();
  files = await fs.mkdtemp(path.join(os.tmpdir(), 'pagelens-office-'));
  const make = () =>
    promisify(execFile)('/usr/bin/python3', [path.join(import.meta.dirname, 'make-office-files.py'), files]);
  // A cold LibreOffice on a busy machine now and then gives up before it has begun; the files are no part of the test.
  await make().catch(make);
  renderer = bench.make();
});
afterAll(async () => {
  await bench.close();
  await fs.rm(files, { recursive: true });
});

const officeFile = (name: string): Promise<Buffer> => fs.readFile(path.join(files, name));
const noise = (length: number): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => (index * 7919 + (index >> 3)) & 255));

/** A workbook whose directory is whole and whose content is not: LibreOffice would show it as pages of signs. */
async function cutXls(): Promise<Buffer> {
  const bytes = await officeFile('sheet.xls');
  const directory = (bytes.readUInt32LE(0x30) + 1) * 512;
  return Buffer.concat([bytes.subarray(0, 512), noise(directory - 512), bytes.subarray(directory)]);
}

describe('each format', () => {
  const formats: [string, DocumentType, number, 'tall' | 'wide'][] = [
    ['text.docx', 'docx', 3, 'tall'],
    ['text.doc', 'doc', 3, 'tall'],
    ['sheet.xlsx', 'xlsx', 2, 'tall'],
    ['sheet.xls', 'xls', 2, 'tall'],
    ['slides.pptx', 'pptx', 3, 'wide'],
    ['slides.ppt', 'ppt', 3, 'wide'],
  ];
  test.each(formats)('%s shows every page and knows the last', async (name, source, pageCount, shape) => {
    const bytes = await officeFile(name);
    const sizes = new Set<string>();
    for (let pageNumber = 1; pageNumber <= pageCount; pageNumber++) {
      const page = decodePicture(picture(await ask(renderer, bytes, source, { pageNumber })));
      expect(page.widthPx > page.heightPx).toBe(shape === 'wide');
      sizes.add(`${page.widthPx} ${page.heightPx}`);
    }
    expect(sizes.size).toBe(1);
    const past = await ask(renderer, bytes, source, { pageNumber: pageCount + 1 });
    expect(past).toMatchObject({ kind: 'refused', reason: 'page-out-of-range', pageCount });
  });

  test.each([
    ['text.docx', 'doc'],
    ['text.doc', 'docx'],
    ['sheet.xls', 'xlsx'],
    ['slides.pptx', 'ppt'],
  ] as const)('%s that is called %s is shown', async (name, source) => {
    expect(await ask(renderer, await officeFile(name), source)).toMatchObject({ kind: 'picture' });
  });

  test('a document without the list at its end is told apart, though LibreOffice cannot open it', async () => {
    const cut = (await officeFile('text.docx')).subarray(0, -60);
    expect(await ask(renderer, cut, 'docx')).toMatchObject({ reason: 'unreadable' });
  });
});

describe('what is refused, and the next document works', () => {
  afterEach(async () => {
    expect(await ask(renderer, await officeFile('text.docx'), 'docx')).toMatchObject({ kind: 'picture' });
  });

  const bad: [string, DocumentType, () => Promise<Buffer> | Buffer, string][] = [
    ['no bytes', 'docx', () => Buffer.alloc(0), 'empty'],
    ['text', 'docx', () => Buffer.from('Dear reader'), 'wrong-content'],
    [
      'HTML called xls, as some programs export it',
      'xls',
      () => Buffer.from('<html><table></table></html>'),
      'wrong-content',
    ],
    ['JSON', 'pptx', () => Buffer.from('{"a":1}'), 'wrong-content'],
    ['noise', 'doc', () => noise(20_000), 'wrong-content'],
    ['a PDF', 'docx', () => makePdf([{}]), 'wrong-content'],
    ['any ZIP', 'xlsx', () => makeZip({ 'a.txt': 'a' }), 'wrong-content'],
    ['OpenDocument', 'docx', () => officeFile('text.odt'), 'wrong-content'],
    ['a workbook called docx', 'docx', () => officeFile('sheet.xlsx'), 'wrong-content'],
    ['a Word document called ppt', 'ppt', () => officeFile('text.doc'), 'wrong-content'],
    [
      'a package with a broken heart',
      'docx',
      () => makeZip({ '[Content_Types].xml': '<Types', 'word/document.xml': 'x' }),
      'unreadable',
    ],
    [
      'an OLE header before noise',
      'xls',
      () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), noise(9_000)]),
      'unreadable',
    ],
    ['a locked docx', 'docx', () => officeFile('locked.docx'), 'password'],
    ['a locked xlsx', 'xlsx', () => officeFile('locked.xlsx'), 'password'],
    ['a locked pptx', 'pptx', () => officeFile('locked.pptx'), 'password'],
    ['a locked doc', 'doc', () => officeFile('locked.doc'), 'password'],
    ['a locked xls', 'xls', () => officeFile('locked.xls'), 'password'],
  ];
  test.each(bad)('%s as %s', async (_, source, bytes, reason) => {
    const outcome = await ask(renderer, await bytes(), source);
    expect(outcome).toMatchObject({ kind: 'refused', reason });
    expect(outcome.kind === 'refused' && outcome.message).toMatch(/^[A-Z].*\.$/);
  });
});

describe('conversions', () => {
  test('twenty who ask at once cause one, and the next page causes none', async () => {
    const bytes = makeDocx(['Asked for by many']);
    const before = renderer.conversions;
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => ask(renderer, bytes, 'docx')));
    const [first, ...others] = outcomes.map((outcome) => Buffer.from(picture(outcome)));
    expect(others.every((other) => other.equals(first!))).toBe(true);
    expect(await ask(renderer, bytes, 'doc', { pageNumber: 2 })).toMatchObject({ pageCount: 1 });
    expect(renderer.conversions - before).toBe(1);
  });

  test('run at most two at a time, each with a profile of its own', async () => {
    const workFolder = await bench.makeWorkFolder();
    const many = bench.make({ workFolder });
    const documents = Array.from({ length: 6 }, (_, index) => makeDocx([`Document ${index}`]));
    const outcomes = await Promise.all(documents.map((bytes) => ask(many, bytes, 'docx')));
    expect(outcomes.every(({ kind }) => kind === 'picture')).toBe(true);
    const workers = (await processesWith(workFolder)).filter((command) => command.includes('office-worker.py'));
    const profiles = workers.flatMap((command) => /office-profile-\d+/.exec(command)?.[0] ?? []);
    expect(profiles.toSorted()).toEqual(['office-profile-1', 'office-profile-2']);
    await many.dispose();
  });

  test('do not fetch pictures that a document links to', async () => {
    let hits = 0;
    const server = http.createServer((_, response) => {
      hits++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const bytes = makeDocx(['Look at this'], `http://127.0.0.1:${port}/pixel.png`);
    expect(await ask(renderer, bytes, 'docx')).toMatchObject({ kind: 'picture' });
    server.close();
    expect(hits).toBe(0);
  });

  test('are made anew when the cache has no room left', async () => {
    const small = bench.make({ cacheBytes: 1 });
    const bytes = makeDocx(['Not kept']);
    for (let round = 1; round <= 2; round++) {
      expect(await ask(small, bytes, 'docx')).toMatchObject({ kind: 'picture' });
      expect(small.conversions).toBe(round);
    }
    await small.dispose();
  });

  test('go on in a fresh LibreOffice when one holds too much memory', async () => {
    const strict = bench.make({ office: { limits: { rssBytes: 1 } } });
    for (const word of ['one', 'two'])
      expect(await ask(strict, makeDocx([word]), 'docx')).toMatchObject({ kind: 'picture' });
    await strict.dispose();
  });

  test('go on in a fresh LibreOffice when somebody killed the one at hand', async () => {
    const workFolder = await bench.makeWorkFolder();
    const tough = bench.make({ workFolder });
    await ask(tough, makeDocx(['before']), 'docx');
    const offices = (await processesWith(pathToFileURL(workFolder).href)).map((command) =>
      Number.parseInt(command, 10),
    );
    expect(offices).not.toEqual([]);
    for (const pid of offices) process.kill(pid, 'SIGKILL');
    expect(await ask(tough, makeDocx(['after']), 'docx')).toMatchObject({ kind: 'picture' });
    await tough.dispose();
  });
});

const install = await locateOffice();
// Starting counts only where every document starts one, and takes seconds on a busy machine.
const ways: [string, { python: string | null; timeoutMs: number }][] = [
  ['kept running', { python: install?.python ?? null, timeoutMs: 1_500 }],
  ['started per document', { python: null, timeoutMs: 10_000 }],
];
describe.each(ways)('a LibreOffice %s', (_, { python, timeoutMs }) => {
  const office = { locate: () => Promise.resolve({ soffice: install?.soffice ?? '', python }) };
  const slow = makeSlowDocx();

  test('converts, refuses damage, and leaves neither process nor folder nor socket behind', async () => {
    const workFolder = await bench.makeWorkFolder();
    const own = bench.make({ office, workFolder });
    expect(await ask(own, await officeFile('sheet.xlsx'), 'xlsx', { pageNumber: 2 })).toMatchObject({
      kind: 'picture',
    });
    expect(await ask(own, await officeFile('locked.docx'), 'docx')).toMatchObject({ reason: 'password' });
    const damaged = makeZip({ '[Content_Types].xml': '<Types', 'word/document.xml': 'y' });
    expect(await ask(own, damaged, 'docx')).toMatchObject({ reason: 'unreadable' });
    expect(await ask(own, await cutXls(), 'xls')).toMatchObject({ reason: 'unreadable' });
    expect(await ask(own, await officeFile('slides.pptx'), 'pptx')).toMatchObject({ kind: 'picture' });
    const [folder] = await fs.readdir(workFolder);
    const sockets = [1, 2].flatMap((n) => officeSockets(path.join(workFolder, folder!, `office-profile-${n}`)));
    await own.dispose();
    expect(await processesWith(workFolder)).toEqual([]);
    expect(await fs.readdir(workFolder)).toEqual([]);
    const left = await fs.readdir('/tmp');
    expect(sockets.filter((socket) => left.includes(path.basename(socket)))).toEqual([]);
  });

  test('is ended when it takes too long, and the next document works', async () => {
    const workFolder = await bench.makeWorkFolder();
    const hasty = bench.make({ office, workFolder, conversionTimeoutMs: timeoutMs });
    expect(await ask(hasty, slow, 'docx')).toMatchObject({ kind: 'refused', reason: 'too-slow' });
    expect(await eventually(2_000, async () => (await processesWith(workFolder)).length === 0)).toBe(true);
    expect(await ask(hasty, makeDocx(['quick']), 'docx')).toMatchObject({ kind: 'picture' });
  });

  test('is ended when nobody wants its document any more, but not before', async () => {
    const workFolder = await bench.makeWorkFolder();
    const patient = bench.make({ office, workFolder });
    const [first, second] = [new AbortController(), new AbortController()];
    const asked = [first, second].map(({ signal }) => ask(patient, slow, 'docx', { signal }));
    const ends = Promise.allSettled(asked);
    expect(await eventually(20_000, () => Promise.resolve(patient.conversions === 1))).toBe(true);
    first.abort(new Error('first left'));
    await expect(asked[0]).rejects.toThrow('first left');
    expect(await processesWith(workFolder)).not.toEqual([]);
    second.abort(new Error('second left'));
    await expect(asked[1]).rejects.toThrow('second left');
    await ends;
    expect(await eventually(5_000, async () => (await processesWith(workFolder)).length === 0)).toBe(true);
    expect(await ask(patient, makeDocx(['wanted']), 'docx')).toMatchObject({ kind: 'picture' });
  });

  test('is ended by dispose in the middle of a conversion', async () => {
    const workFolder = await bench.makeWorkFolder();
    const short = bench.make({ office, workFolder });
    const asked = ask(short, slow, 'docx');
    const rejected = expect(asked).rejects.toThrow('disposed');
    expect(await eventually(20_000, () => Promise.resolve(short.conversions === 1))).toBe(true);
    await short.dispose();
    await rejected;
    expect(await eventually(2_000, async () => (await processesWith(workFolder)).length === 0)).toBe(true);
    expect(await fs.readdir(workFolder)).toEqual([]);
  });
});

test('a LibreOffice of its own that dies at work is started once more', async () => {
  const workFolder = await bench.makeWorkFolder();
  const [mark, soffice] = [path.join(workFolder, 'died'), path.join(workFolder, 'soffice')];
  const script = `#!/bin/sh\nif [ ! -e '${mark}' ]; then touch '${mark}'; kill -KILL $$; fi\nexec '${install?.soffice}' "$@"\n`;
  await fs.writeFile(soffice, script, { mode: 0o755 });
  const renderer = bench.make({ workFolder, office: { locate: () => Promise.resolve({ soffice, python: null }) } });
  expect(await ask(renderer, makeDocx(['alive']), 'docx')).toMatchObject({ kind: 'picture' });
  await renderer.dispose();
});

describe('without LibreOffice', () => {
  test('the refusal says what to install, and PDF goes on working', async () => {
    const bare = bench.make({ office: { locate: () => Promise.resolve(null) } });
    const outcome = await ask(bare, makeDocx(['?']), 'docx');
    expect(outcome).toMatchObject({ kind: 'refused', reason: 'office-missing' });
    expect(await ask(bare, makePdf([{}]), 'pdf')).toMatchObject({ kind: 'picture' });
  });

  test('a LibreOffice that does not start is said to be one', async () => {
    const broken = bench.make({
      office: { locate: () => Promise.resolve({ soffice: '/bin/false', python: install?.python ?? null }) },
    });
    expect(await ask(broken, makeDocx(['!']), 'docx')).toMatchObject({ reason: 'office-missing' });
    await broken.dispose();
  });

  test('findOffice has a command only where there is something to install', async () => {
    expect(await findOffice()).toEqual({ available: true, command: null });
  });
});
