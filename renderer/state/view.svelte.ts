export type DockTab = 'timeline' | 'segments' | 'problems' | 'parameters';
export type DialogName = 'shortcuts' | 'palette';

/** What of the window is open. Not part of anybody's work, so it is neither saved nor undone. */
export class View {
  dockTab = $state<DockTab>('timeline');
  jobsOpen = $state(false);
  dialog = $state<DialogName>();
  /** Keys of a sequence pressed so far, `KeyX`; shown as a hint. */
  pendingKeys = $state('');
  /** Last thing to say to a screen reader and in the status line. */
  message = $state('');
  transcriptFollows = $state(true);
  captions = $state(true);

  say(message: string): void {
    this.message = message;
  }
}
