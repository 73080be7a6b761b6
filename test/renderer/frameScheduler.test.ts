import { describe, expect, it } from 'vitest';
import { FrameScheduler } from '../../renderer/timeline/frameScheduler.js';

describe('drawing in the next frame', () => {
  it('a request from inside every frame cannot put the drawing off, and the latest one is drawn', async () => {
    const scheduler = new FrameScheduler();
    const drawn: number[] = [];
    let asked = 0;
    const tick = () => {
      asked += 1;
      const value = asked;
      scheduler.ask(() => drawn.push(value));
      scheduler.ask(() => drawn.push(value * 100));
      if (asked < 6) requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    await expect.poll(() => drawn.at(-1)).toBe(600);
    expect(drawn.length).toBeGreaterThanOrEqual(3);
    expect(drawn.every((value) => value % 100 === 0)).toBe(true);
  });

  it('after stop nothing is drawn', async () => {
    const scheduler = new FrameScheduler();
    let drawn = false;
    scheduler.ask(() => (drawn = true));
    scheduler.stop();
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    expect(drawn).toBe(false);
  });
});
