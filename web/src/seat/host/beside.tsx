/** Who else is near a person's device, and whether everybody has agreed that they stay. */
import { Users } from "lucide-preact";
import type { Card } from "../../wire/protocol.gen";
import { t } from "../../words";
import { command } from "../journey";
import { listed } from "../people";
import { connected } from "../state";

export function Beside({ card }: { card: Card }) {
  if (card.beside.length === 0) return null;
  const names = listed(card.beside);
  if (!card.beside_told) {
    return <p class="soft">{t("Booked with %(names)s, not asked yet.", { names })}</p>;
  }
  if (card.beside_agreed) {
    return <p class="soft">{t("With %(names)s. Everyone agrees that they stay.", { names })}</p>;
  }
  return (
    <p class="attention">
      <Users aria-hidden="true" />
      <span>{t("With %(names)s: not agreed yet.", { names })}</span>
      <button
        type="button"
        class="small"
        disabled={!connected.value}
        onClick={() => void command("agree_beside", { seat: card.seat })}
      >
        {t("Everyone agrees that they stay")}
      </button>
    </p>
  );
}
