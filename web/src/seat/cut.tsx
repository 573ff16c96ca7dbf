/** The connection was ended on purpose: by whom, and what can be done. */
import { DoorOpen } from "lucide-preact";
import type { Cut } from "../wire/protocol.gen";
import { t } from "../words";
import { told as failed } from "./failed";
import { MeetingFacts } from "./joining/facts";
import { LockedDoor } from "./joining/locked";
import { comeBackAfterCut } from "./journey";
import { Page } from "./page";
import { cut } from "./state";

export function CutPage() {
  if (cut.value === "session_locked") return <LockedDoor />;
  const { title, text, back } = told(cut.value ?? "unknown");
  return (
    <Page title={title} icon={<DoorOpen aria-hidden="true" />}>
      <p>{text}</p>
      <p>{t("Your microphone and camera are off.")}</p>
      {!back && <MeetingFacts />}
      {back && (
        <button type="button" class="main wide" onClick={() => void comeBackAfterCut()}>
          {back}
        </button>
      )}
    </Page>
  );
}

function told(code: Cut["code"]): { title: string; text: string; back: string | null } {
  switch (code) {
    case "newer_tab":
      return {
        title: t("Open in another tab"),
        text: t("You opened the meeting in another tab or window. It goes on there."),
        back: t("Use it here instead"),
      };
    case "seat_taken":
      return {
        title: t("Open on another device"),
        text: t(
          "The mediator let in another device with your link. If that wasn't you, please call the committee at once.",
        ),
        back: null,
      };
    case "removed":
      return {
        title: t("You are no longer in the meeting"),
        text: t(
          "The mediator has ended your connection. You can ask to come in again; you would wait in the lobby.",
        ),
        back: t("Ask to come in again"),
      };
    case "revoked":
      return {
        title: t("Your link was replaced"),
        text: t("A new link was made for you. Please open the newest message and tap its link."),
        back: null,
      };
    case "left":
      return {
        title: t("You have left"),
        text: t(
          "Nobody sees or hears you any more. You can come back while the meeting goes on; you would wait in the lobby first.",
        ),
        back: t("Come back"),
      };
    default: {
      const { title, text, again } = failed(code);
      return { title, text, back: again ? t("Try again") : null };
    }
  }
}
