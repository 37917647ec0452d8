import { fileURLToPath } from 'node:url';
import { sealPage, sealPdf } from '@kaefer/pipeline';
import { Piscina } from 'piscina';
import type { Rendering } from './render-evidence.ts';

/** The thread runs what the build made, also when this file is run from its source. */
const threadPath = fileURLToPath(new URL('../../dist/evidence/render-evidence.js', import.meta.url));

/** How long the thread waits for more before it ends. */
const idleMs = 10_000;

/**
 * Makes pages and PDFs of evidence in a thread of its own: while a PDF is drawn the server would answer nobody. The thread
 * starts when it is needed.
 */
export class EvidenceRenderer {
  readonly #thread = new Piscina<Rendering, Uint8Array<ArrayBuffer>>({
    filename: threadPath,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: idleMs,
    execArgv: [],
  });

  /** A page or a PDF, sealed. */
  async render(rendering: Rendering): Promise<Buffer> {
    const bytes = await this.#thread.run(rendering);
    return rendering.kind === 'html'
      ? Buffer.from(sealPage(new TextDecoder().decode(bytes)))
      : sealPdf(bytes);
  }

  async close(): Promise<void> {
    await this.#thread.destroy();
  }
}
