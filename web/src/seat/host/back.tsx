/** Everybody back at one table; before leaving a private talk, what may be said of it. */
import { Users } from "lucide-preact";
import { useState } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { Dialog } from "../dialog";
import { command } from "../journey";
import { connected } from "../state";
import { ReleaseList, releases } from "../talk";

export function BackButton({ view }: { view: View }) {
  const [asking, ask] = useState(false);
  const [busy, setBusy] = useState(false);
  const name = view.shuttle_only ? t("Back to my room") : t("Back to joint");
  const back = () => {
    ask(false);
    void command("move", { seats: [], to: "joint" });
  };
  const tap = async () => {
    if (view.place !== "caucus") return back();
    setBusy(true);
    const asked = releases();
    await asked.ask();
    setBusy(false);
    const released = asked.value.value?.some((line) => line.release === "released");
    if (released) ask(true);
    else back();
  };
  const away = (view.board ?? []).some(
    (card) => card.admitted && card.place !== "joint" && !(view.shuttle_only && card.side !== null),
  );
  return (
    <>
      <button
        type="button"
        class="toggle"
        disabled={busy || !connected.value || (view.place === "joint" && !away)}
        onClick={() => void tap()}
      >
        <Users aria-hidden="true" />
        <span>{name}</span>
      </button>
      {asking && (
        <Dialog title={t("You may tell them:")} onClose={() => ask(false)}>
          <ReleaseList view={view} />
          <p class="soft">{t("Everything else of this talk stays here.")}</p>
          <div class="dialog-actions">
            <button type="button" onClick={() => ask(false)}>
              {t("Stay in this talk")}
            </button>
            <button type="button" class="main" disabled={!connected.value} onClick={back}>
              {name}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
