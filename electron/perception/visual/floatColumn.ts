/** A growing column of 32-bit floats; hours of frames fit without an object per value. */
export class FloatColumn {
  #data = new Float32Array(1024);
  #length = 0;

  push(values: Iterable<number> & { readonly length: number }): void {
    const needed = this.#length + values.length;
    if (needed > this.#data.length) {
      const larger = new Float32Array(Math.max(needed, this.#data.length * 2));
      larger.set(this.#data);
      this.#data = larger;
    }
    for (const value of values) {
      this.#data[this.#length] = value;
      this.#length += 1;
    }
  }

  /** A copy of what was pushed. */
  toArray(): Float32Array<ArrayBuffer> {
    return this.#data.slice(0, this.#length);
  }
}
