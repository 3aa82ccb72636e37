/** One LibreOffice at work, and what its two ways of running have in common: `uno-office.ts`, `command-office.ts`. */

/** The three kinds of document that LibreOffice keeps apart. */
export type OfficeFamily = 'text' | 'sheet' | 'slides';

/** Paths of one conversion; both files lie in our own work folder and have names of our own making. */
export interface OfficeRequest {
  input: string;
  output: string;
  family: OfficeFamily;
}

/**
 * `load`: LibreOffice cannot open or export the document. `family`: it opens, but is another kind of document.
 * `lost`: LibreOffice itself ended. `not-started`: it never came up.
 */
export type OfficeAnswer = 'converted' | 'load' | 'family' | 'lost' | 'not-started';

/** One LibreOffice, good for one conversion at a time. */
export interface OfficeProcess {
  convert(request: OfficeRequest): Promise<OfficeAnswer>;
  /** True once it takes conversions, false if it does not come up. */
  readonly ready: Promise<boolean>;
  /** The memory that its processes held after the last conversion; 0 where that is not known. */
  readonly rssBytes: number;
  /** Ends it at once with every process it started, and removes its profile. A running conversion answers `lost`. */
  end(): Promise<void>;
}

/** LibreOffice's name for writing a PDF from each kind of document. */
export const PDF_FILTERS: Record<OfficeFamily, string> = {
  text: 'writer_pdf_Export',
  sheet: 'calc_pdf_Export',
  slides: 'impress_pdf_Export',
};

/** LibreOffice's temporary files go into its profile folder, and so go with it. Windows reads the other two names. */
export function officeEnvironment(profile: string): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: profile, TEMP: profile, TMP: profile };
}

/** Ends a process group with everything in it; null, or one that is gone, is nothing. Windows has none. */
export function killGroup(group: number | null): void {
  if (group === null || process.platform === 'win32') return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // gone already
  }
}
