// A PDF (ISO 32000-2) as pages to look at: pictures of them, and their words. Nothing in it runs, leads anywhere or is
// filled in, and every step has a limit. The bytes are read in a worker of their own, which ends with the document.

import type { PDFDocumentLoadingTask, PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { trustedPdfWorker } from '$lib/trusted';
// oxlint-disable-next-line import/default -- the build answers with an address
import PDF_WORKER from './pdfworker?worker&url';

/** Of longer documents the beginning is shown. */
export const PAGES_MOST = 2_000;
/** Pixels of one page's picture: beyond, it is drawn coarser. */
const PIXELS_MOST = 8_000_000;
/** Pixels of one picture inside a page: a larger one is left out. */
const IMAGE_PIXELS_MOST = 64_000_000;
/** From opening to the first page's size, and for each page from then on. */
const OPEN_MS_MOST = 20_000;
const PAGE_MS_MOST = 20_000;
/** What the worker is left to end by itself, so that fonts are taken out of the page. */
const END_MS_MOST = 2_000;
/** A side of a page in points: 200 inches are the most that the standard speaks of (annex C.2). */
const SIDE_MOST = 14_400;
const SIDE_LEAST = 3;

export interface Size {
  width: number;
  height: number;
}
export type PdfProblem = 'locked' | 'damaged' | 'slow';

export class PdfError extends Error {
  constructor(readonly problem: PdfProblem) {
    super(problem);
  }
}

export interface PdfDocument {
  /** Pages that are shown, and pages that there are. */
  readonly pages: number;
  readonly pagesInAll: number;
  /** The first page's; what others are taken for until they are asked. */
  readonly firstSize: Size;
  size(page: number): Promise<Size>;
  /** A new picture of a page, `scale` pixels of the screen's style to a point. */
  draw(page: number, scale: number, signal: AbortSignal): Promise<HTMLCanvasElement>;
  /** The words of a page, over where they stand in the picture. */
  write(page: number, scale: number, layer: HTMLElement, signal: AbortSignal): Promise<void>;
  /** What was needed to draw a page that is no longer near. */
  letGo(page: number): void;
  close(): void;
}

const engine = () => import('pdfjs-dist/legacy/build/pdf.mjs');
type Engine = Awaited<ReturnType<typeof engine>>;

export async function openPdf(bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<PdfDocument> {
  const pdf = await engine();
  signal.throwIfAborted();
  const worker = new Worker(trustedPdfWorker(PDF_WORKER), { type: 'module' });
  const task = begin(pdf, worker, bytes);
  const close = () => {
    const end = () => worker.terminate();
    within(END_MS_MOST, task.destroy()).then(end, end);
  };
  signal.addEventListener('abort', close, { once: true });
  try {
    const failed = new Promise<never>((_, refuse) => {
      worker.addEventListener('error', () => refuse(new Error('the worker did not start')), { once: true });
      signal.addEventListener('abort', () => refuse(signal.reason), { once: true });
    });
    const opened = await within(OPEN_MS_MOST, Promise.race([failed, withFirstPage(task)]));
    return new Opened(pdf, opened.proxy, opened.size, close);
  } catch (cause) {
    close();
    throw asProblem(cause);
  } finally {
    signal.removeEventListener('abort', close);
  }
}

function begin(pdf: Engine, worker: Worker, bytes: Uint8Array<ArrayBuffer>): PDFDocumentLoadingTask {
  // Written beside the application by the build, and fetched by the page, never by the worker.
  const verbosity = pdf.VerbosityLevel.ERRORS;
  const parts = `/assets/pdf-${pdf.version}/`;
  return pdf.getDocument({
    data: bytes,
    worker: pdf.PDFWorker.create({ port: worker, verbosity }),
    cMapUrl: parts,
    standardFontDataUrl: parts,
    wasmUrl: parts,
    useWorkerFetch: false,
    // The page's policy allows no WebAssembly.
    useWasm: false,
    useSystemFonts: false,
    enableXfa: false,
    stopAtErrors: false,
    maxImageSize: IMAGE_PIXELS_MOST,
    canvasMaxAreaInBytes: 4 * IMAGE_PIXELS_MOST,
    verbosity,
  });
}

async function withFirstPage(task: PDFDocumentLoadingTask): Promise<{ proxy: PDFDocumentProxy; size: Size }> {
  const proxy = await task.promise;
  return { proxy, size: sizeOf(await proxy.getPage(1)) };
}

function sizeOf(page: PDFPageProxy): Size {
  const { width, height } = page.getViewport({ scale: 1 });
  const side = (length: number) => (Number.isFinite(length) ? Math.min(Math.max(length, SIDE_LEAST), SIDE_MOST) : SIDE_LEAST);
  return { width: side(width), height: side(height) };
}

class Opened implements PdfDocument {
  readonly pages: number;
  readonly pagesInAll: number;
  readonly #open = new Map<number, Promise<PDFPageProxy>>();

  constructor(
    readonly engine: Engine,
    readonly proxy: PDFDocumentProxy,
    readonly firstSize: Size,
    readonly close: () => void,
  ) {
    this.pagesInAll = proxy.numPages;
    this.pages = Math.min(proxy.numPages, PAGES_MOST);
  }

  async size(page: number): Promise<Size> {
    return sizeOf(await this.#page(page));
  }

  async draw(number: number, scale: number, signal: AbortSignal): Promise<HTMLCanvasElement> {
    const page = await this.#page(number);
    signal.throwIfAborted();
    const { width, height } = sizeOf(page);
    const fine = Math.min(devicePixelRatio, Math.sqrt(PIXELS_MOST / (width * height)) / scale);
    const viewport = page.getViewport({ scale: scale * fine });
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.floor(width * scale * fine));
    canvas.height = Math.max(1, Math.floor(height * scale * fine));
    // Stamps and filled fields are part of the picture; what could be pressed in them is not there.
    const task = page.render({ canvas, viewport, annotationMode: this.engine.AnnotationMode.ENABLE });
    const stop = () => task.cancel();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await within(PAGE_MS_MOST, task.promise);
    } catch (cause) {
      stop();
      throw cause;
    } finally {
      signal.removeEventListener('abort', stop);
    }
    return canvas;
  }

  async write(number: number, scale: number, layer: HTMLElement, signal: AbortSignal): Promise<void> {
    const page = await this.#page(number);
    signal.throwIfAborted();
    const words = new this.engine.TextLayer({ textContentSource: page.streamTextContent(), container: layer, viewport: page.getViewport({ scale }) });
    const stop = () => words.cancel();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await within(PAGE_MS_MOST, words.render());
    } catch (cause) {
      stop();
      throw cause;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  letGo(number: number): void {
    void this.#open.get(number)?.then((page) => page.cleanup(), () => {});
  }

  #page(number: number): Promise<PDFPageProxy> {
    const known = this.#open.get(number);
    if (known) return known;
    const page = within(PAGE_MS_MOST, this.proxy.getPage(number));
    this.#open.set(number, page);
    page.catch(() => this.#open.delete(number));
    return page;
  }
}

/** Counted while one looks: browsers draw nothing in a page that is hidden. */
async function within<T>(most: number, work: Promise<T>): Promise<T> {
  const step = 1_000;
  let left = most;
  let timer: ReturnType<typeof setInterval> | undefined;
  const over = new Promise<never>((_, refuse) => {
    timer = setInterval(() => {
      if (!document.hidden) left -= step;
      if (left <= 0) refuse(new PdfError('slow'));
    }, step);
  });
  try {
    return await Promise.race([work, over]);
  } finally {
    clearInterval(timer);
  }
}

/** What the person can do about it; anything else is tried again. */
function asProblem(cause: unknown): unknown {
  if (!(cause instanceof Error)) return cause;
  if (cause.name === 'PasswordException') return new PdfError('locked');
  return cause.name === 'InvalidPDFException' || cause.name === 'UnknownErrorException' ? new PdfError('damaged') : cause;
}
