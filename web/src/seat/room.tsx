/** The room from the lobby to the end: one strip that never goes away, and what the place shows. */
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { Lobby } from "./lobby";
import { Notices } from "./notices";
import { PartyRoom } from "./party";
import { spaceName } from "./space";
import { connected } from "./state";
import { Strip } from "./strip";

/** The host's part is loaded by hosts only: a party's phone needn't carry it. */
const hosting = signal<typeof import("./host") | null>(null);

export function Room({ view }: { view: View }) {
  const place = view.place ?? "lobby";
  useEffect(() => {
    document.title = `${spaceName(view)} · ${t("Heyi")}`;
  });
  useEffect(() => {
    document.documentElement.dataset.for = view.hosting ? "staff" : "party";
    if (view.hosting && !hosting.value) {
      void import("./host").then((loaded) => {
        hosting.value = loaded;
      });
    }
  }, [view.hosting]);
  // What was focused may be gone with the place it was in.
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
    // Where one is, and who hears, must be in sight after every move.
    window.scrollTo(0, 0);
  }, [view.space]);
  const host = view.hosting ? hosting.value : null;
  return (
    <div class={`room ${view.hosting ? "hosts" : "partys"}`} data-place={place}>
      <Strip view={view}>{host && <host.HostTools />}</Strip>
      <main class="room-main" ref={main} tabIndex={-1} data-connected={connected.value}>
        <h1 class="unseen">{t("Mediation by video")}</h1>
        <Notices />
        {host ? (
          <host.HostRoom view={view} />
        ) : view.hosting ? null : place === "lobby" ? (
          <Lobby view={view} />
        ) : (
          <PartyRoom view={view} />
        )}
      </main>
    </div>
  );
}
