/** Pictures as the app's own Electron sees them. */
import type { ElectronApplication } from '@playwright/test';

/** The pixels of a PNG, or of the picture on the clipboard, as the app's own Electron decodes them. */
export async function decode(
  app: ElectronApplication,
  png: Buffer | 'clipboard',
): Promise<{ size: string; bitmap: string }> {
  const base64 = png === 'clipboard' ? null : png.toString('base64');
  return app.evaluate(async ({ clipboard, nativeImage }, given) => {
    const readCopied = async (): Promise<Electron.NativeImage> => {
      // Electron 45 has another clipboard than those before it.
      const older = clipboard as unknown as { readImage?(): Electron.NativeImage };
      if (older.readImage) return older.readImage();
      const blob = await (await clipboard.read())[0]!.getType('image/png');
      return nativeImage.createFromBuffer(Buffer.from(await blob.arrayBuffer()));
    };
    const image = given === null ? await readCopied() : nativeImage.createFromBuffer(Buffer.from(given, 'base64'));
    const { width, height } = image.getSize();
    return { size: `${width} x ${height}`, bitmap: image.toBitmap().toString('base64') };
  }, base64);
}
