import type { InferenceSession } from 'onnxruntime-node';
import { loadNetwork } from '../networks.js';

/** The networks that listen; loaded once and shared by extractors that run one after another. */
export interface AudioNetworks {
  readonly voiceActivity: InferenceSession;
  readonly speechMel: InferenceSession;
  readonly speechEmbedding: InferenceSession;
}

/**
 * Loads the networks of the audio extractor.
 * @throws ProblemError when a network is absent or altered.
 */
export async function loadAudioNetworks(modelsDir: string): Promise<AudioNetworks> {
  const [voiceActivity, speechMel, speechEmbedding] = await Promise.all([
    loadNetwork(modelsDir, 'silero-vad'),
    loadNetwork(modelsDir, 'speech-mel'),
    loadNetwork(modelsDir, 'speech-embedding'),
  ]);
  return { voiceActivity, speechMel, speechEmbedding };
}
