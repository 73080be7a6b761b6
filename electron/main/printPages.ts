import { randomUUID } from 'node:crypto';
import { BrowserWindow } from 'electron';
import { PRINT_ORIGIN } from './schemes.js';

/** Pages that are printed now, by the address at which the app's own scheme serves them. */
export class PrintPages {
  readonly #pages = new Map<string, string>();

  /** The page of an address; undefined when it is not printed now. */
  pageOf(url: string): string | undefined {
    return this.#pages.get(url);
  }

  /**
   * Prints a page to PDF in a hidden window of its own: sandboxed, without script, without bridge.
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
      const pdf = await window.webContents.printToPDF({
        preferCSSPageSize: true,
        printBackground: true,
        generateTaggedPDF: true,
      });
      return new Uint8Array(pdf);
    } finally {
      this.#pages.delete(url);
      window.destroy();
    }
  }
}
