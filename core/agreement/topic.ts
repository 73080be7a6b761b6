import { TRACE_DIMENSIONS, type TraceDimension } from '../traces/trace.js';

/** What raters are compared in: the segments, a dimension rated continuously, or a tier with a vocabulary by its name. */
export type Topic = 'segments' | TraceDimension | `tier:${string}`;

/** Kinds of topic, as agreement.csv has them. */
export const TOPIC_KINDS = ['segments', ...TRACE_DIMENSIONS, 'tier'] as const;

export const topicOfTier = (name: string): Topic => `tier:${name}`;

/** The kind of a topic, and the name of the tier where it is one. */
export function partsOfTopic(topic: Topic): { readonly kind: (typeof TOPIC_KINDS)[number]; readonly tier?: string } {
  const [, tier] = /^tier:(.*)$/su.exec(topic) ?? [];
  return tier === undefined ? { kind: topic as 'segments' | TraceDimension } : { kind: 'tier', tier };
}

/** Whether a topic is rated continuously: its values have no boundaries that could be matched. */
export function isContinuous(topic: Topic): topic is TraceDimension {
  return TRACE_DIMENSIONS.some((dimension) => dimension === topic);
}

/** `segments`, `valence trace`, `tier Gaze`. */
export function topicWords(topic: Topic): string {
  if (isContinuous(topic)) return `${topic} trace`;
  const { tier } = partsOfTopic(topic);
  return tier === undefined ? topic : `tier ${tier}`;
}

/** Topics once each: segments, traces, then tiers by name. */
export function orderedTopics(topics: Iterable<Topic>): Topic[] {
  const place = (topic: Topic) => TOPIC_KINDS.indexOf(partsOfTopic(topic).kind);
  return [...new Set(topics)].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}
