/** The two archive formats the bootstrap needs, in the least code that is right: reading tar, writing asar. */
import fs from 'node:fs';
import path from 'node:path';
import { Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';

const BLOCK = 512;

/**
 * Reads a tar stream (ustar, pax paths, GNU long names; regular files only). `pick(name)` answers where a file goes:
 * `{ file }` a path to write, `{ sink, done }` a stream to feed and the promise of its end, or null to pass over it.
 */
export function untar(stream, pick) {
  let pending = Buffer.alloc(0);
  let contentLeft = 0;
  let paddingLeft = 0;
  let sink = null;
  let longName = null;
  let extension = null;
  const writes = [];

  function openEntry(header) {
    const type = String.fromCharCode(header[156]);
    contentLeft = readSize(header);
    paddingLeft = (BLOCK - (contentLeft % BLOCK)) % BLOCK;
    if ('Lxg'.includes(type)) {
      extension = { type, parts: [] };
      return;
    }
    const name = longName ?? readName(header);
    longName = null;
    if (type !== '0' && type !== '\0') return;
    const target = pick(name);
    if (target?.file) {
      fs.mkdirSync(path.dirname(target.file), { recursive: true });
      sink = fs.createWriteStream(target.file, { mode: readOctal(header, 100, 8) & 0o777 });
      writes.push(finished(sink));
    } else if (target?.sink) {
      sink = target.sink;
      writes.push(target.done);
    }
    if (contentLeft === 0) closeEntry();
  }

  function closeEntry() {
    if (extension) {
      const text = Buffer.concat(extension.parts).toString();
      if (extension.type === 'L') longName = text.replace(/\0.*$/s, '');
      if (extension.type === 'x') longName = /\d+ path=([^\n]*)\n/.exec(text)?.[1] ?? longName;
      extension = null;
    }
    sink?.end();
    sink = null;
  }

  async function drain() {
    for (;;) {
      if (contentLeft > 0) {
        if (pending.length === 0) return;
        const part = pending.subarray(0, Math.min(contentLeft, pending.length));
        pending = pending.subarray(part.length);
        contentLeft -= part.length;
        if (extension) extension.parts.push(Buffer.from(part));
        else if (sink && !sink.write(part)) await new Promise((resolve) => sink.once('drain', resolve));
        if (contentLeft === 0) closeEntry();
      } else if (paddingLeft > 0) {
        if (pending.length < paddingLeft) return;
        pending = pending.subarray(paddingLeft);
        paddingLeft = 0;
      } else {
        if (pending.length < BLOCK) return;
        const header = pending.subarray(0, BLOCK);
        pending = pending.subarray(BLOCK);
        if (header[0] !== 0) openEntry(header);
      }
    }
  }

  const reader = new Writable({
    write(chunk, _encoding, done) {
      pending = pending.length ? Buffer.concat([pending, chunk]) : chunk;
      drain().then(() => done(), done);
    },
    final(done) {
      Promise.all(writes).then(() => done(), done);
    },
  });
  return pipeline(stream, reader);
}

function readText(header, offset, length) {
  const field = header.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? length : end).toString();
}
const readOctal = (header, offset, length) => parseInt(readText(header, offset, length).trim() || '0', 8);
const readSize = (header) => readOctal(header, 124, 12);
function readName(header) {
  const prefix = readText(header, 257, 5) === 'ustar' ? readText(header, 345, 155) : '';
  const name = readText(header, 0, 100);
  return prefix ? `${prefix}/${name}` : name;
}

/** Packs a flat set of files, name -> Buffer, as an asar archive. */
export function packAsar(files) {
  const header = { files: {} };
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    header.files[name] = { size: content.length, offset: String(offset) };
    offset += content.length;
  }
  const json = Buffer.from(JSON.stringify(header));
  const padding = (4 - (json.length % 4)) % 4;
  const pickle = Buffer.alloc(8 + json.length + padding);
  pickle.writeUInt32LE(4 + json.length + padding, 0);
  pickle.writeUInt32LE(json.length, 4);
  json.copy(pickle, 8);
  const size = Buffer.alloc(8);
  size.writeUInt32LE(4, 0);
  size.writeUInt32LE(pickle.length, 4);
  return Buffer.concat([size, pickle, ...Object.values(files)]);
}
