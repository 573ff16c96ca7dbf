/** The host's board: everybody of the session, grouped by where they are. */
import { Split } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Card, View } from "../wire/protocol.gen";
import { sentences, t, tn } from "../words";
import { PersonCard } from "./card";
import { comings } from "./host/alerts";
import { close, drawer } from "./host/drawer";
import { FairnessBox } from "./host/fairness_box";
import { GroupSection } from "./host/group";
import { follow, knocks } from "./host/knocks";
import { chosen, selected } from "./host/selected";
import { command } from "./journey";
import { board } from "./people";
import { connected } from "./state";

export function Board({ view }: { view: View }) {
  useEffect(() => {
    knocks.value = follow(knocks.peek(), view);
  }, [view]);
  return (
    <aside class="board" id="board" aria-label={t("People")} data-open={drawer.value === "people"}>
      <button type="button" class="sheet-close" onClick={close}>
        {t("Close")}
      </button>
      <Comings view={view} />
      {view.shuttle_only && (
        <p class="attention shuttle">
          <Split aria-hidden="true" />
          <span>{t("Shuttle only: the sides never share a room.")}</span>
        </p>
      )}
      {board(view).map((group) => (
        <GroupSection
          key={`${group.kind} ${group.side} ${group.mine} ${group.cards[0]?.space}`}
          group={group}
          view={view}
        >
          {group.cards.map((card) => (
            <PersonCard key={card.seat} card={card} view={view} />
          ))}
        </GroupSection>
      ))}
      {view.board?.length === 0 && <p>{t("Nobody else is booked for this meeting.")}</p>}
      <Together cards={view.board ?? []} />
      <FairnessBox view={view} />
    </aside>
  );
}

/** For the ear: who has come, and who is gone. */
function Comings({ view }: { view: View }) {
  const before = useRef<Card[]>([]);
  const [said, say] = useState("");
  useEffect(() => {
    const news = comings(before.current, view);
    before.current = view.board ?? [];
    if (news.length) say(sentences(news));
  }, [view.board]);
  return (
    <p class="unseen" aria-live="polite">
      {said}
    </p>
  );
}

/** What can be done with those who are ticked: a talk of the lawyers alone, or of two sides. */
function Together({ cards }: { cards: readonly Card[] }) {
  const seats = chosen(cards);
  if (seats.length === 0) return null;
  const clear = () => {
    selected.value = new Set();
  };
  return (
    <div class="together">
      <button
        type="button"
        class="main"
        disabled={!connected.value}
        onClick={() => {
          void command("move", { seats, to: "caucus" });
          clear();
        }}
      >
        {tn("Private talk with %(num)s", "Private talk with %(num)s", seats.length)}
      </button>
      <button type="button" onClick={clear}>
        {t("Clear selection")}
      </button>
    </div>
  );
}
