/** How much is still to be said before one is let in. */
import { t } from "../../words";

/** One's name, what is agreed to, and who is near; with each person beside there is one more. */
export const STEPS = 3;

export function StepOf({ at, of }: { at: number; of: number }) {
  return (
    <p class="step-of">
      <span>{t("Step %(at)s of %(of)s", { at, of })}</span>
      <progress max={of} value={at} aria-hidden="true" />
    </p>
  );
}
