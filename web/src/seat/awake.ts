/** Keeps the screen from going dark while somebody waits or talks. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let wanted = true;

  // The browser lets go of the lock whenever the page is hidden.
  async function hold(): Promise<void> {
    if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    lock = await navigator.wakeLock.request("screen").catch(() => null);
    if (!wanted) await lock?.release();
  }

  document.addEventListener("visibilitychange", hold);
  void hold();
  return () => {
    wanted = false;
    document.removeEventListener("visibilitychange", hold);
    void lock?.release();
  };
}
