import { describe, expect, it } from 'vitest';
import { inGrey } from '../../../core/pictures/colours.js';
import { drawnAxes } from '../../../core/pictures/plotAxes.js';
import { plainColour } from '../../../renderer/pictures/svgLook.js';

describe('a plot of the page as a picture', () => {
  it('gets its values with a true minus, its unit and its times, and room for them', () => {
    const axes = drawnAxes(
      { values: [-4.5, 12], unit: 'dB', times: [9_000_000, 11_990_000] },
      { width: 250, height: 46 },
    );
    for (const words of ['>−4.5<', '>12.0<', '>dB<', '>00:00:09.000<', '>00:00:11.990<']) {
      expect(axes.drawn).toContain(words);
    }
    expect(axes.left).toBeGreaterThan(20);
    expect(axes.below).toBeGreaterThan(10);
  });

  it('writes colours that every program reads, apart from how much they cover', () => {
    expect(plainColour('color(srgb 1 0.5 0 / 0.25)')).toEqual({ colour: 'rgb(255, 128, 0)', opacity: 0.25 });
    expect(plainColour('rgba(26, 27, 29, 0.17)')).toEqual({ colour: 'rgb(26, 27, 29)', opacity: 0.17 });
    expect(plainColour('rgb(1, 2, 3)')).toEqual({ colour: 'rgb(1, 2, 3)', opacity: 1 });
    expect(plainColour('none')).toEqual({ colour: 'none', opacity: 1 });
  });

  it('has no hue in greyscale', () => {
    expect(inGrey('<path fill="rgb(255, 0, 0)" stroke="rgb(10, 10, 10)"/>')).toBe(
      '<path fill="rgb(54, 54, 54)" stroke="rgb(10, 10, 10)"/>',
    );
  });
});
