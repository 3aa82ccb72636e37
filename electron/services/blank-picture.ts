/** Whether a page is blank from edge to edge, as the pages are that some services show past the end. */
import { readGrey } from './grey-picture.ts';
import type { PagePicture } from './oss-client.ts';
import { lookAt } from './page-look.ts';

/** A picture with anything on it takes more bytes than this for each of its pixels; few pictures have to be decoded. */
const MOST_BYTES_PER_PIXEL = { 'image/png': 0.03, 'image/jpeg': 0.03 } as const;

/** True for a picture of nothing but paper. Never throws; one that cannot be decoded is not blank. */
export function isBlankPicture(picture: Omit<PagePicture, 'versionId' | 'isBlank'>): boolean {
  const { bytes, mediaType, widthPx, heightPx } = picture;
  if (bytes.length > 1024 + MOST_BYTES_PER_PIXEL[mediaType] * widthPx * heightPx) return false;
  try {
    return lookAt(readGrey(picture)).inkShare === 0;
  } catch {
    return false;
  }
}
