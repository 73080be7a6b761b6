import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { microseconds } from '../../core/time/microseconds.js';
import {
  clampViewport,
  ensureVisible,
  fitViewport,
  MIN_SPAN,
  scrollBy,
  timeToX,
  type Viewport,
  visibleIndexes,
  withZoomLevel,
  xToTime,
  zoomAt,
  zoomLevel,
  zoomToRange,
} from '../../renderer/timeline/viewport.js';

const viewport = fc
  .record({
    duration: fc.integer({ min: 300_000, max: 9_000_000_000 }),
    start: fc.double({ min: 0, max: 1, noNaN: true }),
    share: fc.double({ min: 0.0001, max: 1, noNaN: true }),
    width: fc.integer({ min: 200, max: 4000 }),
  })
  .map(({ duration, start, share, width }) =>
    clampViewport({ duration, width, span: duration * share, start: duration * start }),
  );

function inside(view: Viewport): boolean {
  const slack = 1e-3;
  return view.start >= -slack && view.start + view.span <= view.duration + slack && view.span >= MIN_SPAN - slack;
}

describe('timeline viewport', () => {
  it('zooming keeps the time under the pointer, unless the recording ends there', () => {
    fc.assert(
      fc.property(
        viewport,
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (view, factor, at) => {
          const x = view.width * at;
          const before = view.start + at * view.span;
          const zoomed = zoomAt(view, factor, x);
          expect(inside(zoomed)).toBe(true);
          const touchesBorder = zoomed.start <= 0 || zoomed.start + zoomed.span >= zoomed.duration - 1e-3;
          if (!touchesBorder) expect(Math.abs(zoomed.start + at * zoomed.span - before)).toBeLessThan(2);
        },
      ),
    );
  });

  it('a time comes back from its pixel within a pixel, and never lies outside the recording', () => {
    fc.assert(
      fc.property(viewport, fc.double({ min: -1, max: 2, noNaN: true }), (view, at) => {
        const time = xToTime(view, at * view.width);
        expect(Number.isSafeInteger(time)).toBe(true);
        expect(time).toBeGreaterThanOrEqual(0);
        expect(time).toBeLessThanOrEqual(view.duration);
        if (at >= 0 && at <= 1) expect(Math.abs(timeToX(view, time) - at * view.width)).toBeLessThan(1);
      }),
    );
  });

  it('scrolling, zoom slider and zoom to a range stay inside the recording', () => {
    fc.assert(
      fc.property(
        viewport,
        fc.integer({ min: -9000, max: 9000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (view, pixels, level) => {
          expect(inside(scrollBy(view, pixels))).toBe(true);
          const zoomed = withZoomLevel(view, level, view.duration / 2);
          expect(inside(zoomed)).toBe(true);
          expect(zoomLevel(zoomed)).toBeCloseTo(level, 6);
          expect(inside(zoomToRange(view, view.duration * 0.3, view.duration * 0.4))).toBe(true);
        },
      ),
    );
  });

  it('a time that is in view does not move the view, one outside does', () => {
    const view = { ...fitViewport(microseconds(60_000_000), 1000), start: 10_000_000, span: 5_000_000 };
    expect(ensureVisible(view, 12_000_000)).toBe(view);
    const moved = ensureVisible(view, 40_000_000);
    expect(moved.start).toBeLessThan(40_000_000);
    expect(moved.start + moved.span).toBeGreaterThan(40_000_000);
  });

  it('culling gives exactly the items that touch the view, however many there are', () => {
    fc.assert(
      fc.property(
        viewport,
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.2, noNaN: true })), {
          maxLength: 60,
        }),
        (view, raw) => {
          const items = raw
            .map(([start, length]) => ({ start: start * view.duration, end: (start + length) * view.duration }))
            .sort((a, b) => a.start - b.start);
          const longest = items.reduce((most, item) => Math.max(most, item.end - item.start), 0);
          const [from, to] = visibleIndexes(
            items.map((item) => item.start),
            longest,
            view,
          );
          items.forEach((item, index) => {
            const touches = item.start < view.start + view.span && item.end > view.start;
            if (touches) expect(index >= from && index < to).toBe(true);
          });
        },
      ),
    );
  });
});
