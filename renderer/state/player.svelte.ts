import { type Microseconds, microseconds, type TimeRange } from '../../core/time/microseconds.js';
import { type FrameRate, stepFrames } from '../document/frames.js';

/** Speeds that J and L step through. */
export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 4] as const;

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
  frameRate = $state<FrameRate>();
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
    element.playbackRate = this.speed;
    return () => {
      controller.abort();
      cancelAnimationFrame(this.frameRequest);
      element.pause();
      this.playing = false;
      if (this.element === element) this.element = undefined;
    };
  }

  reset(duration: Microseconds, frameRate: FrameRate): void {
    this.element?.pause();
    this.time = microseconds(0);
    this.duration = duration;
    this.frameRate = frameRate;
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
    this.seek(stepFrames(this.time, frames, this.frameRate));
  }

  toggle(): void {
    if (this.playing) this.pause();
    else this.play();
  }

  play(): void {
    if (!this.element) return;
    const range = this.loop ? this.loopRange() : undefined;
    if (range && (this.time < range.start || this.time >= range.end)) this.seek(range.start);
    this.element.play().catch((error: unknown) => {
      // a pause right after play rejects the promise; that is not a fault of the file
      if (error instanceof DOMException && error.name === 'AbortError') return;
      this.mediaError = 'This file cannot be played here. Marks, results and export still work.';
    });
  }

  pause(): void {
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

  private read(): void {
    if (this.element) this.time = microseconds(Math.round(this.element.currentTime * 1e6));
  }

  private follow(): void {
    cancelAnimationFrame(this.frameRequest);
    this.frameRequest = requestAnimationFrame(() => {
      if (!this.playing) return;
      this.read();
      const range = this.loop ? this.loopRange() : undefined;
      if (range && this.time >= range.end) this.seek(range.start);
      this.follow();
    });
  }
}
