/** Names of the IPC channels and the envelope of an answer, shared by main and the preload. */
export const CALL_CHANNEL = 'lacuna:call';
/** Paths of dropped files come on a channel of their own, which only the preload can reach. */
export const DROP_CHANNEL = 'lacuna:drop';
export const EVENT_CHANNEL = 'lacuna:event';

/** Errors travel as plain text: thrown ones would reach the page wrapped in Electron's own words. */
export type CallReply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly message: string };
