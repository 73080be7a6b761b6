import type { AudioTrack, WaveformPeaks } from '../../../core/perception/perception.js';
import { microseconds, type TimeRange } from '../../../core/time/microseconds.js';
import { AcousticDescriptors } from './acousticDescriptors.js';
import { HOP_MICROSECONDS, HOP_SAMPLES, SAMPLE_RATE_HZ } from './audioClock.js';
import { loadAudioNetworks, type AudioNetworks } from './audioNetworks.js';
import { DESCRIPTOR_NAMES } from './descriptorNames.js';
import { SampleHistory } from './sampleHistory.js';
import { EMBEDDING_HOP, EMBEDDING_SIZE, EMBEDDING_START, SpeechEmbedding } from './speechEmbedding.js';
import { speechRanges } from './speechRanges.js';
import { VAD_WINDOW, VoiceActivity } from './voiceActivity.js';
import { Waveform } from './waveform.js';

/** Id and version of what `AudioExtractor` measures; changes whenever a number could. */
export const AUDIO_EXTRACTOR = 'acoustic-descriptors/1';

/** Everything measured in a sound stream. */
export interface AudioPerception {
  readonly track: AudioTrack;
  readonly peaks: WaveformPeaks;
  readonly speech: TimeRange[];
}

const BLOCK_SAMPLES = 4096;

/**
 * Measures a sound stream of 16 kHz mono samples in constant working memory. The result does not depend on how the
 * stream was cut into chunks. One extractor measures one stream.
 */
export class AudioExtractor {
  readonly #samples = new SampleHistory();
  readonly #waveform = new Waveform();
  readonly #descriptors = new AcousticDescriptors();
  readonly #voiceActivity: VoiceActivity;
  readonly #embedding: SpeechEmbedding;

  constructor(networks: AudioNetworks) {
    this.#voiceActivity = new VoiceActivity(networks.voiceActivity);
    this.#embedding = new SpeechEmbedding(networks.speechMel, networks.speechEmbedding);
  }

  /**
   * Loads the networks and makes an extractor for one stream.
   * @param modelsDir the folder that holds `perception/`.
   * @throws ProblemError when a network is absent or altered.
   */
  static async create(modelsDir: string): Promise<AudioExtractor> {
    return new AudioExtractor(await loadAudioNetworks(modelsDir));
  }

  /** Takes the next samples, -1 to 1, 16 kHz mono. Await it before pushing more. */
  async push(samples: Float32Array): Promise<void> {
    for (let start = 0; start < samples.length; start += BLOCK_SAMPLES) {
      const block = finite(samples.subarray(start, start + BLOCK_SAMPLES));
      this.#samples.append(block);
      this.#descriptors.accept(block);
      await this.#advance(false);
    }
  }

  /** Ends the stream and returns what was measured. A stream without samples gives empty tracks. */
  async finish(): Promise<AudioPerception> {
    await this.#advance(true);
    const rowCount = Math.ceil(this.#samples.length / HOP_SAMPLES);
    const windows = this.#voiceActivity.probabilities();
    const track: AudioTrack = {
      extractor: AUDIO_EXTRACTOR,
      hop: microseconds(HOP_MICROSECONDS),
      rowCount,
      descriptorNames: DESCRIPTOR_NAMES,
      descriptors: this.#descriptors.values(),
      speechProbability: Float32Array.from({ length: rowCount }, (_, row) => windows[windowOfRow(row, windows)]!),
      levelDbfs: this.#waveform.levelDbfs.toArray(),
      clippedShare: this.#waveform.clippedShare.toArray(),
      embedding: this.#embedding.values(),
      embeddingSize: EMBEDDING_SIZE,
      embeddingRows: this.#embedding.rows,
      embeddingHop: microseconds(EMBEDDING_HOP),
      embeddingStart: microseconds(EMBEDDING_START),
    };
    const peaks: WaveformPeaks = { hop: microseconds(HOP_MICROSECONDS), minMax: this.#waveform.minMax() };
    const duration = Math.round((this.#samples.length / SAMPLE_RATE_HZ) * 1e6);
    return { track, peaks, speech: speechRanges(windows, (VAD_WINDOW / SAMPLE_RATE_HZ) * 1e6, duration) };
  }

  async #advance(ended: boolean): Promise<void> {
    const samples = this.#samples;
    const rows = ended ? Math.ceil(samples.length / HOP_SAMPLES) : Math.floor(samples.length / HOP_SAMPLES);
    while (this.#waveform.levelDbfs.length < rows) this.#waveform.measure(samples);
    this.#descriptors.advance(samples, ended);
    await this.#voiceActivity.advance(samples, ended);
    await this.#embedding.advance(samples, (time) => this.#voiceActivity.at(time));
    samples.discardBefore(
      Math.min(
        rows * HOP_SAMPLES,
        this.#descriptors.needsFrom,
        this.#voiceActivity.needsFrom,
        this.#embedding.needsFrom,
      ),
    );
  }
}

/** The voice activity window that holds a row's centre. */
function windowOfRow(row: number, windows: Float32Array): number {
  return Math.min(Math.floor((row * HOP_SAMPLES + HOP_SAMPLES / 2) / VAD_WINDOW), windows.length - 1);
}

/** Decoders of float formats may hand out NaN or infinity; such a sample is silence, or it would poison all filters. */
function finite(block: Float32Array): Float32Array {
  return block.every(Number.isFinite) ? block : block.map((x) => (Number.isFinite(x) ? x : 0));
}
