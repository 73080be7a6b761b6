/**
 * Keeps the focus inside the panes (`data-pane`). When the element that has it is taken out of the page (a button whose
 * work is done, a row that was deleted), the browser gives the focus to nothing, and the keyboard has to start from
 * the top; then the pane that it was in takes it, else the first pane there is. A click on the empty part of a pane
 * goes to the pane.
 * @returns what ends it.
 */
export function keepFocus(root: HTMLElement): () => void {
  let pane: HTMLElement | undefined;
  const controller = new AbortController();
  const { signal } = controller;
  const remember = (event: FocusEvent | PointerEvent): void => {
    const around = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-pane]') : null;
    if (!around) return;
    if (!around.hasAttribute('tabindex')) around.tabIndex = -1;
    pane = around;
  };
  const restore = (): void => {
    if (!pane || document.activeElement !== document.body || document.querySelector('dialog[open]')) return;
    const target = pane.isConnected ? pane : root.querySelector<HTMLElement>('[data-pane]');
    if (!target) return;
    if (!target.hasAttribute('tabindex')) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  };
  const observer = new MutationObserver(restore);
  observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled', 'hidden'] });
  root.addEventListener('focusin', remember, { signal });
  root.addEventListener('pointerdown', remember, { signal, capture: true });
  return () => {
    observer.disconnect();
    controller.abort();
  };
}
