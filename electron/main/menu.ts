import type { MenuItemConstructorOptions } from 'electron';
import type { CommandMenu } from '../contract/contract.js';

export interface MenuOptions {
  /** Called with the id of the chosen command. */
  readonly send: (command: string) => void;
  readonly developer: boolean;
}

/** Menu of the page's commands that gets the platform's own entries too. */
type Platform = Readonly<Record<string, readonly MenuItemConstructorOptions[]>>;

const LINE: MenuItemConstructorOptions = { type: 'separator' };

const KEY_NAMES: Readonly<Record<string, string>> = {
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Enter: 'Return',
};

/**
 * The accelerator that shows a key in a menu; undefined for keys without Ctrl that a Mac would take from text fields,
 * for sequences, and for keys that menus cannot name.
 */
function acceleratorOf(keys: string): string | undefined {
  if (keys.includes(' ') || !/^(Ctrl\+|F\d)/.test(keys)) return undefined;
  const parts = keys.split('+');
  const code = parts.pop() ?? '';
  const name = KEY_NAMES[code] ?? /^(?:Key|Digit)(.)$/.exec(code)?.[1] ?? /^(F\d{1,2}|Space|Home|End)$/.exec(code)?.[1];
  if (name === undefined) return undefined;
  return [...parts.map((part) => (part === 'Ctrl' ? 'CmdOrCtrl' : part)), name].join('+');
}

/** The native menu: the page's commands in its order, with the platform's own entries. The page owns the keys. */
export function menuTemplate(
  menus: readonly CommandMenu[],
  { send, developer }: MenuOptions,
): MenuItemConstructorOptions[] {
  const platform: Platform = {
    File: [LINE, { role: 'quit' }],
    Edit: [LINE, { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    View: [
      ...[LINE, { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, LINE, { role: 'togglefullscreen' }],
      ...(developer ? [LINE, { role: 'toggleDevTools' }] : []),
    ] as MenuItemConstructorOptions[],
  };
  const titles = new Set([...menus.map((menu) => menu.title), 'File', 'Edit', 'View']);
  return [...titles].map((title) => {
    const items = menus.find((menu) => menu.title === title)?.items ?? [];
    const commands = items.map(({ id, title: label, keys }): MenuItemConstructorOptions => {
      const accelerator = keys === undefined ? undefined : acceleratorOf(keys);
      return {
        id,
        label,
        // Shown, not registered: the page handles the key itself, also inside text fields.
        ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
        click: () => {
          send(id);
        },
      };
    });
    return { label: title, submenu: [...commands, ...(platform[title] ?? [])] };
  });
}
