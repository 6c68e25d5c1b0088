/** What happens to a session with a switch, for controllers that want to know. */

export type SwitchEvent =
  /** This controller may write now. */
  | { readonly kind: 'primary'; readonly electionId: bigint }
  /** It may not any longer; `highest` is the election id of the primary, or of the last one. */
  | { readonly kind: 'backup'; readonly highest: bigint | undefined; readonly hasPrimary: boolean }
  | { readonly kind: 'disconnected'; readonly reason: unknown }
  /** An attempt to reconnect failed; the next one is `retryMs` later. */
  | { readonly kind: 'retry'; readonly reason: unknown; readonly retryMs: number }
  /** The stream is there again, and with it the pipeline where this controller is the primary. */
  | { readonly kind: 'reconnected' }
  /** A port of the switch went down, or came up again. Only the embedded switch tells it: P4Runtime has no message for it. */
  | { readonly kind: 'port'; readonly port: number; readonly up: boolean }
  /** The session is over, though nobody closed it: requests are refused from now on. */
  | { readonly kind: 'ended'; readonly reason: unknown }
  /** The switch refuses a packet-out or an acknowledgement, which nobody waits for. */
  | { readonly kind: 'refused'; readonly reason: unknown }
  /** What the controller does not read in time is lost: `total` messages of `stream` until now. */
  | { readonly kind: 'dropped'; readonly stream: string; readonly total: number };
