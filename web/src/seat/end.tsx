/** Ending a session: a result and its reason, both said before anything ends. */
import { useState } from "preact/hooks";
import type { ResultKind, SessionPurpose } from "../wire/protocol.gen";
import { t } from "../words";
import { Dialog } from "./dialog";
import { RESULTS, resultName } from "./ending";
import { command } from "./journey";
import { connected, refusal } from "./state";

interface Props {
  purpose: SessionPurpose;
  onClose: () => void;
}

export function EndDialog({ purpose, onClose }: Props) {
  const preparing = purpose === "preparation";
  // A preparation has one result, and nobody is held to anything by it.
  const [kind, setKind] = useState<ResultKind | null>(preparing ? "prepared" : null);
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    setProblem(lacking(kind, reason, until));
    if (!kind || lacking(kind, reason, until)) return;
    setBusy(true);
    const date = kind === "adjourned" ? until : null;
    const ack = await command("end", { result: kind, reason, until: date });
    if (!ack.ok) setProblem(refusal.value);
    setBusy(false);
  };
  return (
    <Dialog
      title={
        preparing
          ? t("End the private talk before the meeting")
          : t("End the meeting for everybody")
      }
      onClose={onClose}
    >
      <form class="end-form" onSubmit={submit} noValidate>
        {preparing ? (
          <p>
            {t("Result:")} <strong>{resultName("prepared")}</strong>
          </p>
        ) : (
          <fieldset>
            <legend>{t("Result")}</legend>
            {RESULTS.map((result) => (
              <label key={result} class="choice">
                <input
                  type="radio"
                  name="result"
                  value={result}
                  checked={kind === result}
                  onChange={() => {
                    setKind(result);
                    setProblem(null);
                  }}
                />
                {resultName(result)}
              </label>
            ))}
          </fieldset>
        )}
        {kind === "adjourned" && (
          <>
            <label for="until">{t("Date of the next meeting")}</label>
            <input
              id="until"
              type="date"
              value={until}
              onInput={(event) => setUntil(event.currentTarget.value)}
            />
          </>
        )}
        <label for="reason">{reasonName(kind)}</label>
        <textarea
          id="reason"
          rows={3}
          maxLength={2000}
          value={reason}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
        <p class="problem" aria-live="polite">
          {problem}
        </p>
        <div class="dialog-actions">
          <button type="button" class="wide" onClick={onClose}>
            {t("Go on with the meeting")}
          </button>
          <button type="submit" class="danger" disabled={busy || !connected.value}>
            {t("Confirm end")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function reasonName(kind: ResultKind | null): string {
  if (kind === "prepared") return t("What was talked about");
  return kind === "agreed" ? t("Remark (may stay empty)") : t("Reason");
}

/** What has to be said first, or null. An agreement is its own reason. */
export function lacking(kind: ResultKind | null, reason: string, until: string): string | null {
  if (!kind) return t("Please choose a result.");
  if (kind === "adjourned" && !until) return t("Please give the date of the next meeting.");
  if (kind !== "agreed" && !reason.trim())
    return t("Please write the reason; it is kept with the case.");
  return null;
}
