export type ThemeName = 'light' | 'dark';

/** The theme: the system's until the person chooses one; the choice is kept. */
export class Theme {
  name = $state<ThemeName>('light');
  private readonly save: (name: ThemeName) => void;

  constructor(save: (name: ThemeName) => void) {
    this.save = save;
    this.name = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
    this.show();
  }

  /** Takes over a kept choice. */
  restore(kept: string | undefined): void {
    if (kept !== 'light' && kept !== 'dark') return;
    this.name = kept;
    this.show();
  }

  choose(name: ThemeName): void {
    this.name = name;
    this.show();
    this.save(name);
  }

  toggle(): void {
    this.choose(this.name === 'light' ? 'dark' : 'light');
  }

  private show(): void {
    document.documentElement.dataset['theme'] = this.name;
  }
}
