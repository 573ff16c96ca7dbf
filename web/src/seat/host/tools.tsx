/** At the far end of the strip, well away from everything that is used while talking. */
import { Clock, Flag, LockKeyhole, LockKeyholeOpen, Settings2 } from "lucide-preact";
import { useState } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { now } from "../clock";
import { Dialog } from "../dialog";
import { EndDialog } from "../end";
import { command } from "../journey";
import { openSheet } from "../sheets";
import { connected, view as viewed } from "../state";
import { clockTime } from "../time";
import { StepDown } from "./chair";
import { sound } from "./chime";
import { ByKey, KeysDialog } from "./keys";

type Open = "none" | "room" | "keys" | "end";

export function HostTools() {
  const [open, setOpen] = useState<Open>("none");
  const view = viewed.value;
  const close = () => setOpen("none");
  return (
    <>
      <span class="clock">
        <Clock aria-hidden="true" />
        {clockTime(now.value)}
      </span>
      {view && <LockButton view={view} />}
      <button type="button" onClick={() => setOpen("room")}>
        <Settings2 aria-hidden="true" />
        {t("Room")}
      </button>
      <button type="button" class="end" disabled={!connected.value} onClick={() => setOpen("end")}>
        <Flag aria-hidden="true" />
        {t("End the meeting")}
      </button>
      {view && open === "room" && (
        <RoomDialog view={view} onClose={close} onKeys={() => setOpen("keys")} />
      )}
      {view && open === "keys" && <KeysDialog view={view} onClose={close} />}
      {view && open === "end" && <EndDialog purpose={view.purpose} onClose={close} />}
    </>
  );
}

/** Nobody new comes in, not even into a lobby. The name stays; whether it is on is pressed. */
function LockButton({ view }: { view: View }) {
  const Icon = view.locked ? LockKeyhole : LockKeyholeOpen;
  return (
    <ByKey letter="l">
      <button
        type="button"
        aria-pressed={view.locked}
        title={t("Nobody new comes in while it is locked. Who has lost the connection comes back.")}
        disabled={!connected.value}
        onClick={() => void command("lock", { on: !view.locked })}
      >
        <Icon aria-hidden="true" />
        <span>{t("Lock")}</span>
        {view.locked && (
          <span class="note" aria-hidden="true">
            {t("locked")}
          </span>
        )}
      </button>
    </ByKey>
  );
}

interface RoomProps {
  view: View;
  onClose: () => void;
  onKeys: () => void;
}

/** What is chosen once, and not while talking. */
function RoomDialog({ view, onClose, onKeys }: RoomProps) {
  return (
    <Dialog title={t("Room")} onClose={onClose}>
      <label class="choice">
        <input
          type="checkbox"
          checked={view.locked}
          disabled={!connected.value}
          onChange={(event) => void command("lock", { on: event.currentTarget.checked })}
        />
        {t("Locked: nobody new comes in")}
      </label>
      <label class="choice">
        <input
          type="checkbox"
          checked={sound.value.value === "on"}
          onChange={(event) => sound.choose(event.currentTarget.checked ? "on" : "off")}
        />
        {t("A soft sound when somebody needs you")}
      </label>
      <div class="room-choice">
        <button
          type="button"
          onClick={() => {
            onClose();
            openSheet("sound");
          }}
        >
          {t("Sound and picture")}
        </button>
        <p class="soft">{t("Another microphone, loudspeaker or camera.")}</p>
      </div>
      <div class="room-choice">
        <button type="button" onClick={onKeys}>
          {t("Keys")}
        </button>
        <p class="soft">{t("What can be done with one key.")}</p>
      </div>
      <StepDown view={view} onDone={onClose} />
      <div class="dialog-actions">
        <button type="button" class="main" onClick={onClose}>
          {t("Close")}
        </button>
      </div>
    </Dialog>
  );
}
