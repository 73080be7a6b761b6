/** Words of a cue without markup, and who speaks when the markup says so. */
export interface CueText {
  readonly text: string;
  readonly speaker?: string;
  /** True when the cue names more than one speaker; only the first is kept. */
  readonly severalSpeakers: boolean;
}

const VOICE_TAG = /<v(?:\.[^\s>]+)*\s+([^>]+)>/gi;
const TAG = /<\/?[a-z][^>]*>|<\d[\d:.]*>/gi;
const OVERRIDE = /\{\\[^}]*\}/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&nbsp;': ' ',
  '&lrm;': '\u200e',
  '&rlm;': '\u200f',
};

/**
 * Strips SubRip and WebVTT markup from the lines of a cue: `<i>`, `<c.class>`, `<00:01.000>`, `{\an8}` and the WebVTT
 * character references; `<v Name>` becomes the speaker. Lines are joined by a space.
 */
export function cleanCueText(lines: readonly string[]): CueText {
  const raw = lines.join(' ');
  const speakers = new Set(Array.from(raw.matchAll(VOICE_TAG), (match) => (match[1] ?? '').trim()));
  speakers.delete('');
  const [speaker] = speakers;
  const text = raw
    .replace(TAG, '')
    .replace(OVERRIDE, '')
    .replace(/&(?:amp|lt|gt|quot|nbsp|lrm|rlm);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
  return { text, severalSpeakers: speakers.size > 1, ...(speaker === undefined ? {} : { speaker }) };
}

/** True when a text has words: a letter or digit outside square brackets, which transcripts use for `[music]`. */
export function hasWords(text: string | undefined): boolean {
  return text !== undefined && /[\p{L}\p{N}]/u.test(text.replace(/\[[^\]]*\]/g, ''));
}
