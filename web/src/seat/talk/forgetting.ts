/**
 * What is written here and lies in the tab is gone with one's place: who comes to this device next
 * finds none of it. Loaded with the page, before anything that is written is.
 */
import { computed, effect } from "@preact/signals";
import { readAddress } from "../arrival";
import { cut, failure, step, view } from "../state";

const KINDS = ["draft", "minutes", "unsent"] as const;
const CUT = new Set(["left", "removed", "revoked", "seat_taken", "no_seat", "session_over"]);
const FAILED = new Set(["link_revoked", "link_replaced", "session_over", "session_cancelled"]);

/** One's place is another's now, or nobody's; nothing that was written there goes anywhere. */
export const gone = computed(() => {
  if (step.value === "cut") return CUT.has(cut.value ?? "");
  if (step.value === "failed") return FAILED.has(failure.value);
  return view.value?.state === "ended" || view.value?.state === "cancelled";
});

/** Under which name a kind of writing is kept in the tab, for this seat. */
export function keptAs(kind: (typeof KINDS)[number]): string {
  return `heyi.${kind}.${readAddress().seat}`;
}

/** Call this once one's place is gone, to forget what is held besides. */
export function whenGone(forget: () => void): void {
  effect(() => {
    if (gone.value) forget();
  });
}

whenGone(() => {
  const starts = KINDS.map(keptAs);
  for (const key of Object.keys(sessionStorage)) {
    const mine = starts.some((start) => key === start || key.startsWith(`${start}.`));
    if (mine) sessionStorage.removeItem(key);
  }
});
