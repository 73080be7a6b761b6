import { Tokenizer } from '@huggingface/tokenizers';
import * as ort from 'onnxruntime-node';
import { ProblemError } from '../../../core/problems/problem.js';
import { floatOutput, loadNetwork, networkEntry, readVerified } from '../networks.js';

/** Extractor id and version of the text features. */
export const TEXT_EXTRACTOR = 'minilm-l6-tuned/1';

/** Width of the embeddings. */
const TEXT_EMBEDDING_SIZE = 384;

/** Longest input in word pieces, [CLS] and [SEP] included; what lies beyond is not read. */
export const MAX_TOKENS = 128;

const NETWORK = 'text-encoder';

export interface TokenEmbeddings {
  /** Word pieces as the network reads them, lower-cased, with [CLS] and [SEP]. */
  readonly tokens: readonly string[];
  /** [tokens.length x 384], contextual, not normalised. */
  readonly embeddings: Float32Array;
  /** True when the text was longer than MAX_TOKENS and its end was left out. */
  readonly truncated: boolean;
}

/**
 * Embeds text with MiniLM-L6 (Wang et al. 2020; sentence-transformers/all-MiniLM-L6-v2), tuned on emotion and sentiment of
 * texts (models/perception/text-encoder.CARD.md).
 * The training package computes the same vectors with models/import/miniLm.py.
 */
export class TextExtractor {
  readonly #tokenizer: Tokenizer;
  readonly #session: ort.InferenceSession;

  private constructor(tokenizer: Tokenizer, session: ort.InferenceSession) {
    this.#tokenizer = tokenizer;
    this.#session = session;
  }

  /**
   * @param modelsDir the folder that holds `perception/` and `bundles/`.
   * @throws ProblemError when a network file is absent or altered.
   */
  static async create(modelsDir: string): Promise<TextExtractor> {
    const entry = await networkEntry(modelsDir, NETWORK);
    const companion = entry.companions.find(({ file }) => file.endsWith('.tokenizer.json'));
    if (!companion) throw new Error(`${NETWORK} has no tokenizer in the manifest`);
    const bytes = await readVerified(modelsDir, companion.file, companion.sha256);
    const tokenizer = new Tokenizer(JSON.parse(new TextDecoder().decode(bytes)) as object, {});
    return new TextExtractor(tokenizer, await loadNetwork(modelsDir, NETWORK));
  }

  /**
   * Embedding of a whole text: mean over its tokens, L2 normalised.
   * @returns 384 values of unit length.
   * @throws ProblemError when the text is empty or white space: an absent text is missing, not a zero vector.
   */
  async embed(text: string): Promise<Float32Array> {
    const { tokens, embeddings } = await this.tokens(text);
    const mean = new Float64Array(TEXT_EMBEDDING_SIZE);
    for (const [index, value] of embeddings.entries()) mean[index % TEXT_EMBEDDING_SIZE]! += value / tokens.length;
    const norm = Math.hypot(...mean);
    return Float32Array.from(mean, (value) => value / norm);
  }

  /**
   * Word pieces of a text with their contextual embeddings.
   * @throws ProblemError when the text is empty or white space.
   */
  async tokens(text: string): Promise<TokenEmbeddings> {
    if (text.trim() === '') throw emptyText();
    const all = this.#tokenizer.encode(text);
    const truncated = all.ids.length > MAX_TOKENS;
    const kept = <T>(items: readonly T[]): T[] =>
      truncated ? [...items.slice(0, MAX_TOKENS - 1), ...items.slice(-1)] : [...items];
    const ids = kept(all.ids);
    const shape = [1, ids.length];
    const outputs = await this.#session.run({
      input_ids: new ort.Tensor('int64', BigInt64Array.from(ids, BigInt), shape),
      attention_mask: new ort.Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
      token_type_ids: new ort.Tensor('int64', new BigInt64Array(ids.length), shape),
    });
    return { tokens: kept(all.tokens), embeddings: floatOutput(outputs, 'last_hidden_state'), truncated };
  }
}

function emptyText(): ProblemError {
  return new ProblemError({
    code: 'text.empty',
    severity: 'error',
    message: 'There are no words to embed: the text is empty.',
    tip: 'Leave the text of this segment missing, or type what was said.',
    modality: 'text',
  });
}
