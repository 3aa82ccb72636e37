/** The port between the OSS protocol and the machinery that turns documents into pictures. */

export type DocumentType = 'pdf' | 'docx' | 'doc' | 'xlsx' | 'xls' | 'pptx' | 'ppt';

export interface PageJob {
  /** SHA-256 of the document's bytes, hex: the conversion is cached under it. */
  contentHash: string;
  /** The whole document; called at most once per job and only when no cached conversion serves. */
  read(): Promise<Uint8Array>;
  source: DocumentType;
  target: 'png' | 'jpg';
  /** From 1, at most 2,000. */
  pageNumber: number;
}

/** Why no picture can be made. `message` is a sentence a person understands. */
export type RefusalReason =
  | 'page-out-of-range'
  | 'password'
  | 'unreadable' // damaged beyond what the engine repairs
  | 'wrong-content' // not PDF, OLE or OOXML of the family that its type says
  | 'empty'
  | 'too-slow'
  | 'office-missing';

export type RenderOutcome =
  | { kind: 'picture'; bytes: Uint8Array; mediaType: 'image/png' | 'image/jpeg' }
  | { kind: 'refused'; reason: RefusalReason; message: string; pageCount?: number };

export interface PageRenderer {
  /**
   * Renders one page; identical jobs give identical bytes while the conversion is cached. Aborting rejects with the
   * signal's reason.
   */
  render(job: PageJob, signal: AbortSignal): Promise<RenderOutcome>;
  /** Ends every process and worker it started and removes its folders. */
  dispose(): Promise<void>;
}
