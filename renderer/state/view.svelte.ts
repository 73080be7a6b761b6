import { tick } from 'svelte';
import type { ViewName } from './viewNames.js';

export type DockTab = 'timeline' | 'segments' | 'problems' | 'parameters';
export type DialogName =
  | 'shortcuts'
  | 'palette'
  | 'keys'
  | 'goTo'
  | 'export'
  | 'notice'
  | 'statement'
  | 'delete'
  | 'import'
  | 'exportAs'
  | 'limits'
  | 'picture'
  | 'learn'
  | 'rater'
  | 'bulk'
  | 'tiers'
  | 'projects'
  | 'projectSettings'
  | 'recordingDetails'
  | 'deleteParticipant'
  | 'mergeProject'
  | 'batch'
  | 'projectChanged';

/** What of the window is open. Not part of anybody's work, so it is neither saved nor undone. */
export class View {
  name = $state<ViewName>('annotate');
  /** Whether the list of recordings was folded or unfolded by hand, by view. */
  railFolded = $state.raw<Readonly<Partial<Record<ViewName, boolean>>>>({});
  /** The window is too narrow for everything beside each other. */
  narrow = $state(false);
  /** Views that need the whole width, and narrow windows, fold the list of recordings to a strip of badges. */
  readonly railIsFolded: boolean = $derived(this.railFolded[this.name] ?? (this.name !== 'annotate' || this.narrow));
  dockTab = $state<DockTab>('timeline');
  jobsOpen = $state(false);
  dialog = $state<DialogName>();
  /** Keys of a sequence pressed so far, `KeyX`; shown as a hint. */
  pendingKeys = $state('');
  /** Last thing to say to a screen reader and in the status line. */
  message = $state('');
  transcriptFollows = $state(true);
  captions = $state(true);
  /** Drags and new edges go to the nearest frame, cue or edge. */
  snap = $state(true);
  spectrogram = $state(false);
  /** Quiet recordings are drawn louder, by a factor that the header names. */
  autoGain = $state(true);
  /** Rows of the model and of every rater under the segments. */
  raterRows = $state(false);
  /** The segment whose words are edited in the transcript. */
  editedSegment = $state<string>();
  /** Traces are drawn earlier by the reaction lag that their raters stated. */
  tracesShifted = $state(false);
  /** The model's output and other raters are hidden. */
  blind = $state(false);

  foldRail(): void {
    this.railFolded = { ...this.railFolded, [this.name]: !this.railIsFolded };
  }

  say(message: string): void {
    this.message = message;
  }

  openDialog(name: DialogName): void {
    this.dialog = name;
  }

  /** Puts the focus into a field by its `data-field` name; `returnFocus` brings it back to where it was. */
  focusField(name: string): void {
    this.jobsOpen = false;
    const before = document.activeElement;
    void tick().then(() => {
      const field = document.querySelector<HTMLElement>(`[data-field="${name}"]`);
      if (!field) return;
      this.focusBefore = before;
      field.focus();
      if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) field.select();
    });
  }

  /** Back to where the focus was before `focusField`, else to `instead`. */
  returnFocus(instead: Element | null): void {
    const before = this.focusBefore;
    this.focusBefore = undefined;
    const kept = before instanceof HTMLElement && before.isConnected && before !== document.body;
    const target = kept ? before : instead;
    if (target instanceof HTMLElement) target.focus();
  }

  /** Moves the focus to the next (1) or previous (-1) pane, round about. Panes carry `data-pane`. */
  cyclePane(by: 1 | -1): void {
    const panes = [...document.querySelectorAll<HTMLElement>('[data-pane]')];
    const current = panes.findIndex((pane) => pane.contains(document.activeElement));
    for (let step = 1; step <= panes.length; step += 1) {
      const from = current < 0 ? (by > 0 ? -1 : 0) : current;
      const pane = panes[(((from + by * step) % panes.length) + panes.length) % panes.length];
      const target = pane && firstFocusable(pane);
      if (!target) continue;
      target.focus();
      this.say(pane.getAttribute('aria-label') ?? '');
      return;
    }
  }

  private focusBefore: Element | null | undefined;
}

const FOCUSABLE = 'button:not(:disabled), input:not(:disabled), select, textarea:not(:disabled), [tabindex="0"]';

function firstFocusable(pane: HTMLElement): HTMLElement | undefined {
  if (pane.matches('[tabindex="0"]')) return pane;
  const preferred = pane.querySelector<HTMLElement>('[data-pane-entry]');
  return preferred ?? pane.querySelector<HTMLElement>(FOCUSABLE) ?? undefined;
}
