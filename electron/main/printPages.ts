import { randomUUID } from 'node:crypto';
import { BrowserWindow } from 'electron';
import { PRINT_ORIGIN } from './schemes.js';

/** Scales that are tried until a page fits one sheet: other fonts are wider than those that it was laid out with. */
const SCALES = [0.93, 0.86, 0.8, 0.74] as const;

const PRINT = { preferCSSPageSize: true, printBackground: true, generateTaggedPDF: true } as const;

/** Sheets of a PDF that this browser printed. */
function sheetsOf(pdf: Buffer): number {
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

async function printOnOneSheet({ webContents }: BrowserWindow): Promise<Buffer> {
  let pdf = await webContents.printToPDF(PRINT);
  for (const scale of SCALES) {
    if (sheetsOf(pdf) <= 1) break;
    pdf = await webContents.printToPDF({ ...PRINT, scale });
  }
  return pdf;
}

/** Pages that are printed now, by the address at which the app's own scheme serves them. */
export class PrintPages {
  readonly #pages = new Map<string, string>();

  /** The page of an address; undefined when it is not printed now. */
  pageOf(url: string): string | undefined {
    return this.#pages.get(url);
  }

  /**
   * Prints a page to PDF in a hidden window of its own: sandboxed, without script, without bridge. What is a little longer
   * than a sheet is made smaller; what still does not fit goes on on the next sheet, so that nothing is lost.
   * @throws the browser's error when it cannot be loaded or printed.
   */
  async print(html: string): Promise<Uint8Array> {
    const url = `${PRINT_ORIGIN}/${randomUUID()}.html`;
    this.#pages.set(url, html);
    const window = new BrowserWindow({
      show: false,
      webPreferences: {
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        javascript: false,
        webviewTag: false,
        spellcheck: false,
        devTools: false,
      },
    });
    try {
      await window.loadURL(url);
      return new Uint8Array(await printOnOneSheet(window));
    } finally {
      this.#pages.delete(url);
      window.destroy();
    }
  }
}
