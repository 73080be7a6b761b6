import { expect, it } from 'vitest';
import { CATEGORIES, keyWords } from '../../renderer/commands/command.js';
import { COMMANDS } from '../../renderer/commands/registry.js';

/** The page of shortcuts as made from the registry; `npx vitest run -u test/renderer/shortcutsDocument` writes it. */
function shortcutsMarkdown(): string {
  const sections = CATEGORIES.map((category) => {
    const rows = COMMANDS.filter((command) => command.category === category).map(
      (command) =>
        `| ${command.title} | ${command.keys.map((keys) => `\`${keyWords(keys)}\``).join(', ') || 'palette'} |`,
    );
    return `## ${category}\n\n| command | keys |\n|---|---|\n${rows.join('\n')}\n`;
  });
  return [
    '# Keyboard\n',
    'Made from the command registry; do not edit. Keys are physical, Ctrl is Cmd on a Mac. `Ctrl K` finds every command by name, `?` shows this list in the app.\n',
    ...sections,
  ].join('\n');
}

it('docs/SHORTCUTS.md lists the commands of the registry', async () => {
  await expect(shortcutsMarkdown()).toMatchFileSnapshot('../../docs/SHORTCUTS.md');
});
