/** The page renderer: a document of one of the seven formats in, a picture of one page out. */
import fs from 'node:fs/promises';
import path from 'node:path';
import { checkContent, type ContentFinding } from './content-check.ts';
import { Conversions, type Refusal } from './conversions.ts';
import { LibreOffice, type LibreOfficeOptions } from './libreoffice.ts';
import { findOffice } from './office-install.ts';
import type { PageJob, PageRenderer, RefusalReason, RenderOutcome } from './page-renderer.ts';
import { PdfWorkers } from './pdf-workers.ts';
import { makeWorkFolder, sweepWorkFolder } from './work-folder.ts';

export interface PageRendererOptions {
  /** Temporary files of all runs go here, each run's in a folder of its own; leftovers of dead processes are removed from it. */
  workFolder: string;
  /**
   * Where pdf-worker.cjs, pdfium.wasm and office-worker.py lie, as real files: out/helpers, unpacked beside the asar in
   * the packaged app.
   */
  helperFolder: string;
  /** A conversion by LibreOffice that takes longer is refused as too slow. 60,000 by default. */
  conversionTimeoutMs?: number;
  /** A page that takes longer to draw is refused as too slow. 30,000 by default. */
  pageTimeoutMs?: number;
  /** How much room converted documents may take on disk. 256 × 1024² by default. */
  cacheBytes?: number;
  /** How LibreOffice is found and when it is replaced: for tests and odd machines. */
  office?: Pick<LibreOfficeOptions, 'limits' | 'locate' | 'now'>;
}

/** The renderer, and how many conversions it has begun: what the cache saves can be counted. */
export interface CountingPageRenderer extends PageRenderer {
  readonly conversions: number;
}

interface Parts {
  folder: string;
  office: LibreOffice;
  pdfs: PdfWorkers;
  conversions: Conversions;
}

/**
 * Makes a renderer on real engines: PDFium in worker threads, LibreOffice in processes of its own. Sweeps up at once what
 * killed programs left; nothing is started before the first page is asked for. Dispose of it: idle processes keep the
 * program alive.
 */
export function makePageRenderer(options: PageRendererOptions): CountingPageRenderer {
  let parts: Promise<Parts> | null = null;
  let office: LibreOffice | null = null;
  let disposed = false;
  let inputs = 0;
  // What cannot be removed now may be another time; it is in nobody's way.
  const swept = sweepWorkFolder(options.workFolder).catch(() => undefined);

  async function start(): Promise<Parts> {
    await swept;
    const folder = await makeWorkFolder(options.workFolder);
    const {
      helperFolder,
      conversionTimeoutMs = 60_000,
      pageTimeoutMs = 30_000,
      cacheBytes = 256 * 1024 ** 2,
    } = options;
    office = new LibreOffice({ ...options.office, folder, helperFolder, timeoutMs: conversionTimeoutMs });
    const pdfs = new PdfWorkers({ helperFolder, pageTimeoutMs });
    return { folder, office, pdfs, conversions: new Conversions(folder, cacheBytes) };
  }

  async function render(job: PageJob, signal: AbortSignal): Promise<RenderOutcome> {
    signal.throwIfAborted();
    if (disposed) throw new Error('The renderer is disposed of');
    const ready = await (parts ??= start());
    // One content may be asked for as two kinds of document, of which one is wrong.
    const key = `${job.contentHash} ${kindOf(job)}`;
    const pdf = await ready.conversions.get(key, (file, stop) => makePdf(ready, job, file, stop), signal);
    if (pdf.kind === 'refused') return pdf;
    try {
      const { pageNumber, target } = job;
      return await ready.pdfs.render({ key, file: pdf.file, pageNumber, target }, signal);
    } finally {
      pdf.release();
    }
  }

  async function makePdf(
    { folder, office }: Parts,
    job: PageJob,
    file: string,
    signal: AbortSignal,
  ): Promise<Refusal | null> {
    const bytes = await job.read();
    const finding = checkContent(bytes, job.source);
    if (finding.kind === 'refused') return finding;
    if (finding.kind === 'pdf') {
      await fs.writeFile(file, bytes, { signal });
      return null;
    }
    const input = path.join(folder, `input-${++inputs}.${finding.extension}`);
    try {
      await fs.writeFile(input, bytes, { signal });
      return await convert(office, finding, input, file, signal);
    } finally {
      await fs.rm(input, { force: true });
    }
  }

  return {
    get conversions() {
      return office?.conversions ?? 0;
    },
    render,
    async dispose() {
      disposed = true;
      await swept;
      const ready = await parts?.catch(() => null);
      if (!ready) return;
      await Promise.all([ready.office.dispose(), ready.pdfs.dispose()]);
      await fs.rm(ready.folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

type OfficeFinding = Extract<ContentFinding, { kind: 'office' }>;

async function convert(
  office: LibreOffice,
  { family, isEncrypted }: OfficeFinding,
  input: string,
  output: string,
  signal: AbortSignal,
): Promise<Refusal | null> {
  const conversion = await office.convert({ input, output, family }, signal);
  switch (conversion) {
    case 'converted':
      return null;
    case 'load':
      return isEncrypted
        ? refusal('password', 'The document is protected by a password.')
        : refusal('unreadable', 'The document is damaged and cannot be opened.');
    case 'family':
      return refusal('wrong-content', 'The object holds another kind of document than its type says.');
    case 'too-slow':
      return refusal('too-slow', 'The document is too complex: preparing its pages took too long.');
    case 'missing': {
      const { command } = await findOffice();
      const how = command === null ? 'Install LibreOffice, then try again.' : `Install it, then try again: ${command}`;
      return refusal('office-missing', `Office documents need LibreOffice, which is not on this machine. ${how}`);
    }
    case 'not-started':
      return refusal(
        'office-missing',
        'Office documents need LibreOffice, which is on this machine but does not start.',
      );
  }
}

function refusal(reason: RefusalReason, message: string): Refusal {
  return { kind: 'refused', reason, message };
}

/** The six Office types are three kinds: the check lets a docx be called doc. */
function kindOf({ source }: PageJob): string {
  return source.replace(/x$/, '');
}
