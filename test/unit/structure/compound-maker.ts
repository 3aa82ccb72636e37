/** Compound files of the given streams, with sectors of 512 bytes, as doc, xls and ppt are kept in. Source: [MS-CFB]. */

const SECTOR = 512;
const END = 0xfffffffe;
const FREE = 0xffffffff;
const FAT = 0xfffffffd;

/** Small streams are filled up to 4,096 bytes unless `keepSmall`: then they lie in the small stream. */
export function makeCompoundFile(streams: Readonly<Record<string, Buffer>>, keepSmall = false): Buffer {
  const names = Object.keys(streams);
  const padded = names.map((name) => {
    const bytes = streams[name]!;
    return keepSmall || bytes.length >= 4096 ? bytes : Buffer.concat([bytes, Buffer.alloc(4096 - bytes.length)]);
  });
  const isSmall = padded.map((bytes) => bytes.length < 4096);
  const sectors: Buffer[] = [];
  const next: number[] = [];
  const put = (bytes: Buffer): number => {
    const first = sectors.length;
    for (let at = 0; at < bytes.length; at += SECTOR) {
      sectors.push(Buffer.concat([bytes.subarray(at, at + SECTOR), Buffer.alloc(SECTOR)]).subarray(0, SECTOR));
      next.push(at + SECTOR < bytes.length ? sectors.length : END);
    }
    return first;
  };
  const small: Buffer[] = [];
  const smallNext: number[] = [];
  const firsts = padded.map((bytes, index) => {
    if (!isSmall[index]) return put(bytes);
    const first = smallNext.length;
    const count = Math.ceil(bytes.length / 64);
    small.push(Buffer.concat([bytes, Buffer.alloc(count * 64 - bytes.length)]));
    for (let at = 1; at <= count; at += 1) smallNext.push(at < count ? first + at : END);
    return first;
  });
  const smallStream = Buffer.concat(small);
  const rootFirst = smallStream.length > 0 ? put(smallStream) : END;
  const table = Buffer.alloc(Math.ceil((smallNext.length * 4) / SECTOR) * SECTOR, 0xff);
  smallNext.forEach((value, index) => table.writeUInt32LE(value, index * 4));
  const tableFirst = table.length > 0 ? put(table) : END;
  const entries = [
    entry('Root Entry', 5, rootFirst, smallStream.length),
    ...names.map((name, index) => entry(name, 2, firsts[index]!, padded[index]!.length)),
  ];
  const directoryFirst = put(Buffer.concat([...entries, Buffer.alloc((4 - (entries.length % 4)) * 128)]));
  const fatSectors = Math.ceil((next.length + 1) / (SECTOR / 4 - 1));
  const fatFirst = sectors.length;
  const fat = Buffer.alloc(fatSectors * SECTOR, 0xff);
  [...next, ...Array<number>(fatSectors).fill(FAT)].forEach((value, index) => fat.writeUInt32LE(value, index * 4));
  const header = Buffer.alloc(SECTOR, 0);
  Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
  header.writeUInt16LE(3, 0x1a);
  header.writeUInt16LE(9, 0x1e);
  header.writeUInt16LE(6, 0x20);
  header.writeUInt32LE(fatSectors, 0x2c);
  header.writeUInt32LE(directoryFirst, 0x30);
  header.writeUInt32LE(4096, 0x38);
  header.writeUInt32LE(tableFirst, 0x3c);
  header.writeUInt32LE(END, 0x44);
  for (let index = 0; index < 109; index += 1) {
    header.writeUInt32LE(index < fatSectors ? fatFirst + index : FREE, 0x4c + index * 4);
  }
  return Buffer.concat([header, ...sectors, fat]);
}

function entry(name: string, type: number, first: number, sizeBytes: number): Buffer {
  const bytes = Buffer.alloc(128);
  bytes.write(name, 'utf16le');
  bytes.writeUInt16LE((name.length + 1) * 2, 0x40);
  bytes.writeUInt8(type, 0x42);
  bytes.writeUInt32LE(first, 0x74);
  bytes.writeUInt32LE(sizeBytes, 0x78);
  return bytes;
}

/** A property set with whole numbers. Source: [MS-OLEPS]. */
export function makeProperties(values: Readonly<Record<number, number>>): Buffer {
  const ids = Object.keys(values).map(Number);
  const bytes = Buffer.alloc(48 + 8 + ids.length * 16);
  bytes.writeUInt32LE(1, 24);
  bytes.writeUInt32LE(48, 44);
  bytes.writeUInt32LE(ids.length, 52);
  ids.forEach((id, index) => {
    const offset = 8 + ids.length * 8 + index * 8;
    bytes.writeUInt32LE(id, 56 + index * 8);
    bytes.writeUInt32LE(offset, 60 + index * 8);
    bytes.writeUInt16LE(3, 48 + offset);
    bytes.writeInt32LE(values[id]!, 48 + offset + 4);
  });
  return bytes;
}

/** The beginning of a workbook: sheets by what they are, `visible`, `hidden` or `macro`. Source: [MS-XLS]. */
export function makeWorkbook(
  sheets: readonly ('visible' | 'hidden' | 'macro')[],
  more: readonly number[] = [],
): Buffer {
  const record = (kind: number, body: Buffer): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(kind, 0);
    head.writeUInt16LE(body.length, 2);
    return Buffer.concat([head, body]);
  };
  const bound = sheets.map((sheet) => {
    const flags = [sheet === 'hidden' ? 1 : 0, sheet === 'macro' ? 1 : 0];
    return record(0x85, Buffer.from([0, 0, 0, 0, ...flags, 1, 0, 0x41]));
  });
  const others = more.map((kind) => record(kind, Buffer.alloc(6)));
  return Buffer.concat([record(0x809, Buffer.alloc(16)), ...others, ...bound, record(0x0a, Buffer.alloc(0))]);
}
