/** Key presets: what a person who comes from another tool already has in their fingers. Lines name the command's id. */
export interface KeyPreset {
  readonly id: string;
  readonly title: string;
  /** What it follows and where it cannot. */
  readonly note: string;
  /** Keys instead of the defaults; a command that is not named keeps its own. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

/** The one of `PRESETS` without own keys. */
export const DEFAULT_PRESET = 'default';

const ELAN: KeyPreset['keys'] = {
  'play.toggle': ['Ctrl+Space'],
  'play.selection': ['Shift+Space'],
  'play.around': ['Ctrl+Shift+Space'],
  'play.loop': ['Ctrl+KeyL'],
  'play.normalSpeed': ['Ctrl+Digit0'],
  'play.slower': ['Ctrl+Digit5'],
  'play.frameBack': ['Ctrl+ArrowLeft'],
  'play.frameForward': ['Ctrl+ArrowRight'],
  'play.fiveBack': [],
  'play.fiveForward': [],
  'play.start': ['Ctrl+KeyB'],
  'play.end': ['Ctrl+KeyE'],
  'play.goTo': ['Ctrl+KeyG'],
  'report.export': ['Ctrl+Shift+KeyE'],
  'segment.add': ['Alt+KeyN'],
  'segment.mergeNext': ['Ctrl+KeyA'],
  'select.all': ['Ctrl+Shift+KeyA'],
  'segment.editText': ['Alt+KeyM'],
  'edit.delete': ['Alt+KeyD', 'Delete'],
  'edge.startEarlier': ['Ctrl+KeyJ'],
  'edge.startLater': ['Ctrl+KeyU'],
  'edge.endEarlier': ['Ctrl+Shift+KeyJ'],
  'edge.endLater': ['Ctrl+Shift+KeyU'],
  'select.next': ['Alt+ArrowRight', 'ArrowDown'],
  'select.previous': ['Alt+ArrowLeft', 'ArrowUp'],
  'select.clear': ['Alt+Shift+KeyC', 'Escape'],
};

const BORIS: KeyPreset['keys'] = {
  'play.toggle': ['Space'],
  'play.faster': ['Home'],
  'play.slower': ['End'],
  'play.normalSpeed': ['Backspace'],
  'play.frameBack': ['ArrowLeft'],
  'play.frameForward': ['ArrowRight'],
  'play.secondBack': ['ArrowDown'],
  'play.secondForward': ['ArrowUp'],
  'play.fiveBack': ['Ctrl+KeyB'],
  'play.fiveForward': ['Ctrl+KeyF'],
  'transcript.search': ['Ctrl+Shift+KeyF'],
  'play.start': ['Ctrl+Shift+Home'],
  'play.end': ['Ctrl+Shift+End'],
  'play.goTo': ['Ctrl+KeyT'],
  'select.next': ['PageDown'],
  'select.previous': ['PageUp'],
  'select.extendNext': ['Shift+PageDown'],
  'select.extendPrevious': ['Shift+PageUp'],
  'segment.add': ['Ctrl+KeyA'],
  'select.all': ['Ctrl+Shift+KeyA'],
  'segment.editTimes': ['Ctrl+KeyE'],
  'report.export': ['Ctrl+Shift+KeyE'],
  'edit.delete': ['Delete'],
};

export const PRESETS: readonly KeyPreset[] = [
  { id: DEFAULT_PRESET, title: 'Default', note: 'Single keys for playing and labelling.', keys: {} },
  {
    id: 'elan',
    title: 'ELAN-like',
    note: 'Play, step, select and edit as in ELAN’s annotation mode. Keys that ELAN has no use for stay as they are.',
    keys: ELAN,
  },
  {
    id: 'boris',
    title: 'BORIS-like',
    note: 'Space, arrows, Home, End and Backspace as in BORIS; Page up and Page down walk through the segments.',
    keys: BORIS,
  },
];
