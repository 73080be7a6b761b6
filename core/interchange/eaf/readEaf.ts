import { microseconds } from '../../time/microseconds.js';
import type { Vocabulary } from '../annotationSet.js';
import { classifyTier } from '../classifyTier.js';
import { withoutLane } from '../lanes.js';
import { refuse, ReadingReport, TierCollector, type Reading, type TierHead } from '../reading.js';
import { parseEaf, type EafDocument, type EafTier } from './eafDocument.js';
import { resolveEafTimes } from './eafTimes.js';

/** Name of the media file in a URL or path of any system. */
function mediaNameOf(url: string): string | undefined {
  const name = url.split(/[/\\]/).at(-1) ?? '';
  try {
    return decodeURIComponent(name) || undefined;
  } catch {
    return name || undefined;
  }
}

function headOf(tier: EafTier, document: EafDocument, names: ReadonlySet<string>): TierHead {
  const name = withoutLane(tier.id, names);
  const vocabulary = document.typeVocabularies.get(tier.typeId);
  const known = vocabulary !== undefined && document.vocabularies.some(({ id }) => id === vocabulary);
  const parent = tier.parent !== undefined && names.has(tier.parent) ? withoutLane(tier.parent, names) : undefined;
  const guess = classifyTier(
    name,
    tier.annotations.map(({ value }) => value).filter((value) => value.trim() !== ''),
    {
      annotator: tier.annotator,
      participant: tier.participant,
      isDependent: parent !== undefined,
      hasVocabulary: vocabulary !== undefined,
    },
  );
  return {
    name,
    ...guess,
    ...(parent === undefined || parent === name ? {} : { parent }),
    ...(known ? { vocabulary } : {}),
  };
}

function vocabulariesOf(document: EafDocument): Vocabulary[] {
  return document.vocabularies.map(({ id, description, entries }) => ({
    name: id,
    description,
    entries: entries.filter(({ value }) => value !== ''),
  }));
}

/** Problem for times in frames of a television standard; undefined for milliseconds. */
function requireMilliseconds({ timeUnits }: EafDocument): void {
  if (timeUnits === 'milliseconds') return;
  throw refuse(
    'eaf_units',
    `The times are in ${timeUnits}; only milliseconds are read.`,
    'Save the file with a newer ELAN.',
  );
}

/** Reads an ELAN file, EAF 2.0 to 3.0. */
export function* readEaf(xml: string): Generator<number, Reading, void> {
  const report = new ReadingReport();
  const document = yield* parseEaf(xml);
  requireMilliseconds(document);
  const ranges = resolveEafTimes(document, report);
  const names = new Set(document.tiers.map((tier) => tier.id));
  const collector = new TierCollector(report);
  const media = document.media[0];
  const origin = media?.originMs ?? 0;
  if (origin !== 0) {
    report.file({
      code: 'import.eaf_origin',
      severity: 'note',
      message: `ELAN shows the media from ${origin} ms on; all times were moved to the clock of the media file.`,
      tip: 'Check one annotation against the picture.',
    });
  }
  for (const tier of document.tiers) {
    const head = headOf(tier, document, names);
    collector.open(head);
    for (const { id, value, line } of tier.annotations) {
      const range = ranges.get(id);
      if (!range) continue;
      const time = (ms: number) => microseconds(Math.round((ms + origin) * 1_000));
      collector.add(head, time(range.start), time(range.end), value, line);
    }
  }
  const mediaName = media && mediaNameOf(media.url);
  const set = {
    ...(mediaName === undefined ? {} : { mediaName }),
    tiers: collector.tiers(),
    vocabularies: vocabulariesOf(document),
  };
  return { set, problems: report.problems() };
}
