/** What one has agreed to, to read again, and the way to take it back without leaving. */
import { useState } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import type { Text } from "./arrival";
import { TextBody } from "./joining/consent";
import { command } from "./journey";
import { connected, welcome } from "./state";

/** The texts that this person has agreed to; none of who is asked for nothing. */
export function agreed(view: View): Text[] {
  const texts = welcome.value?.texts ?? [];
  return texts.filter((text) => !view.consents_needed.includes(text.purpose));
}

export function ConsentPanel({ view }: { view: View }) {
  const [busy, setBusy] = useState(false);
  const texts = agreed(view);
  const withdraw = async () => {
    setBusy(true);
    for (const { purpose } of texts) await command("withdraw", { purpose });
    setBusy(false);
  };
  return (
    <div class="withdrawing">
      {view.recording?.agreed && (
        <button
          type="button"
          class="main wide"
          disabled={busy || !connected.value}
          onClick={() =>
            void command("withdraw", { purpose: view.recording?.purpose ?? "record_reading" })
          }
        >
          {t("Stop recording")}
        </button>
      )}
      <p>
        {t(
          "You may take back your consent at any time, without a reason. You then wait in the lobby, where nobody sees or hears you, and may agree again or leave.",
        )}
      </p>
      <button
        type="button"
        class="leave wide"
        disabled={busy || !connected.value}
        onClick={() => void withdraw()}
      >
        {t("Withdraw my consent")}
      </button>
      {texts.map((text) => (
        <details key={text.hash} class="whole">
          <summary>{t("Read again what you agreed to")}</summary>
          <TextBody text={text} />
        </details>
      ))}
    </div>
  );
}
