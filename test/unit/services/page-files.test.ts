import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  HEAD_BYTES,
  readFileForm,
  readPageFile,
  readPageHead,
  writePageFile,
  writerOf,
  type FindKey,
} from '#services/page-files.ts';
import { SEAL_BYTES, toPageKey } from '#services/sealed-bytes.ts';
import { makeFolder } from './kept-fixture.ts';
import { pictureOf } from './oss-twin.ts';

const PICTURE = { ...pictureOf('page 3'), versionId: 'v-7' };

const KEY = toPageKey(Buffer.alloc(32, 7));
const OTHER_KEY = toPageKey(Buffer.alloc(32, 8));
const withKey: FindKey = (id) => (id === KEY.id ? KEY : null);
const withoutKey: FindKey = () => null;

describe.each([
  { form: 'plain', key: null, findKey: withoutKey, sealBytes: 0 },
  { form: 'sealed', key: KEY, findKey: withKey, sealBytes: SEAL_BYTES },
])('a $form page on the disk', ({ key, findKey, sealBytes }) => {
  async function written(): Promise<{ folder: string; file: string }> {
    const folder = await makeFolder();
    const file = path.join(folder, 'document', '3.png');
    const size = await writePageFile(file, 'id-3.png', PICTURE, { key });
    expect(size).toBe(HEAD_BYTES + PICTURE.bytes.length + sealBytes);
    expect((await stat(file)).size).toBe(size);
    return { folder, file };
  }

  it('comes back as it was, for its owner only, with nothing left aside', async () => {
    const { file } = await written();
    expect(await readPageFile(file, 'id-3.png', findKey)).toEqual({
      is: 'whole',
      value: { ...PICTURE, bytes: new Uint8Array(PICTURE.bytes) },
    });
    expect(await readPageHead(file, 'id-3.png', findKey)).toMatchObject({
      is: 'whole',
      value: { widthPx: 1240, heightPx: 1754, sizeBytes: 17, versionId: 'v-7' },
    });
    expect(await readdir(path.dirname(file))).toEqual(['3.png']);
    if (process.platform === 'win32') return;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
  });
  it('keeps whether it is blank, where somebody looked', async () => {
    const { file } = await written();
    expect(await readPageFile(file, 'id-3.png', findKey)).not.toHaveProperty('value.isBlank');
    for (const isBlank of [true, false]) {
      const versionId = 'v'.repeat(200);
      await writePageFile(file, 'id-3.png', { ...PICTURE, versionId, isBlank }, { key });
      expect(await readPageHead(file, 'id-3.png', findKey)).toMatchObject({ value: { isBlank, versionId } });
      expect(await readPageFile(file, 'id-3.png', findKey)).toMatchObject({ value: { isBlank, versionId } });
    }
  });
  it('is found out wherever one bit of it is changed', async () => {
    const { file } = await written();
    const good = await readFile(file);
    // Every byte of picture and facts, and of the padding some.
    const used = key ? HEAD_BYTES : good.indexOf(0, 60);
    const places = [...good.keys()].filter((at) => at < used || at >= HEAD_BYTES || at % 97 === 0);
    for (const at of places) {
      const bad = Buffer.from(good);
      bad[at]! ^= 1 << (at % 8);
      await writeFile(file, bad);
      expect((await readPageFile(file, 'id-3.png', findKey)).is, `byte ${at}`).not.toBe('whole');
      // The head proves itself alone; the picture is proven when it is read.
      if (at < HEAD_BYTES) expect((await readPageHead(file, 'id-3.png', findKey)).is, `byte ${at}`).not.toBe('whole');
    }
  });
  it('is found out when it was cut short or grew', async () => {
    const { file } = await written();
    const good = await readFile(file);
    for (const bytes of [
      ...[0, 5, 44, HEAD_BYTES - 1, HEAD_BYTES, good.length - 1].map((end) => good.subarray(0, end)),
      Buffer.concat([good, Buffer.from('x')]),
    ]) {
      await writeFile(file, bytes);
      expect(await readPageFile(file, 'id-3.png', findKey)).toEqual({ is: 'damaged' });
      expect(await readPageHead(file, 'id-3.png', findKey)).toEqual({ is: 'damaged' });
    }
  });
  it('is no other page, wherever it is put', async () => {
    const { folder, file } = await written();
    await copyFile(file, path.join(folder, '4.png'));
    expect(await readPageFile(path.join(folder, '4.png'), 'id-4.png', findKey)).toEqual({ is: 'damaged' });
  });
  it('of a newer app is left alone', async () => {
    const { file } = await written();
    const newer = await readFile(file);
    newer[9] = 3;
    await writeFile(file, newer);
    expect(await readPageFile(file, 'id-3.png', findKey)).toEqual({ is: 'absent' });
    expect(await readPageHead(file, 'id-3.png', findKey)).toEqual({ is: 'absent' });
  });
  it('is not there where the disk takes nothing, and nothing is left aside', async () => {
    const folder = await makeFolder();
    await mkdir(path.join(folder, '3.png'));
    await expect(writePageFile(path.join(folder, '3.png'), 'id-3.png', PICTURE, { key })).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['3.png']);
    expect(await readPageFile(path.join(folder, '3.png'), 'id-3.png', findKey)).toEqual({ is: 'absent' });
  });
});

describe('a sealed page', () => {
  async function sealed(name = 'id-3.png', text = 'page 3') {
    const file = path.join(await makeFolder(), 'page.png');
    await writePageFile(file, name, { ...PICTURE, bytes: Buffer.from(`picture of ${text}`) }, { key: KEY });
    return file;
  }

  it('tells nothing of its picture or of what is said of it, and not the same twice', async () => {
    const [one, two] = await Promise.all([sealed(), sealed()].map(async (file) => readFile(await file)));
    for (const text of ['picture of', 'page 3', 'id-3', 'image/png', 'v-7', '"name"', KEY.secret.export()])
      expect(one!.includes(text), String(text)).toBe(false);
    // Magic, form and key are the same; of the rest hardly a byte is.
    const same = [...one!.keys()].filter((at) => one![at] === two![at]).length;
    expect(same).toBeLessThan(40);
  });
  it('is locked without its key, and stays as it is', async () => {
    const file = await sealed();
    const before = await readFile(file);
    for (const findKey of [withoutKey, (id: string) => (id === OTHER_KEY.id ? OTHER_KEY : null)]) {
      expect(await readPageFile(file, 'id-3.png', findKey)).toEqual({ is: 'locked', by: KEY.id });
      expect(await readPageHead(file, 'id-3.png', findKey)).toEqual({ is: 'locked', by: KEY.id });
    }
    expect(await readFile(file)).toEqual(before);
    expect(await readFileForm(file)).toMatchObject({ bytes: before.length, sealedBy: KEY.id });
  });
  it('is not opened by another key that passes for its own', async () => {
    const file = await sealed();
    const impostor: FindKey = () => OTHER_KEY;
    expect(await readPageFile(file, 'id-3.png', impostor)).toEqual({ is: 'damaged' });
  });
  it('takes neither another page’s picture nor that of an earlier writing', async () => {
    const file = await sealed();
    const good = await readFile(file);
    for (const other of [await sealed(), await sealed('id-4.png')]) {
      const foreign = await readFile(other);
      await writeFile(file, Buffer.concat([good.subarray(0, HEAD_BYTES), foreign.subarray(HEAD_BYTES)]));
      expect((await readPageHead(file, 'id-3.png', withKey)).is).toBe('whole');
      expect(await readPageFile(file, 'id-3.png', withKey)).toEqual({ is: 'damaged' });
    }
  });
  it('bears the time that it was used', async () => {
    const file = path.join(await makeFolder(), '3.png');
    await writePageFile(file, 'id-3.png', PICTURE, { key: KEY, usedAt: 1_700_000_000_500 });
    expect((await stat(file)).mtimeMs).toBeCloseTo(1_700_000_000_500, -1);
  });
});

it('a page written by an app that could not seal is read', async () => {
  // Byte for byte as the first version wrote it.
  const facts = JSON.stringify({
    ...{ name: 'id-3.png', mediaType: 'image/png', widthPx: 2, heightPx: 3, sizeBytes: 4 },
    ...{ fingerprint: createHash('sha256').update('abcd').digest('base64'), versionId: null },
  });
  const block = Buffer.alloc(HEAD_BYTES - 42);
  block.writeUInt32BE(facts.length);
  block.write(facts, 4);
  const sum = createHash('sha256').update(block).digest();
  const file = path.join(await makeFolder(), '3.png');
  await writeFile(file, Buffer.concat([Buffer.from('PLPAGE\r\n\0\x01', 'latin1'), sum, block, Buffer.from('abcd')]));
  expect(await readPageFile(file, 'id-3.png', withoutKey)).toMatchObject({ is: 'whole', value: { widthPx: 2 } });
});

it('a file aside names its writer', () => {
  expect(writerOf('3.png.4711-0123456789abcdef.part')).toBe(4711);
  for (const name of ['3.png', 'about.json', '3.png.part', '3.png.x-0123456789abcdef.part']) {
    expect(writerOf(name)).toBeNull();
  }
});
