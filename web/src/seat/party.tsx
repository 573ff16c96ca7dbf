/** The party's room: faces above, one large button for the voice below. */
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { CameraButton, HelpButton, MicrophoneButton, PrivateWordButton } from "./controls";
import { command } from "./journey";
import { HelpLine, LargeSwitch } from "./page";
import { connected } from "./state";
import { Tiles } from "./tile";

export function PartyRoom({ view }: { view: View }) {
  return (
    <div class="party">
      <Tiles view={view} />
      <div class="bottom">
        {view.may_take_chair && <TakeChair />}
        <MicrophoneButton view={view} />
        <div class="controls">
          <CameraButton />
          <PrivateWordButton view={view} />
          <HelpButton view={view} />
        </div>
        <div class="small-line">
          <HelpLine short />
          <LargeSwitch />
        </div>
      </div>
    </div>
  );
}

export function TakeChair() {
  return (
    <div class="take-chair">
      <p>{t("No mediator is connected. You may host until one comes back.")}</p>
      <button
        type="button"
        class="main wide"
        disabled={!connected.value}
        onClick={() => void command("take_chair", {})}
      >
        {t("Take the chair")}
      </button>
    </div>
  );
}
