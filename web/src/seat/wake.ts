/**
 * A page is put aside and taken up again: another app, a locked screen, a call, a tunnel, ten
 * minutes of sleep. What the browser tells of it comes together here.
 */
interface Woken {
  /** In front again, thawed, or on another network: find out at once what is still alive. */
  wake(): void;
  /** On another network: what was connected over the old one is of no use. */
  moved(): void;
  /** Whether the page is in front. */
  seen(yes: boolean): void;
}

/** The browser's own word on the network; only phones' say of what type it is. */
type Network = (EventTarget & { readonly type?: string }) | undefined;

export function watchPage({ wake, moved, seen }: Woken): () => void {
  const looked = () => {
    const visible = document.visibilityState === "visible";
    seen(visible);
    if (visible) wake();
  };
  const shown = (event: PageTransitionEvent) => {
    if (event.persisted) looked();
  };
  const elsewhere = () => {
    wake();
    moved();
  };
  const network = (navigator as { connection?: Network }).connection;
  // It tells of every new guess at the speed, too.
  let type = network?.type;
  const changed = () => {
    if (network?.type === type) return;
    type = network?.type;
    elsewhere();
  };
  const ears: [EventTarget | undefined, string, EventListener][] = [
    [document, "visibilitychange", looked],
    [document, "resume", looked],
    [window, "pageshow", shown as EventListener],
    [window, "online", elsewhere],
    [network, "change", changed],
  ];
  for (const [target, name, ear] of ears) target?.addEventListener(name, ear);
  return () => {
    for (const [target, name, ear] of ears) target?.removeEventListener(name, ear);
  };
}
