/** The host's board: everybody of the session, grouped by where they are. */
import { Split } from "lucide-preact";
import type { Card, View } from "../wire/protocol.gen";
import { t } from "../words";
import { PersonCard } from "./card";
import { board, type Group, listed } from "./people";

export function Board({ view }: { view: View }) {
  return (
    <aside class="board" aria-label={t("People")}>
      <p class="unseen" aria-live="polite">
        {news(view)}
      </p>
      {view.shuttle_only && (
        <p class="attention shuttle">
          <Split aria-hidden="true" />
          <span>{t("Shuttle only: the sides never share a room.")}</span>
        </p>
      )}
      {board(view).map((group) => (
        <section key={`${group.kind} ${group.side} ${group.mine} ${group.cards[0]?.space}`}>
          <h2>{groupName(group, view.shuttle_only)}</h2>
          <ul>
            {group.cards.map((card) => (
              <PersonCard key={card.seat} card={card} view={view} />
            ))}
          </ul>
        </section>
      ))}
      {view.board?.length === 0 && <p>{t("Nobody else is booked for this meeting.")}</p>}
    </aside>
  );
}

/** For the ear: who waits for the host. Without minutes, or it would be said every minute. */
function news(view: View): string {
  const cards = view.board ?? [];
  const waiting = cards.filter((card) => !card.admitted && card.present && card.ready);
  const asking = cards.filter((card) => card.asks.length > 0);
  const said = [];
  if (waiting.length) said.push(t("Waiting: %(names)s.", { names: names(waiting) }));
  if (asking.length) said.push(t("Asking for you: %(names)s.", { names: names(asking) }));
  return said.join(" ");
}

function names(cards: Card[]): string {
  return listed(cards.map((card) => card.name));
}

function groupName(group: Group, apart: boolean): string {
  switch (group.kind) {
    case "claims":
      return t("Same link, another device");
    case "waiting":
      return t("Waiting");
    case "joint":
      return apart ? t("In your room") : t("Joint");
    case "caucus":
      return group.mine ? t("Private, with you") : t("Private");
    case "side":
      return group.side ? t("Side %(side)s", { side: group.side }) : t("Without a side");
    case "absent":
      return t("Not here");
  }
}
