/** The host's room: people on the left, faces in the centre, what is written on the right. */
import { useEffect } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { Board } from "./board";
import { AlertsBox } from "./host/alerts_box";
import { Bottom } from "./host/bottom";
import { close, drawer } from "./host/drawer";
import { useKeys } from "./host/keys";
import { Panel } from "./host/panel";
import { BreakBanner } from "./host/pause";
import { Knocking } from "./knocking";
import { Stage } from "./papers";
import { Recorder } from "./recording";
import { NewMessages } from "./talk";
import { Tiles } from "./tile";

export { HostTools } from "./host/tools";

export function HostRoom({ view }: { view: View }) {
  useKeys();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
  const shown = view.shown.exhibit !== null || view.shown.screen !== null;
  return (
    <div class="host" data-drawer={drawer.value} data-shown={shown}>
      <NewMessages />
      <AlertsBox view={view} />
      <Board view={view} />
      <section class="centre" aria-label={t("The people in this space")}>
        <Knocking view={view} />
        <BreakBanner view={view} />
        <Recorder view={view} />
        <Stage view={view} />
        <Tiles view={view} />
        <Bottom view={view} />
      </section>
      <Panel view={view} />
    </div>
  );
}
