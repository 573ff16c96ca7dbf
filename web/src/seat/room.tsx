/** The room from the lobby to the end: one strip that never goes away, and what the place shows. */
import { useEffect, useRef } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { Announcer } from "./announcer";
import { Lobby } from "./lobby";
import { waitingForHost } from "./news";
import { Notices } from "./notices";
import { part } from "./part";
import { PartyRoom } from "./party";
import { atDesk, closeSheet, opened, openSheet } from "./sheets";
import { spaceName } from "./space";
import { connected } from "./state";
import { Strip } from "./strip";

/** The host's part is loaded by hosts only, and sheets when one is opened. */
const hosting = part(() => import("./host"), "host");
const sheets = part(() => import("./more"));

export function Room({ view }: { view: View }) {
  const place = view.place ?? "lobby";
  const waiting = waitingForHost.value;
  useEffect(() => {
    document.title = `${waiting ? `(${waiting}) ` : ""}${spaceName(view)} · ${t("Heyi")}`;
  });
  useEffect(() => {
    document.documentElement.dataset.for = view.hosting ? "staff" : "party";
    if (view.hosting) hosting.load();
  }, [view.hosting]);
  const open = opened.value;
  useEffect(() => {
    if (open) sheets.load();
  }, [open]);
  // What was focused may be gone with the place it was in, and a sheet was of that place.
  const main = useRef<HTMLElement>(null);
  const minutes = clerkAtDesk(view);
  useEffect(() => {
    if (minutes) openSheet("minutes");
    else closeSheet();
    if (document.activeElement === document.body) main.current?.focus({ preventScroll: true });
    // Where one is, and who hears, must be in sight after every move.
    window.scrollTo(0, 0);
  }, [view.space, minutes]);
  const host = view.hosting ? hosting.value.value : null;
  const sheet = open && sheets.value.value;
  return (
    <div
      class={`room ${view.hosting ? "hosts" : "partys"}`}
      data-place={place}
      data-quiet={view.quiet}
    >
      <Strip view={view}>{host && <host.HostTools />}</Strip>
      <div class="room-body">
        <main class="room-main" ref={main} tabIndex={-1} data-connected={connected.value}>
          <h1 class="unseen">{t("Mediation by video")}</h1>
          <Announcer view={view} />
          <Notices view={view} />
          {host ? (
            <host.HostRoom view={view} />
          ) : view.hosting ? null : place === "lobby" ? (
            <Lobby view={view} />
          ) : (
            <PartyRoom view={view} />
          )}
        </main>
        {sheet && <sheet.Sheets view={view} name={open} />}
      </div>
    </div>
  );
}

/** Who keeps the minutes has them beside the faces. */
function clerkAtDesk(view: View): boolean {
  return view.members.some((m) => m.seat === view.seat && m.role === "clerk") && atDesk();
}
