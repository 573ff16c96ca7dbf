import { LogOut } from "lucide-preact";
import { useState } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { Dialog } from "./dialog";
import { leave } from "./journey";

export function LeaveButton({ view }: { view: View }) {
  const [asked, setAsked] = useState(false);
  const [leaving, setLeaving] = useState(false);
  const stay = () => setAsked(false);
  return (
    <>
      <button type="button" class="leave" onClick={() => setAsked(true)}>
        <LogOut aria-hidden="true" />
        {t("Leave")}
      </button>
      {asked && (
        <Dialog title={t("Leave the meeting?")} onClose={stay}>
          <p>{consequence(view)}</p>
          {view.hosting && <p>{t("To end it for everybody, use “End the meeting”.")}</p>}
          <div class="dialog-actions">
            <button type="button" class={view.hosting ? "wide" : "main wide"} onClick={stay}>
              {t("Stay")}
            </button>
            <button
              type="button"
              class={view.hosting ? "main" : "leave"}
              disabled={leaving}
              onClick={() => {
                setLeaving(true);
                void leave();
              }}
            >
              {t("Confirm leave")}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function consequence(view: View): string {
  if (view.hosting) {
    return t(
      "The meeting does not end. Without a mediator, the two sides are separated at once and can't hear each other.",
    );
  }
  return t(
    "You can come back with the same link; you would wait in the lobby again. Leaving also withdraws your consent to mediate online.",
  );
}
