import { expect, it } from 'vitest';
import { CATEGORIES } from '../../renderer/commands/command.js';
import { chosenKeys, FIRST_CHOICES } from '../../renderer/commands/keyBindings.js';
import { keyWords } from '../../renderer/commands/keys.js';
import { PRESETS } from '../../renderer/commands/presets.js';
import { COMMANDS } from '../../renderer/commands/registry.js';

const printed = (keys: readonly string[]) => keys.map((key) => `\`${keyWords(key)}\``).join(', ');

/** The page of shortcuts as made from the registry; `npx vitest run -u test/renderer/shortcutsDocument` writes it. */
function shortcutsMarkdown(): string {
  const others = PRESETS.slice(1);
  const sections = CATEGORIES.map((category) => {
    const rows = COMMANDS.filter((command) => command.category === category).map((command) => {
      const own = others.map(({ id }) => {
        const keys = chosenKeys(command, { ...FIRST_CHOICES, preset: id });
        return keys === command.keys ? '' : printed(keys) || 'none';
      });
      return `| ${[command.title, printed(command.keys) || 'palette', ...own].join(' | ')} |`;
    });
    const head = ['command', 'keys', ...others.map((preset) => preset.title)];
    return `## ${category}\n\n| ${head.join(' | ')} |\n|${'---|'.repeat(head.length)}\n${rows.join('\n')}\n`;
  });
  return [
    '# Keyboard\n',
    'Made from the command registry; do not edit. Keys are physical, Ctrl is Cmd on a Mac. `Ctrl K` finds every command by name, `?` shows this list in the app. `Ctrl ,` changes keys, chooses a preset and switches keys of a single character off. Keys do nothing while you type in a field. Where a preset’s column is empty it keeps the default.\n',
    ...sections,
  ].join('\n');
}

it('docs/SHORTCUTS.md lists the commands of the registry', async () => {
  await expect(shortcutsMarkdown()).toMatchFileSnapshot('../../docs/SHORTCUTS.md');
});
