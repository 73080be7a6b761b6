/** Rate at which all sound is analysed, samples per second. */
export const SAMPLE_RATE_HZ = 16_000;

/** Samples from one descriptor row to the next: 10 ms. */
export const HOP_SAMPLES = 160;

/** The same step in microseconds. */
export const HOP_MICROSECONDS = 10_000;
