import { parseTimedText } from '../../transcript/parseTimedText.js';
import { classifyTier } from '../classifyTier.js';
import { ReadingReport, TierCollector, type Reading } from '../reading.js';
import { tierName } from '../tierNames.js';

/** Reads SubRip or WebVTT: one transcript tier, or one per speaker. */
export function* readTimedText(text: string, isVtt: boolean): Generator<number, Reading, void> {
  const report = new ReadingReport();
  const { cues, problems } = parseTimedText(text, isVtt);
  report.lines(problems);
  yield 0.5;
  const collector = new TierCollector(report);
  for (const { line, start, end, text: words, speaker } of cues) {
    const name = tierName('transcript', speaker);
    collector.add({ name, ...classifyTier(name, []) }, start, end, words, line);
  }
  return { set: { tiers: collector.tiers(), vocabularies: [] }, problems: report.problems() };
}
