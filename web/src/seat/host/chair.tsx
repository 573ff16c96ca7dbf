/** The chair: shared with a co-mediator, handed over, or given up while another one has it. */
import { useState } from "preact/hooks";
import type { Card, View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { Dialog } from "../dialog";
import { command } from "../journey";
import { connected } from "../state";

export function GiveChair({ card }: { card: Card }) {
  const [asking, ask] = useState(false);
  const { seat, name } = card;
  const give = async (andStepDown: boolean) => {
    ask(false);
    const given = await command("give_chair", { seat });
    if (given.ok && andStepDown) await command("step_down", {});
  };
  return (
    <>
      <button type="button" class="small" disabled={!connected.value} onClick={() => ask(true)}>
        {t("Give the chair")}
      </button>
      {asking && (
        <Dialog title={t("Shall %(name)s host, too?", { name })} onClose={() => ask(false)}>
          <p>
            {t(
              "Whoever hosts lets people in, moves them and may end the meeting. Two hosts can each hold a private talk at the same time.",
            )}
          </p>
          <div class="dialog-actions">
            <button type="button" class="main" onClick={() => void give(false)}>
              {t("Host together")}
            </button>
            <button type="button" onClick={() => void give(true)}>
              {t("Hand over and step down")}
            </button>
            <button type="button" onClick={() => ask(false)}>
              {t("No change")}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}

/** Out of the chair: the other host goes on, and this page becomes that of somebody who takes part. */
export function StepDown({ view, onDone }: { view: View; onDone: () => void }) {
  if (!view.may_step_down) return null;
  return (
    <div class="room-choice">
      <button
        type="button"
        disabled={!connected.value}
        onClick={() => {
          onDone();
          void command("step_down", {});
        }}
      >
        {t("Step down")}
      </button>
      <p class="soft">{t("Another mediator hosts on. You stay and take part.")}</p>
    </div>
  );
}
