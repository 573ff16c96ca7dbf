/** The number of somebody, asked for when it is wanted: each look at it is written down. */
import { Phone } from "lucide-preact";
import { useState } from "preact/hooks";
import type { Card } from "../../wire/protocol.gen";
import { t } from "../../words";
import { address, sentence } from "../papers/list";

export function Telephone({ card }: { card: Card }) {
  const [busy, setBusy] = useState(false);
  const [number, tell] = useState<string | null>(null);
  const [wrong, fail] = useState("");
  const ask = async () => {
    setBusy(true);
    fail("");
    try {
      const answer = await fetch(address(`phone/${card.seat}`), { method: "POST" });
      if (answer.ok) tell(((await answer.json()) as { phone: string }).phone);
      else fail((await sentence(answer)) ?? lost());
    } catch {
      fail(lost());
    }
    setBusy(false);
  };
  if (number) {
    return (
      <a class="button small telephone" href={`tel:${number}`}>
        <Phone aria-hidden="true" />
        {number}
      </a>
    );
  }
  const said = number === "" ? t("No telephone is kept for %(name)s.", { name: card.name }) : wrong;
  return (
    <>
      <button type="button" class="small" disabled={busy} onClick={() => void ask()}>
        {t("Telephone")}
      </button>
      {said && (
        <p class="soft" role="status">
          {said}
        </p>
      )}
    </>
  );
}

function lost(): string {
  return t("The number could not be looked up. Please try again.");
}
