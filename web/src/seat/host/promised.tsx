/** When a host has said to come, and saying it. */
import { Hourglass } from "lucide-preact";
import type { Card } from "../../wire/protocol.gen";
import { t } from "../../words";
import { command } from "../journey";
import { connected } from "../state";
import { clockTime } from "../time";
import { past } from "./times";

const MORE = 5;

/** `seats`: who is told; `card`: one of them, by whom it is known what was said. */
export function Promised({ card, seats }: { card: Card; seats: string[] }) {
  const at = card.expected_at;
  return (
    <>
      {at && (
        <p class={past(at) ? "attention" : "soft with-icons"}>
          <Hourglass aria-hidden="true" />
          <span>{t("They were told: about %(time)s.", { time: clockTime(at) })}</span>
        </p>
      )}
      <button
        type="button"
        class="small promise"
        disabled={!connected.value}
        onClick={() => void command("promise", { seats, minutes: MORE })}
      >
        {t("Tell them: about 5 more minutes")}
      </button>
    </>
  );
}
