/** What is to be talked about: written by the host, read by everybody in the joint meeting. */
import { Check, Circle } from "lucide-preact";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { part } from "../part";
import { useLater } from "./later";
import { agenda, type Item } from "./lists";

const editor = part(() => import("./agenda_editor"));

export function AgendaPanel({ view }: { view: View }) {
  const page = agenda().value.value;
  return (
    <section class="talk agenda" aria-label={t("Agenda")}>
      {view.hosting ? (
        <Writing />
      ) : page && page.content.length > 0 ? (
        <Points items={page.content} />
      ) : (
        <p class="soft">
          {view.place === "joint"
            ? t("The mediator has not written an agenda yet.")
            : t("The agenda is shown in the joint meeting.")}
        </p>
      )}
    </section>
  );
}

export function Points({ items }: { items: readonly Item[] }) {
  return (
    <ol class="agenda-points">
      {items.map((item, n) => (
        <li key={n} data-done={item.done}>
          {item.done ? <Check aria-hidden="true" /> : <Circle aria-hidden="true" />}
          <span dir="auto">
            {item.text} {item.done && <span class="soft">{t("(talked about)")}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Writing() {
  const found = useLater(editor);
  return found && <found.Editor />;
}
