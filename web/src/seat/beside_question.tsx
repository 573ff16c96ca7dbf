/** May who sits near somebody's device stay? Asked of each who is with them, and of nobody twice. */
import { Users } from "lucide-preact";
import { useId } from "preact/hooks";
import type { Member, View } from "../wire/protocol.gen";
import { t } from "../words";
import { useAsked } from "./asked";
import { command } from "./journey";
import { listed } from "./people";
import { connected } from "./state";

export function BesideQuestions({ view }: { view: View }) {
  const asked = view.members.filter((member) => view.asked_beside.includes(member.seat));
  return (
    <>
      {asked.map((member) => (
        <Question key={`${member.seat} ${member.beside}`} member={member} view={view} />
      ))}
    </>
  );
}

/** Nothing waits for the answer, and both answers weigh the same. */
function Question({ member, view }: { member: Member; view: View }) {
  const id = useId();
  const element = useAsked<HTMLElement>(view);
  const { seat, name, beside } = member;
  const answer = (yes: boolean) => void command("answer_beside", { seat, names: [...beside], yes });
  return (
    <section ref={element} class="question" aria-labelledby={id} tabIndex={-1}>
      <p id={id} class="with-icons" aria-live="polite">
        <Users aria-hidden="true" />
        <span>
          {t("%(names)s: there with %(name)s, and can hear this. May they stay?", {
            name,
            names: listed(beside),
          })}
        </span>
      </p>
      <div class="dialog-actions">
        <button type="button" disabled={!connected.value} onClick={() => answer(true)}>
          {t("Yes, they may stay")}
        </button>
        <button type="button" disabled={!connected.value} onClick={() => answer(false)}>
          {t("I'd rather not")}
        </button>
      </div>
      <p class="soft">{t("Take your time. Only the mediator sees what you answer.")}</p>
    </section>
  );
}
