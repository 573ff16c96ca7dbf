/** A break with a time to come back, which everybody is told. */
import { Coffee } from "lucide-preact";
import { useState } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t, tn } from "../../words";
import { now } from "../clock";
import { Dialog } from "../dialog";
import { command } from "../journey";
import { connected } from "../state";
import { clockTime } from "../time";
import { minutesUntil, past } from "./times";

const CHOICES = [5, 10, 15, 20, 30];

export function BreakButton({ view }: { view: View }) {
  const [asking, ask] = useState(false);
  return (
    <>
      <button type="button" class="toggle" disabled={!connected.value} onClick={() => ask(true)}>
        <Coffee aria-hidden="true" />
        <span>{t("Break")}</span>
      </button>
      {asking && <BreakDialog running={view.break_until !== null} onClose={() => ask(false)} />}
    </>
  );
}

function BreakDialog({ running, onClose }: { running: boolean; onClose: () => void }) {
  const [minutes, setMinutes] = useState<number | null>(10);
  const [time, setTime] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (minutes === null) {
      setProblem(
        time
          ? t("Please give a time within the next two hours.")
          : t("Please say how long the break is."),
      );
      return;
    }
    onClose();
    await command("pause", { minutes });
  };
  return (
    <Dialog title={running ? t("Change the break") : t("Break")} onClose={onClose}>
      <form class="break-form" onSubmit={submit} noValidate>
        <p>{t("Everyone goes to the room of their own side and is told when to be back.")}</p>
        <fieldset class="chips">
          <legend>{t("How long?")}</legend>
          {CHOICES.map((choice) => (
            <label key={choice} class="chip">
              <input
                type="radio"
                name="minutes"
                checked={minutes === choice && !time}
                onChange={() => {
                  setMinutes(choice);
                  setTime("");
                  setProblem(null);
                }}
              />
              {tn("%(num)s minute", "%(num)s minutes", choice)}
            </label>
          ))}
        </fieldset>
        <label for="back-at">{t("Or until")}</label>
        <input
          id="back-at"
          type="time"
          value={time}
          onInput={(event) => {
            setTime(event.currentTarget.value);
            setMinutes(minutesUntil(event.currentTarget.value));
            setProblem(null);
          }}
        />
        <p aria-live="polite" class={problem ? "problem" : undefined}>
          {problem ??
            (minutes !== null &&
              t("Back at %(time)s.", { time: clockTime(now.value + minutes * 60_000) }))}
        </p>
        <div class="dialog-actions">
          <button type="button" onClick={onClose}>
            {t("No break")}
          </button>
          <button type="submit" class="main" disabled={!connected.value}>
            {running ? t("Change it") : t("Begin the break")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** While it lasts, and when it is over. */
export function BreakBanner({ view }: { view: View }) {
  if (!view.break_until) return null;
  const over = past(view.break_until);
  return (
    <div class="notice break-banner" data-over={over}>
      <Coffee aria-hidden="true" />
      <span>
        {over
          ? t("The break is over.")
          : t("Break until %(time)s. Everyone is in the room of their own side.", {
              time: clockTime(view.break_until),
            })}
      </span>
      <button
        type="button"
        class={over ? "main" : undefined}
        disabled={!connected.value}
        onClick={() => void command("move", { seats: [], to: "joint" })}
      >
        {t("Back to joint now")}
      </button>
    </div>
  );
}
