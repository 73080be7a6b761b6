import { EMOTIONS, type Emotion } from '../recording/emotion.js';

/** Words that other programs and data sets use for the same seven labels. */
const SYNONYMS: Readonly<Record<string, Emotion>> = {
  happy: 'happiness',
  joy: 'happiness',
  joyful: 'happiness',
  sad: 'sadness',
  angry: 'anger',
  afraid: 'fear',
  fearful: 'fear',
  disgusted: 'disgust',
  surprised: 'surprise',
};

/** The emotion that a label of another program names, in any case of letters; undefined when it is none of the seven. */
export function parseEmotion(text: string): Emotion | undefined {
  const word = text.trim().toLowerCase();
  return EMOTIONS.find((item) => item === word) ?? (Object.hasOwn(SYNONYMS, word) ? SYNONYMS[word] : undefined);
}
