import { MODALITIES, type Modality } from '../../core/recording/modality.js';
import { SCHEME_COLOURS, type SchemeColour } from '../../core/tiers/scheme.js';
import { rampOf } from './spectrogramTiles.js';

export interface ModalityColours {
  readonly mark: string;
  readonly tint: string;
  readonly text: string;
}

/** Colours that the canvas draws with, read from the page's tokens, so that themes live in CSS only. */
export interface Palette {
  readonly font: string;
  readonly panel: string;
  readonly raised: string;
  readonly line: string;
  readonly edge: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly selfill: string;
  readonly wave: string;
  /** Colours of the spectrogram, quiet to loud. */
  readonly ramp: ReturnType<typeof rampOf>;
  readonly model: string;
  readonly band: string;
  readonly bandOutline: string;
  readonly rater: string;
  readonly negative: string;
  readonly positive: string;
  readonly modality: Readonly<Record<Modality, ModalityColours>>;
  /** Colours of coded values. */
  readonly codes: Readonly<Record<SchemeColour, string>>;
}

/** Reads the palette of the current theme. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const colours = (modality: Modality): ModalityColours => ({
    mark: token(modality),
    tint: token(`${modality}-tint`),
    text: token(`${modality}-ink`),
  });
  return {
    font: token('font'),
    panel: token('panel'),
    raised: token('raised'),
    line: token('line'),
    edge: token('edge'),
    ink: token('ink'),
    ink2: token('ink2'),
    ink3: token('ink3'),
    selfill: token('selfill'),
    wave: token('wave'),
    ramp: rampOf(token('panel'), token('ink')),
    model: token('model'),
    band: token('band'),
    bandOutline: token('band-outline'),
    rater: token('rater'),
    negative: token('neg'),
    positive: token('pos'),
    modality: Object.fromEntries(MODALITIES.map((modality) => [modality, colours(modality)])) as Record<
      Modality,
      ModalityColours
    >,
    codes: Object.fromEntries(SCHEME_COLOURS.map((colour) => [colour, token(`code-${colour}`)])) as Record<
      SchemeColour,
      string
    >,
  };
}
