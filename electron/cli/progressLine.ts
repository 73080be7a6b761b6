import type { HostProgress } from '../host/protocol.js';

/** Where progress is shown: a terminal, or a file or pipe. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Time between two redraws of the line on a terminal, milliseconds. */
const REDRAW_MS = 100;
/** Time between two lines where there is no terminal, milliseconds. */
const PLAIN_MS = 5_000;

/** Shows where a run stands: one line that is redrawn on a terminal, plain lines every few seconds elsewhere. */
export class ProgressLine {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  readonly #start: number;
  #last = Number.NEGATIVE_INFINITY;
  #step = '';

  constructor(output: ProgressOutput, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
    this.#start = now();
  }

  /** Milliseconds since the beginning. */
  get elapsedMs(): number {
    return this.#now() - this.#start;
  }

  show({ step, fraction }: HostProgress): void {
    const now = this.#now();
    const isNew = step !== this.#step;
    if (!isNew && now - this.#last < (this.#output.isTTY === true ? REDRAW_MS : PLAIN_MS)) return;
    this.#step = step;
    this.#last = now;
    const share = fraction === undefined ? '' : `  ${Math.floor(fraction * 100)} %`;
    const text = `${clock(now - this.#start)}  ${step}${share}`;
    if (this.#output.isTTY === true) this.#output.write(`\r\u001b[K${text.slice(0, (this.#output.columns ?? 80) - 1)}`);
    else this.#output.write(`${text}\n`);
  }

  /** Takes the line away, so that other text can follow. */
  clear(): void {
    if (this.#output.isTTY === true) this.#output.write('\r\u001b[K');
  }
}

/** `0:07`, `1:02:03`. */
export function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}
