import { type Microseconds, microseconds, type TimeRange } from '../../core/time/microseconds.js';
import { type FrameClock, steadyFrames, stepFrames } from '../document/frames.js';

/** Speeds that J and L step through. */
export const SPEEDS = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4] as const;

/** Seconds added to a seek, so that a decoder that rounds down still shows the frame that starts there. */
const FRAME_SLACK_SECONDS = 0.0005;

/** The clock of the page: drives the media element, and goes on as a plain cursor where there is none. */
export class Player {
  time = $state<Microseconds>(microseconds(0));
  playing = $state(false);
  speed = $state(1);
  loop = $state(false);
  /** Why the element cannot play the file; empty when it can. */
  mediaError = $state('');
  duration = $state<Microseconds>(microseconds(0));
  /** Where frames begin: at a steady rate until the file's own times are known. */
  frames = $state.raw<FrameClock>(steadyFrames(undefined));
  /** The stretch that is played once, then playing stops at its end. */
  private once: TimeRange | undefined;
  /** The stretch that a loop repeats. */
  loopRange: () => TimeRange | undefined = () => undefined;
  private element: HTMLMediaElement | undefined;
  private frameRequest = 0;

  /** Takes over a media element; the returned function lets it go. */
  attach(element: HTMLMediaElement): () => void {
    this.element = element;
    this.mediaError = '';
    const controller = new AbortController();
    const on = (name: string, listener: () => void) =>
      element.addEventListener(name, listener, { signal: controller.signal });
    on('play', () => {
      this.playing = true;
      this.follow();
    });
    on('pause', () => {
      this.playing = false;
      this.read();
    });
    on('ended', () => (this.playing = false));
    on('error', () => (this.mediaError = 'This file cannot be played here. Marks, results and export still work.'));
    on('loadedmetadata', () => this.seek(this.time));
    element.preservesPitch = true;
    element.playbackRate = this.speed;
    return () => {
      controller.abort();
      cancelAnimationFrame(this.frameRequest);
      element.pause();
      this.playing = false;
      if (this.element === element) this.element = undefined;
    };
  }

  reset(duration: Microseconds, framesPerSecond: number | undefined): void {
    this.element?.pause();
    this.time = microseconds(0);
    this.duration = duration;
    this.frames = steadyFrames(framesPerSecond);
    this.once = undefined;
    this.loop = false;
  }

  seek(time: number): void {
    const last = Math.max(0, this.duration - 1);
    this.time = microseconds(Math.round(Math.min(Math.max(0, time), last)));
    if (this.element) this.element.currentTime = this.time / 1e6 + FRAME_SLACK_SECONDS;
  }

  seekBy(delta: number): void {
    this.seek(this.time + delta);
  }

  step(frames: number): void {
    this.pause();
    this.seek(stepFrames(this.time, frames, this.frames));
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  toggleLoop(): void {
    this.loop = !this.loop;
  }

  /** Plays a stretch once and stops at its end, on the first frame after it. */
  playRange(range: TimeRange): void {
    this.seek(range.start);
    this.play();
    this.once = range;
  }

  play(): void {
    if (!this.element) return;
    this.once = undefined;
    const range = this.loop ? this.loopRange() : undefined;
    if (range && (this.time < range.start || this.time >= range.end)) this.seek(range.start);
    this.element.play().catch((error: unknown) => {
      // a pause right after play rejects the promise; that is not a fault of the file
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.mediaError = 'This file cannot be played here. Marks, results and export still work.';
    });
  }

  pause(): void {
    this.once = undefined;
    this.element?.pause();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    if (this.element) this.element.playbackRate = speed;
  }

  /** One step faster (1) or slower (-1). */
  changeSpeed(direction: 1 | -1): void {
    const index = SPEEDS.findIndex((speed) => speed === this.speed);
    const next = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, index + direction))];
    if (next !== undefined) this.setSpeed(next);
  }

  private stopAtEnd(range: TimeRange): void {
    if (this.time < range.end) return;
    this.pause();
    this.seek(range.end);
  }

  private goRound(): void {
    const range = this.loop ? this.loopRange() : undefined;
    if (range && this.time >= range.end) this.seek(range.start);
  }

  private read(): void {
    if (this.element) this.time = microseconds(Math.round(this.element.currentTime * 1e6));
  }

  private follow(): void {
    cancelAnimationFrame(this.frameRequest);
    this.frameRequest = requestAnimationFrame(() => {
      if (!this.playing) return;
      this.read();
      if (this.once) this.stopAtEnd(this.once);
      else this.goRound();
      this.follow();
    });
  }
}
