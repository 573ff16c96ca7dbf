/** For the ear: that there is something to read, wherever in the room one is. */
import { tn } from "../../words";
import { unread } from "./lists";

export function NewMessages() {
  const n = unread.value;
  return (
    <p class="unseen" aria-live="polite">
      {n > 0 && tn("%(num)s new message", "%(num)s new messages", n)}
    </p>
  );
}
