/** A Float32Array that grows at its end; long recordings must not need their length in advance. */
export class GrowableColumn {
  #values = new Float32Array(1 << 12);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Appends `count` NaN values and returns the position of the first. */
  extend(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#values.length) {
      const larger = new Float32Array(Math.max(this.#length, 2 * this.#values.length));
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values.fill(Number.NaN, start, this.#length);
    return start;
  }

  push(value: number): void {
    this.#values[this.extend(1)] = value;
  }

  set(position: number, value: number): void {
    if (position >= this.#length) throw new RangeError(`position ${position} is beyond the end ${this.#length}`);
    this.#values[position] = value;
  }

  /** The value at a position; NaN beyond the end. */
  get(position: number): number {
    return position < this.#length ? this.#values[position]! : Number.NaN;
  }

  /** A copy of exactly what was written. */
  toArray(): Float32Array {
    return this.#values.slice(0, this.#length);
  }
}
