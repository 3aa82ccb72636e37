import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES, readPageFile, readPageHead, writePageFile, writerOf } from '#services/page-files.ts';
import { makeFolder } from './kept-fixture.ts';
import { pictureOf } from './oss-twin.ts';

const PICTURE = { ...pictureOf('page 3'), versionId: 'v-7' };

async function written(): Promise<{ folder: string; file: string }> {
  const folder = await makeFolder();
  const file = path.join(folder, 'document', '3.png');
  expect(await writePageFile(file, 'id-3.png', PICTURE)).toBe(HEAD_BYTES + PICTURE.bytes.length);
  return { folder, file };
}

describe('a page on the disk', () => {
  it('comes back as it was, for its owner only, with nothing left aside', async () => {
    const { file } = await written();
    expect(await readPageFile(file, 'id-3.png')).toEqual({
      is: 'whole',
      value: { ...PICTURE, bytes: new Uint8Array(PICTURE.bytes) },
    });
    expect(await readPageHead(file, 'id-3.png')).toMatchObject({
      is: 'whole',
      value: { widthPx: 1240, heightPx: 1754, sizeBytes: 17, versionId: 'v-7' },
    });
    expect(await readdir(path.dirname(file))).toEqual(['3.png']);
    if (process.platform === 'win32') return;
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
  });
  it('is found out wherever one bit of it is changed', async () => {
    const { file } = await written();
    const good = await readFile(file);
    // Every byte of picture and facts, and of the padding some.
    const used = good.indexOf(0, 60);
    const places = [...good.keys()].filter((at) => at < used || at >= HEAD_BYTES || at % 97 === 0);
    for (const at of places) {
      const bad = Buffer.from(good);
      bad[at]! ^= 1 << (at % 8);
      await writeFile(file, bad);
      expect((await readPageFile(file, 'id-3.png')).is, `byte ${at}`).not.toBe('whole');
      // The head proves itself alone; the picture is proven when it is read.
      if (at < HEAD_BYTES) expect((await readPageHead(file, 'id-3.png')).is, `byte ${at}`).not.toBe('whole');
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
      expect(await readPageFile(file, 'id-3.png')).toEqual({ is: 'damaged' });
      expect(await readPageHead(file, 'id-3.png')).toEqual({ is: 'damaged' });
    }
  });
  it('is no other page, wherever it is put', async () => {
    const { folder, file } = await written();
    await copyFile(file, path.join(folder, '4.png'));
    expect(await readPageFile(path.join(folder, '4.png'), 'id-4.png')).toEqual({ is: 'damaged' });
  });
  it('of a newer app is left alone', async () => {
    const { file } = await written();
    const newer = await readFile(file);
    newer[9] = 2;
    await writeFile(file, newer);
    expect(await readPageFile(file, 'id-3.png')).toEqual({ is: 'absent' });
    expect(await readPageHead(file, 'id-3.png')).toEqual({ is: 'absent' });
  });
  it('is not there where the disk takes nothing, and nothing is left aside', async () => {
    const folder = await makeFolder();
    await mkdir(path.join(folder, '3.png'));
    await expect(writePageFile(path.join(folder, '3.png'), 'id-3.png', PICTURE)).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['3.png']);
    expect(await readPageFile(path.join(folder, '3.png'), 'id-3.png')).toEqual({ is: 'absent' });
  });
});

it('a file aside names its writer', () => {
  expect(writerOf('3.png.4711-0123456789abcdef.part')).toBe(4711);
  for (const name of ['3.png', 'about.json', '3.png.part', '3.png.x-0123456789abcdef.part']) {
    expect(writerOf(name)).toBeNull();
  }
});
