/** The parts of a keyboard event that decide what it does. */
export type KeyPress = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>;

/** `Ctrl+Shift+KeyZ` for an event; Cmd counts as Ctrl. */
export function strokeOf(event: KeyPress): string {
  const modifiers = [
    event.ctrlKey || event.metaKey ? 'Ctrl+' : '',
    event.altKey ? 'Alt+' : '',
    event.shiftKey ? 'Shift+' : '',
  ];
  return modifiers.join('') + event.code;
}

const MODIFIER_CODES = /^(Control|Shift|Alt|Meta|CapsLock)/;

/** Whether the event is the press of a modifier alone. */
export function isModifier(event: Pick<KeyPress, 'code'>): boolean {
  return MODIFIER_CODES.test(event.code);
}

const CHARACTER_CODES =
  /^(Key[A-Z]|Digit\d|Numpad(\d|Add|Subtract|Multiply|Divide|Decimal)|Bracket(Left|Right)|Comma|Period|Slash|Backslash|IntlBackslash|Semicolon|Quote|Backquote|Equal|Minus)$/;

/**
 * Whether keys are a single-character shortcut of WCAG 2.1.4: they begin with a letter, digit, punctuation or symbol,
 * alone or with Shift. Space, Enter, arrows and named keys are none.
 */
export function isCharacterKey(keys: string): boolean {
  const first = keys.split(' ')[0] ?? '';
  return CHARACTER_CODES.test(first.replace(/^Shift\+/, ''));
}

const KEY_NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  Escape: 'Esc',
  Equal: '+',
  Minus: '−',
  PageUp: 'Page up',
  PageDown: 'Page down',
};

/** Key as printed on the page: `Ctrl+Shift+KeyZ` -> `Ctrl Shift Z`, `KeyX KeyT` -> `X T`. */
export function keyWords(keys: string): string {
  if (keys === 'Shift+Slash') return '?';
  return keys
    .split(/[ +]/)
    .map((part) => KEY_NAMES[part] ?? part.replace(/^(Key|Digit)/, '').replace(/^Numpad/, 'Num '))
    .join(' ');
}
