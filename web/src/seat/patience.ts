/** Whether something takes long, in time during which the page itself was awake. */

const LOOK_MS = 250;
const LONG_LOOKS = 4;

/**
 * Calls `long` once when about a second has passed; call what it returns when it is over.
 *
 * Looks are counted, not the clock: while the browser asks which screen to show, or another page is
 * in front, this one stands still, and that says nothing about the network.
 */
export function patience(long: () => void): () => void {
  let looks = 0;
  const timer = window.setInterval(() => {
    if (document.visibilityState === "hidden") return;
    looks += 1;
    if (looks < LONG_LOOKS) return;
    window.clearInterval(timer);
    long();
  }, LOOK_MS);
  return () => window.clearInterval(timer);
}
