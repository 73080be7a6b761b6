import { describe, expect, it } from 'vitest';
import { fileTime } from '../../core/project/mediaClock.js';
import { fromSeconds } from '../../core/time/microseconds.js';
import { followClock } from '../../renderer/project/mediaFollower.js';

describe('a second file on the clock of the recording', () => {
  it('begins where its offset says, before the recording too', () => {
    expect(fileTime({ offset: fromSeconds(2), driftPpm: 0 }, fromSeconds(5))).toBe(fromSeconds(3));
    expect(fileTime({ offset: fromSeconds(-2), driftPpm: 0 }, fromSeconds(0))).toBe(fromSeconds(2));
    expect(fileTime({ offset: fromSeconds(2), driftPpm: 0 }, fromSeconds(1))).toBe(fromSeconds(-1));
  });

  it('100 ppm are 0.36 s in an hour', () => {
    const drifted = fileTime({ offset: fromSeconds(0), driftPpm: 100 }, fromSeconds(3600));
    expect(drifted - fromSeconds(3600)).toBe(360_000);
  });
});

/** A media element as far as following needs one. */
class FakeElement {
  currentTime = 0;
  duration = 10;
  paused = true;
  playbackRate = 1;
  play(): Promise<void> {
    this.paused = false;
    return Promise.resolve();
  }
  pause(): void {
    this.paused = true;
  }
}

describe('following', () => {
  const media = { offset: fromSeconds(2), driftPpm: 0 };
  const clock = (seconds: number, playing = false) => ({ time: fromSeconds(seconds), playing, speed: 1.5 });

  it('stands where the recording stands, plays when it plays, at its speed', () => {
    const element = new FakeElement();
    expect(followClock(element, media, clock(5))).toBe(true);
    expect(element).toMatchObject({ currentTime: 3, paused: true });
    followClock(element, media, clock(5, true));
    expect(element).toMatchObject({ paused: false, playbackRate: 1.5 });
    element.currentTime = 3.05;
    followClock(element, media, clock(5.02, true));
    expect(element.currentTime).toBe(3.05);
    followClock(element, media, clock(6, true));
    expect(element.currentTime).toBe(4);
    followClock(element, media, clock(6));
    expect(element.paused).toBe(true);
  });

  it('is silent before it begins and after it ends', () => {
    const element = new FakeElement();
    void element.play();
    expect(followClock(element, media, clock(1, true))).toBe(false);
    expect(element.paused).toBe(true);
    expect(followClock(element, media, clock(20, true))).toBe(false);
  });
});
