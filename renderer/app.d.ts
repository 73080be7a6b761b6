import type { LacunaBridge } from '../electron/contract/contract.js';

declare global {
  interface Window {
    /** Put there by the preload; the page's only way out. */
    readonly lacuna: LacunaBridge;
  }
}
