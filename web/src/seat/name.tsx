/** One's own name, as the mediator will see it. */
import { UserRound } from "lucide-preact";
import { useState } from "preact/hooks";
import { t } from "../words";
import { STEPS, StepOf } from "./joining/step";
import { command } from "./journey";
import { Page } from "./page";
import { connected, refusal } from "./state";

export function Name() {
  const [name, setName] = useState("");
  const [missing, setMissing] = useState(false);
  const [busy, setBusy] = useState(false);
  const problem = missing ? t("Please enter your name first.") : refusal.value;
  const submit = async (event: Event) => {
    event.preventDefault();
    setMissing(!name.trim());
    if (!name.trim()) return;
    setBusy(true);
    await command("say_name", { name });
    setBusy(false);
  };
  return (
    <Page title={t("What is your name?")} icon={<UserRound aria-hidden="true" />}>
      <StepOf at={1} of={STEPS} />
      <form onSubmit={submit} noValidate>
        <label for="name">{t("Your name")}</label>
        <input
          id="name"
          name="name"
          autocomplete="name"
          maxLength={200}
          value={name}
          aria-invalid={Boolean(problem)}
          aria-describedby="name-note"
          onInput={(event) => setName(event.currentTarget.value)}
        />
        <p id="name-note" class={problem ? "problem" : "soft"} aria-live="polite">
          {problem ?? t("The mediator sees it now; the others only after you are let in.")}
        </p>
        {!connected.value && <p class="soft">{t("Connecting…")}</p>}
        <button type="submit" class="main wide" disabled={busy}>
          {t("Continue")}
        </button>
      </form>
    </Page>
  );
}
