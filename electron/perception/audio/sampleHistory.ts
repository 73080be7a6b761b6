/** The most recent samples of a stream, addressed by their absolute position. Outside the stream there is silence. */
export class SampleHistory {
  #buffer = new Float32Array(1 << 15);
  #start = 0;
  #end = 0;

  /** Number of samples received so far. */
  get length(): number {
    return this.#end;
  }

  append(samples: Float32Array): void {
    const used = this.#end - this.#start;
    if (used + samples.length > this.#buffer.length) {
      const larger = new Float32Array(Math.max(2 * this.#buffer.length, used + samples.length));
      larger.set(this.#buffer.subarray(0, used));
      this.#buffer = larger;
    }
    this.#buffer.set(samples, used);
    this.#end += samples.length;
  }

  /** Forgets everything before a position. */
  discardBefore(position: number): void {
    const drop = Math.min(position, this.#end) - this.#start;
    // Moving memory only when much can be dropped keeps the cost per sample constant.
    if (drop < this.#buffer.length / 4) return;
    this.#buffer.copyWithin(0, drop, this.#end - this.#start);
    this.#start += drop;
  }

  /** Copies `out.length` samples from `position` on; zeros before the start and after the end of the stream. */
  copy(position: number, out: Float32Array | Float64Array): void {
    const from = Math.max(position, this.#start);
    const to = Math.max(from, Math.min(position + out.length, this.#end));
    if (to - from < out.length) out.fill(0);
    if (to > from) out.set(this.#buffer.subarray(from - this.#start, to - this.#start), from - position);
  }
}
