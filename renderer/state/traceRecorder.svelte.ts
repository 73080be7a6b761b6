import type { AnnotationDocument } from '../../core/document/annotationDocument.js';
import { microseconds } from '../../core/time/microseconds.js';
import { nextTraceId, putTrace } from '../../core/traces/editTraces.js';
import type { Trace, TraceDimension, TraceInput } from '../../core/traces/trace.js';
import { TraceDraft } from '../../core/traces/traceDraft.js';
import { utcNow } from '../document/now.js';
import type { Editor } from './editor.svelte.js';
import type { Player } from './player.svelte.js';

/** Seconds counted down before sampling begins or goes on. */
const COUNTDOWN = 3;
/** Longest time between two writes of a running recording, ms. */
const WRITE_EVERY_MS = 900;
/** Stick movement that counts as a movement; sticks at rest are never quite at 0. */
const DEAD_ZONE = 0.06;

export type RecorderState = 'ready' | 'countdown' | 'recording' | 'paused';

interface RecorderSources {
  readonly editor: Editor;
  readonly player: Player;
  readonly raterId: () => string;
  readonly say: (message: string) => void;
  /** Vertical position of the first gamepad's stick, 1 at the top; undefined without one. */
  readonly stick?: () => number | undefined;
}

/** Records what a person says continuously while the recording plays: one trace per take. */
export class TraceRecorder {
  /** The pane is on screen. */
  open = $state(false);
  dimension = $state<TraceDimension>('valence');
  input = $state<TraceInput>('mouse');
  /** Values per second. */
  rate = $state(20);
  /** Stated reaction lag of new traces, ms; kept with each, never applied to what is stored. */
  lagMs = $state(0);
  state = $state<RecorderState>('ready');
  /** Seconds left before sampling; 0 when none are counted. */
  secondsLeft = $state(0);
  /** -1 to 1; undefined before the person moved: nothing is recorded until then. */
  value = $state<number>();

  private readonly sources: RecorderSources;
  private draft: TraceDraft | undefined;
  private take: Pick<Trace, 'id' | 'recordedUtc'> | undefined;
  private recordingId = '';
  private readonly speeds: number[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private frameRequest = 0;
  private writtenAt = 0;

  constructor(sources: RecorderSources) {
    this.sources = sources;
  }

  /** A take has begun and was not ended: playing and pausing go through the recorder. */
  get busy(): boolean {
    return this.state !== 'ready';
  }

  /** Begins a take, pauses it, or goes on with a countdown. */
  toggle(): void {
    if (this.state === 'ready') this.begin();
    else if (this.state === 'paused') this.countDown(COUNTDOWN);
    else this.pause();
  }

  /** The person moved: -1 to 1, cut there. */
  set(value: number): void {
    this.value = Math.min(1, Math.max(-1, Math.round(value * 1000) / 1000));
  }

  /** One step up or down, from the middle when nothing was said yet. */
  nudge(by: number): void {
    this.set((this.value ?? 0) + by);
  }

  /** Ends the take and keeps what was recorded. */
  stop(): void {
    if (!this.busy) return;
    this.halt();
    this.sources.player.pause();
    const kept = this.write();
    this.state = 'ready';
    this.draft = undefined;
    this.sources.say(kept ? 'Trace kept. Undo removes it.' : 'Nothing was recorded: there was no movement.');
  }

  /** Another recording comes on screen: the take ends with what it has. */
  leave(): void {
    if (this.busy) this.stop();
    this.value = undefined;
  }

  private begin(): void {
    const { document } = this.sources.editor;
    if (!document) return;
    this.draft = new TraceDraft(this.rate);
    this.take = { id: nextTraceId(document), recordedUtc: utcNow() };
    this.recordingId = document.recordingId;
    this.speeds.length = 0;
    this.value = undefined;
    this.countDown(COUNTDOWN);
  }

  private countDown(seconds: number): void {
    this.state = 'countdown';
    this.secondsLeft = seconds;
    this.sources.say(String(seconds));
    this.timer = setTimeout(() => {
      if (seconds > 1) this.countDown(seconds - 1);
      else this.run();
    }, 1000);
  }

  private run(): void {
    this.secondsLeft = 0;
    this.state = 'recording';
    this.writtenAt = performance.now();
    this.sources.player.play();
    this.sources.say('Recording');
    // the element starts a little later than it is asked to
    let started = false;
    const follow = () => {
      if (this.state !== 'recording') return;
      const { playing } = this.sources.player;
      if (playing) this.sample();
      else if (started || this.sources.player.mediaError !== '') return this.pause();
      started ||= playing;
      this.frameRequest = requestAnimationFrame(follow);
    };
    this.frameRequest = requestAnimationFrame(follow);
  }

  private sample(): void {
    const { player } = this.sources;
    if (this.input === 'gamepad') {
      const stick = (this.sources.stick ?? firstStick)();
      if (stick !== undefined && (this.value !== undefined || Math.abs(stick) > DEAD_ZONE)) this.set(stick);
    }
    this.draft?.sample(player.time, this.value);
    if (!this.speeds.includes(player.speed)) this.speeds.push(player.speed);
    const now = performance.now();
    if (now - this.writtenAt < WRITE_EVERY_MS) return;
    this.writtenAt = now;
    this.write();
  }

  private pause(): void {
    this.halt();
    this.sources.player.pause();
    this.draft?.pause();
    this.write();
    this.state = 'paused';
    this.sources.say('Paused. Going on counts down again.');
  }

  private halt(): void {
    clearTimeout(this.timer);
    cancelAnimationFrame(this.frameRequest);
    this.secondsLeft = 0;
  }

  /** Writes the take as it is now; all writes of one take are one step of undo. */
  private write(): boolean {
    const { editor, raterId } = this.sources;
    const result = this.draft?.result();
    const document: AnnotationDocument | undefined = editor.document;
    if (!result || !this.take || document?.recordingId !== this.recordingId) return false;
    const trace: Trace = {
      ...this.take,
      ...result,
      dimension: this.dimension,
      raterId: raterId(),
      reactionLag: microseconds(Math.round(this.lagMs * 1000)),
      input: this.input,
      speeds: [...this.speeds],
    };
    editor.apply(`Record ${this.dimension}`, putTrace(document, trace), `trace ${trace.id}`);
    return true;
  }
}

/** Up is positive here, as on the scale; gamepads say the opposite. */
function firstStick(): number | undefined {
  const pad = navigator.getGamepads().find((candidate) => candidate?.connected);
  const axis = pad?.axes[1];
  return axis === undefined ? undefined : -axis;
}
