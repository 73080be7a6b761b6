/** An EAF file as it stands in its XML, before times are resolved. */
import { refuse } from '../reading.js';
import { xmlEvents } from './xmlEvents.js';

export interface EafAnnotation {
  readonly id: string;
  readonly line: number;
  /** Ids of time slots, for alignable annotations. */
  readonly slots?: readonly [string, string];
  /** Id of the annotation that this one is about, for dependent ones. */
  readonly ref?: string;
  /** Id of the annotation before it under the same parent. */
  readonly previous?: string;
  value: string;
}

export interface EafTier {
  readonly id: string;
  readonly typeId: string;
  readonly participant: string | undefined;
  readonly annotator: string | undefined;
  readonly parent: string | undefined;
  readonly line: number;
  readonly annotations: EafAnnotation[];
}

interface EafVocabulary {
  readonly id: string;
  description: string;
  readonly entries: { value: string; description: string }[];
}

export interface EafDocument {
  /** Time of each slot in milliseconds, undefined for an unaligned one; in the order of the file. */
  readonly slots: Map<string, number | undefined>;
  readonly tiers: EafTier[];
  /** Id of the vocabulary of each linguistic type that has one. */
  readonly typeVocabularies: Map<string, string>;
  readonly vocabularies: EafVocabulary[];
  /** As the first media descriptor has them. */
  readonly media: { url: string; originMs: number }[];
  timeUnits: string;
}

type Attributes = Readonly<Record<string, string>>;

/** Value of a required attribute. @throws ProblemError `import.eaf_attribute` with the line. */
function required(attributes: Attributes, name: string, element: string, line: number): string {
  const value = attributes[name];
  if (value !== undefined) return value;
  throw refuse(
    'eaf_attribute',
    `Line ${line}: ${element} has no ${name}, so the file is not valid EAF.`,
    'Open it in ELAN and save it again.',
  );
}

/** Takes the XML apart. */
class EafBuilder {
  readonly document: EafDocument = {
    slots: new Map(),
    tiers: [],
    typeVocabularies: new Map(),
    vocabularies: [],
    media: [],
    timeUnits: 'milliseconds',
  };
  #depth = 0;
  #text: string | undefined;
  #annotation: EafAnnotation | undefined;
  #entry: { value: string; description: string } | undefined;

  open(name: string, attributes: Attributes, line: number): void {
    this.#depth += 1;
    if (this.#depth === 1 && name !== 'ANNOTATION_DOCUMENT') {
      throw refuse(
        'eaf_root',
        `The XML begins with <${name}>; an EAF file begins with <ANNOTATION_DOCUMENT>.`,
        'Choose an .eaf file of ELAN.',
      );
    }
    this.#openHead(name, attributes, line);
    this.#openTier(name, attributes, line);
    this.#openVocabulary(name, attributes, line);
  }

  text(text: string): void {
    if (this.#text !== undefined) this.#text += text;
  }

  close(name: string): void {
    this.#depth -= 1;
    const text = this.#text ?? '';
    const vocabulary = this.document.vocabularies.at(-1);
    if (name === 'ANNOTATION_VALUE' && this.#annotation) this.#annotation.value = text;
    else if ((name === 'CVE_VALUE' || name === 'CV_ENTRY') && this.#entry?.value === '') this.#entry.value = text;
    else if (name === 'DESCRIPTION' && vocabulary?.description === '') vocabulary.description = text;
    else return;
    this.#text = undefined;
  }

  #openHead(name: string, attributes: Attributes, line: number): void {
    const { slots, media, typeVocabularies } = this.document;
    if (name === 'HEADER') {
      this.document.timeUnits = attributes['TIME_UNITS'] ?? 'milliseconds';
    } else if (name === 'MEDIA_DESCRIPTOR') {
      const url = attributes['RELATIVE_MEDIA_URL'] ?? attributes['MEDIA_URL'] ?? '';
      media.push({ url, originMs: Number(attributes['TIME_ORIGIN'] ?? 0) || 0 });
    } else if (name === 'TIME_SLOT') {
      const value = attributes['TIME_VALUE'];
      const time = value !== undefined && /^\d{1,12}$/.test(value) ? Number(value) : undefined;
      slots.set(required(attributes, 'TIME_SLOT_ID', name, line), time);
    } else if (name === 'LINGUISTIC_TYPE') {
      const vocabulary = attributes['CONTROLLED_VOCABULARY_REF'];
      const id = required(attributes, 'LINGUISTIC_TYPE_ID', name, line);
      if (vocabulary !== undefined) typeVocabularies.set(id, vocabulary);
    }
  }

  #openTier(name: string, attributes: Attributes, line: number): void {
    if (name === 'TIER') {
      this.document.tiers.push({
        id: required(attributes, 'TIER_ID', name, line),
        typeId: attributes['LINGUISTIC_TYPE_REF'] ?? '',
        participant: attributes['PARTICIPANT'],
        annotator: attributes['ANNOTATOR'],
        parent: attributes['PARENT_REF'],
        line,
        annotations: [],
      });
    } else if (name === 'ALIGNABLE_ANNOTATION' || name === 'REF_ANNOTATION') {
      const id = required(attributes, 'ANNOTATION_ID', name, line);
      const aligned = name === 'ALIGNABLE_ANNOTATION';
      const slot = (which: string) => required(attributes, which, name, line);
      const previous = attributes['PREVIOUS_ANNOTATION'];
      this.#annotation = {
        id,
        line,
        value: '',
        ...(aligned
          ? { slots: [slot('TIME_SLOT_REF1'), slot('TIME_SLOT_REF2')] as const }
          : { ref: slot('ANNOTATION_REF') }),
        ...(previous === undefined ? {} : { previous }),
      };
      this.document.tiers.at(-1)?.annotations.push(this.#annotation);
    } else if (name === 'ANNOTATION_VALUE') {
      this.#text = '';
    }
  }

  #openVocabulary(name: string, attributes: Attributes, line: number): void {
    const vocabulary = this.document.vocabularies.at(-1);
    if (name === 'CONTROLLED_VOCABULARY') {
      const id = required(attributes, 'CV_ID', name, line);
      this.document.vocabularies.push({ id, description: attributes['DESCRIPTION'] ?? '', entries: [] });
    } else if (name === 'CV_ENTRY' || name === 'CV_ENTRY_ML') {
      this.#entry = { value: '', description: attributes['DESCRIPTION'] ?? '' };
      vocabulary?.entries.push(this.#entry);
      if (name === 'CV_ENTRY') this.#text = '';
    } else if (name === 'CVE_VALUE') {
      if (this.#entry?.description === '') this.#entry.description = attributes['DESCRIPTION'] ?? '';
      this.#text = '';
    } else if (name === 'DESCRIPTION') {
      this.#text = '';
    }
  }
}

/** Takes an EAF file apart, formats 2.0 to 3.0. Yields the done share. @throws ProblemError `import.*`. */
export function* parseEaf(xml: string): Generator<number, EafDocument, void> {
  const builder = new EafBuilder();
  yield* xmlEvents(xml, builder);
  return builder.document;
}
