/** Live talk time and time alone, for those who host; it is nowhere kept. */

import type { View } from "../../wire/protocol.gen";
import { t, tn } from "../../words";
import { now } from "../clock";
import { talk } from "../news";
import { sideName } from "../people";
import { type Share, shares } from "./fairness";

export function FairnessBox({ view }: { view: View }) {
  const found = shares(view.board ?? [], talk.value, now.value);
  const most = Math.max(1, ...found.map((share) => share.spoken));
  if (found.length === 0) return null;
  return (
    <section class="fairness" aria-label={t("Who has had how much")}>
      <h2>{t("Who has had how much")}</h2>
      <dl>
        {found.map((share) => (
          <div key={share.side}>
            <dt>{share.side === null ? t("Mediators and others") : sideName(share.side)}</dt>
            <dd>
              <span class="bar" aria-hidden="true">
                <span style={{ width: `${(100 * share.spoken) / most}%` }} />
              </span>
              {spoken(share)}
              {share.alone !== null && <span class="soft"> · {alone(share.alone)}</span>}
            </dd>
          </div>
        ))}
      </dl>
      <p class="soft">{t("Only hosts see this, only now. It is not kept.")}</p>
    </section>
  );
}

function spoken(share: Share): string {
  const minutes = Math.floor(share.spoken / 60);
  return minutes === 0
    ? t("spoke for less than a minute")
    : tn("spoke for %(num)s minute", "spoke for %(num)s minutes", minutes);
}

function alone(minutes: number): string {
  return minutes === 0
    ? t("alone just now")
    : tn("alone for %(num)s minute", "alone for %(num)s minutes", minutes);
}
