/** Somebody stands at the door of this room: who is inside lets them in, or asks for a moment. */
import { DoorClosed } from "lucide-preact";
import { useId } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { useAsked } from "./asked";
import { command } from "./journey";
import { connected } from "./state";

export function Knocking({ view }: { view: View }) {
  return view.knocking ? <Knock key={view.knocking} view={view} name={view.knocking} /> : null;
}

function Knock({ view, name }: { view: View; name: string }) {
  const id = useId();
  const element = useAsked<HTMLElement>(view);
  const answer = (on: boolean) => void command("answer_knock", { on });
  return (
    <section ref={element} class="question" aria-labelledby={id} tabIndex={-1}>
      <p id={id} class="with-icons" aria-live="assertive">
        <DoorClosed aria-hidden="true" />
        <span>{t("%(name)s is at the door and would like to come in.", { name })}</span>
      </p>
      <div class="dialog-actions">
        <button type="button" class="main" disabled={!connected.value} onClick={() => answer(true)}>
          {t("Come in")}
        </button>
        <button type="button" disabled={!connected.value} onClick={() => answer(false)}>
          {t("One moment")}
        </button>
      </div>
    </section>
  );
}
