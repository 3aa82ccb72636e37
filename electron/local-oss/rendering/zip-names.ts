/** Reads which files a ZIP holds, the container of OOXML, without unpacking anything. Source: PKWARE APPNOTE 4.3. */

const LOCAL_HEADER = Uint8Array.of(0x50, 0x4b, 0x03, 0x04);
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = Uint8Array.of(0x50, 0x4b, 0x05, 0x06);

/** Whether the bytes begin as a ZIP with something in it does. */
export function isZip(bytes: Uint8Array): boolean {
  return LOCAL_HEADER.every((byte, index) => bytes[index] === byte);
}

export interface ZipListing {
  names: Set<string>;
  /** False where the list at the ZIP's end is missing or broken: then there may have been more. */
  isComplete: boolean;
}

/**
 * The names in a ZIP, in lower case, with `/` between folders. Where the list at its end is missing or broken, the names
 * are gathered from the files themselves, as LibreOffice does when it repairs. Never throws.
 */
export function readZipNames(bytes: Uint8Array): ZipListing {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names = new Set<string>();
  const add = (at: number, length: number): void => {
    const name = buffer.toString('utf8', at, at + length);
    names.add(name.replaceAll('\\', '/').replace(/^\//, '').toLowerCase()); // some writers do not keep to the rules
  };

  const end = buffer.lastIndexOf(END_RECORD);
  let at = end >= 0 && end + 22 <= buffer.length ? buffer.readUInt32LE(end + 16) : buffer.length;
  while (at + 46 <= buffer.length && buffer.readUInt32LE(at) === CENTRAL_HEADER) {
    const nameBytes = buffer.readUInt16LE(at + 28);
    add(at + 46, nameBytes);
    at += 46 + nameBytes + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
  }
  if (names.size > 0) return { names, isComplete: true };

  for (at = 0; at >= 0 && at + 30 <= buffer.length; at = buffer.indexOf(LOCAL_HEADER, at + 4))
    add(at + 30, buffer.readUInt16LE(at + 26));
  return { names, isComplete: false };
}
