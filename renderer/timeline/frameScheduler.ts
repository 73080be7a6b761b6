/**
 * Draws in the next screen frame, once however often it was asked; the latest request counts. Asking again never puts the
 * drawing off: a value that changes with every frame, such as the clock while playing, would otherwise keep it from ever
 * being drawn.
 */
export class FrameScheduler {
  private draw: (() => void) | undefined;
  private request = 0;

  ask(draw: () => void): void {
    this.draw = draw;
    if (this.request !== 0) return;
    this.request = requestAnimationFrame(() => {
      this.request = 0;
      this.draw?.();
    });
  }

  /** Nothing is drawn any more. */
  stop(): void {
    cancelAnimationFrame(this.request);
    this.request = 0;
    this.draw = undefined;
  }
}
