/** Who else is near a person's device, and whether everybody has agreed that they stay. */
import { Users } from "lucide-preact";
import type { Card, View } from "../../wire/protocol.gen";
import { sentences, t } from "../../words";
import { command } from "../journey";
import { listed } from "../people";
import { connected } from "../state";

export function Beside({ card, view }: { card: Card; view: View }) {
  if (card.beside.length === 0) return null;
  const names = listed(card.beside);
  if (!card.beside_told) {
    return <p class="soft">{t("Booked with %(names)s, not asked yet.", { names })}</p>;
  }
  if (card.beside_agreed) {
    return <p class="soft">{t("With %(names)s. Everyone agrees that they stay.", { names })}</p>;
  }
  return (
    <div class="attention beside">
      <p class="with-icons">
        <Users aria-hidden="true" />
        <span>{standing(card, names)}</span>
      </p>
      {card.admitted && <Answers card={card} view={view} />}
      <button
        type="button"
        class="small"
        disabled={!connected.value}
        onClick={() => void command("agree_beside", { seat: card.seat })}
      >
        {t("Everyone agrees that they stay")}
      </button>
    </div>
  );
}

function standing(card: Card, names: string): string {
  if (!card.admitted) return t("With %(names)s: not agreed yet.", { names });
  return sentences([
    t("With %(names)s: not everyone has agreed.", { names }),
    t("Until then, please ask them to go out of hearing."),
  ]);
}

/** Each of those who are with them is asked on their own page. */
function Answers({ card, view }: { card: Card; view: View }) {
  const lines: [string, string[]][] = [
    [t("Agree"), card.beside_yes],
    [t("Would rather not"), card.beside_no],
    [t("Asked, not answered yet"), card.beside_open],
  ];
  const told = lines.filter(([, seats]) => seats.length > 0);
  if (told.length === 0) return null;
  return (
    <dl>
      {told.map(([what, seats]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>{listed(seats.map((seat) => nameOf(view, seat)))}</dd>
        </div>
      ))}
    </dl>
  );
}

function nameOf(view: View, seat: string): string {
  const found = view.board?.find((card) => card.seat === seat);
  return found?.name ?? view.members.find((member) => member.seat === seat)?.name ?? "";
}
