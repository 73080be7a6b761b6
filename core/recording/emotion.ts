/** Emotion labels, in the order of every distribution and probability column (Ekman's six and neutral). */
export const EMOTIONS = ['neutral', 'happiness', 'sadness', 'anger', 'fear', 'disgust', 'surprise'] as const;
export type Emotion = (typeof EMOTIONS)[number];
