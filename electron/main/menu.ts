import type { MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../contract/contract.js';

const LABELS: Readonly<Record<MenuCommand, { readonly label: string; readonly keys?: string }>> = {
  'recording.open': { label: 'Open recordings…', keys: 'CmdOrCtrl+O' },
  'recording.openSample': { label: 'Open the sample recording' },
  'report.export': { label: 'Export report…', keys: 'CmdOrCtrl+E' },
  'edit.undo': { label: 'Undo', keys: 'CmdOrCtrl+Z' },
  'edit.redo': { label: 'Redo', keys: 'CmdOrCtrl+Shift+Z' },
  'help.shortcuts': { label: 'Keyboard shortcuts' },
};

export interface MenuOptions {
  readonly send: (command: MenuCommand) => void;
  readonly developer: boolean;
}

/** The native menu. Its commands go to the page, whose command registry does the work and owns the keys. */
export function menuTemplate({ send, developer }: MenuOptions): MenuItemConstructorOptions[] {
  const command = (name: MenuCommand): MenuItemConstructorOptions => {
    const { label, keys } = LABELS[name];
    return {
      id: name,
      label,
      // Shown, not registered: the page handles the key itself, also inside text fields.
      ...(keys === undefined ? {} : { accelerator: keys, registerAccelerator: false }),
      click: () => {
        send(name);
      },
    };
  };
  const line: MenuItemConstructorOptions = { type: 'separator' };
  return [
    {
      label: 'File',
      submenu: [
        command('recording.open'),
        command('recording.openSample'),
        line,
        command('report.export'),
        line,
        { role: 'quit' },
      ],
    },
    {
      label: 'Edit',
      submenu: [
        command('edit.undo'),
        command('edit.redo'),
        line,
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        line,
        { role: 'togglefullscreen' },
        ...(developer ? [line, { role: 'toggleDevTools' } satisfies MenuItemConstructorOptions] : []),
      ],
    },
    { label: 'Help', submenu: [command('help.shortcuts')] },
  ];
}
