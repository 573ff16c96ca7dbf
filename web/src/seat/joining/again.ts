/** Whoever waits looks again: the meeting may be moved, and the door opens with the mediator. */
import { arrive } from "../arrival";
import { welcome } from "../state";

const LOOK_MS = 60_000;

export function lookAgain(everyMs = LOOK_MS): () => void {
  const timer = window.setInterval(async () => {
    const seen = welcome.peek();
    const found = seen && (await arrive(seen.seat, "").catch(() => null));
    const changed = found?.starts_at !== seen?.starts_at || found?.opens_at !== seen?.opens_at;
    if (found && changed) welcome.value = found;
  }, everyMs);
  return () => window.clearInterval(timer);
}
