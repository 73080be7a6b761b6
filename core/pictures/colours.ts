import { MODALITIES, type Modality, type PerModality } from '../recording/modality.js';

/** Colours of a picture. Pictures go on paper: light in either theme of the app. */
export interface PictureColours {
  readonly paper: string;
  readonly line: string;
  readonly edge: string;
  readonly ink: string;
  readonly ink2: string;
  readonly ink3: string;
  readonly wave: string;
  readonly band: string;
  readonly rater: string;
  readonly positive: string;
  readonly negative: string;
  readonly modality: PerModality<{ readonly mark: string; readonly tint: string }>;
}

const NEUTRAL = {
  paper: '#ffffff',
  line: '#d8d8d4',
  edge: '#81817b',
  ink: '#1a1b1d',
  ink2: '#47494d',
  ink3: '#5f6166',
  wave: '#585a5f',
  band: '#d9d9d9',
} as const;

/** The light tokens of the design page. */
const COLOUR: PictureColours = {
  ...NEUTRAL,
  rater: '#a03f77',
  positive: '#7a5e00',
  negative: '#7b3fa0',
  modality: {
    text: { mark: '#0072b2', tint: '#cfe2ee' },
    audio: { mark: '#c65600', tint: '#f3dccb' },
    visual: { mark: '#008a64', tint: '#cce6dd' },
  },
};

const GREY_CELL = { mark: '#4d4d4d', tint: '#e4e4e4' } as const;

/** Without hue: lanes, letters, patterns and words tell everything apart, as they do in colour. */
const GREYSCALE: PictureColours = {
  ...NEUTRAL,
  rater: '#1a1b1d',
  positive: '#47494d',
  negative: '#47494d',
  modality: Object.fromEntries(
    MODALITIES.map((name): [Modality, typeof GREY_CELL] => [name, GREY_CELL]),
  ) as PerModality<typeof GREY_CELL>,
};

export function pictureColours(greyscale: boolean): PictureColours {
  return greyscale ? GREYSCALE : COLOUR;
}

/** Markup with every `rgb(…)` colour as the grey of the same lightness (Rec. 709 luma). */
export function inGrey(markup: string): string {
  return markup.replace(/rgb\((\d+), (\d+), (\d+)\)/g, (_, red: string, green: string, blue: string) => {
    const grey = Math.round(0.2126 * Number(red) + 0.7152 * Number(green) + 0.0722 * Number(blue));
    return `rgb(${grey}, ${grey}, ${grey})`;
  });
}
