import { BrowserWindow, nativeTheme } from 'electron';
import { PAGE_URL } from './schemes.js';

export interface WindowOptions {
  readonly preload: string;
  readonly devTools: boolean;
}

/** Colours of the empty window before the page has drawn, as the page's own background. */
const BACKGROUND = { light: '#F1F1EF', dark: '#0F1012' } as const;

/** Makes the workbench window; it is shown once the page has drawn. Loading goes on after the return. */
export function createWorkbenchWindow({ preload, devTools }: WindowOptions): BrowserWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    minWidth: 960,
    minHeight: 600,
    show: false,
    title: 'Lacuna',
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      devTools,
    },
  });
  window.once('ready-to-show', () => {
    window.show();
  });
  void window.loadURL(PAGE_URL);
  return window;
}

/** Longest wait for the page to write its edits when the window closes, ms. */
const SAVE_WAIT_MS = 2_000;

/**
 * Holds a closing window until the page has written its edits or the wait is over; a page that hangs or crashed cannot
 * keep it open.
 * @param ask tells the page; it answers through the returned `saved`.
 */
export function closeAfterSaving(window: BrowserWindow, ask: () => void): { readonly saved: () => void } {
  let done = false;
  const close = (): void => {
    done = true;
    if (!window.isDestroyed()) window.close();
  };
  window.on('close', (event) => {
    if (done || window.webContents.isCrashed()) return;
    event.preventDefault();
    ask();
    setTimeout(close, SAVE_WAIT_MS).unref();
  });
  return { saved: close };
}
