/** One person on the host's board, with what can be done about them. */
import { Hand, LifeBuoy } from "lucide-preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Ask, Card, View } from "../wire/protocol.gen";
import { sentences, t, tn } from "../words";
import { minutesSince } from "./clock";
import { calls, inside, outside } from "./host/acts";
import { Beside } from "./host/beside";
import { dragged } from "./host/dragging";
import { onTheWay, troubles } from "./host/progress";
import { QualityHistory, QualityLine } from "./host/quality";
import { select, selected } from "./host/selected";
import { takeFocus } from "./host/touched";
import { command } from "./journey";
import { silentSeats } from "./news";
import { movable, standing } from "./people";
import { minutes } from "./quality";
import { connected } from "./state";
import { CardChat, hasWords } from "./talk";

export function PersonCard({ card, view }: { card: Card; view: View }) {
  const element = useRef<HTMLLIElement>(null);
  const [open, setOpen] = useState(false);
  const [writing, write] = useState<boolean | null>(null);
  // Who has written must not wait for somebody to look.
  const talking = !card.admitted && card.present && (writing ?? hasWords(card.seat));
  const more = useId();
  useEffect(() => {
    if (takeFocus(card.seat, element.current)) element.current?.focus();
  }, [card.place, card.space, card.seat]);
  const acts = card.admitted
    ? inside(card, view)
    : card.present
      ? outside(card, () => write(!talking))
      : { usual: calls(card), rarer: [] };
  const folded = acts.rarer.length > 0 || minutes.value.has(card.seat);
  const trouble = card.present ? undefined : troubles.value.get(card.seat);
  return (
    <li
      ref={element}
      tabIndex={-1}
      class="card"
      aria-label={card.claim ? t("Another device for %(name)s", { name: card.name }) : card.name}
      data-card={card.seat}
      data-asks={card.asks.length > 0 || trouble !== undefined}
      data-claim={card.claim}
      data-present={card.present}
      draggable={card.present}
      onDragStart={() => {
        dragged.value = card.seat;
      }}
      onDragEnd={() => {
        dragged.value = null;
      }}
    >
      <div class="card-head">
        <p class="card-name">
          <strong>{card.name}</strong> <span class="soft">{who(card)}</span>
        </p>
        {movable(card) && <Tick card={card} />}
        {folded && (
          <button
            type="button"
            class="small more"
            aria-expanded={open}
            aria-controls={more}
            onClick={() => setOpen(!open)}
          >
            {t("More")}
          </button>
        )}
      </div>
      {card.claim && (
        <p class="attention">
          {t(
            "Somebody else has opened this link. If you let them in, the device that has it now is cut off.",
          )}
        </p>
      )}
      {card.said_name && card.said_name !== card.name && (
        <p class="soft">{t("Says: %(name)s", { name: card.said_name })}</p>
      )}
      <p class="soft">{doing(card)}</p>
      {trouble && <p class="attention">{trouble}</p>}
      {card.microphone && silentSeats.value.includes(card.seat) && (
        <p class="attention">{t("Microphone on, but nothing is heard.")}</p>
      )}
      {card.admitted && card.present && <QualityLine seat={card.seat} />}
      <Beside card={card} view={view} />
      {card.asks.map((ask) => (
        <AskLine key={ask} card={card} ask={ask} />
      ))}
      {acts.usual.length > 0 && <div class="card-actions">{acts.usual}</div>}
      {open && folded && (
        <div id={more}>
          {acts.rarer.length > 0 && <div class="card-actions">{acts.rarer}</div>}
          <QualityHistory seat={card.seat} name={card.name} />
        </div>
      )}
      {(writing || hasWords(card.seat)) && !card.admitted && card.present && (
        <CardChat view={view} seat={card.seat} />
      )}
    </li>
  );
}

/** For a talk with several of one's own choosing. */
function Tick({ card }: { card: Card }) {
  return (
    <label class="tick">
      <input
        type="checkbox"
        checked={selected.value.has(card.seat)}
        aria-label={t("Select %(name)s", { name: card.name })}
        onChange={(event) => select(card.seat, event.currentTarget.checked)}
      />
    </label>
  );
}

const ASKS: Record<Ask, () => string> = {
  help: () => t("needs help"),
  private_word: () => t("would like a private word"),
  break: () => t("would like a break"),
};

function AskLine({ card, ask }: { card: Card; ask: Ask }) {
  return (
    <p class="attention">
      {ask === "help" ? <LifeBuoy aria-hidden="true" /> : <Hand aria-hidden="true" />}
      <span>{ASKS[ask]()}</span>
      <button
        type="button"
        class="small"
        disabled={!connected.value}
        onClick={() => void command("answer", { seat: card.seat, ask })}
      >
        {t("Done")}
      </button>
    </p>
  );
}

/** "Lawyer · Side A · hosts" */
function who(card: Card): string {
  const parts = [standing(card)];
  if (card.chair && card.admitted) parts.push(t("hosts"));
  return parts.join(" · ");
}

/** Where they stand, how long, and their microphone, in one line. */
function doing(card: Card): string {
  const parts = [whereabouts(card)];
  if (card.admitted && card.present) {
    parts.push(card.microphone ? t("Microphone on.") : t("Muted."));
  }
  if (card.present && card.away) parts.push(t("Has another app or page in front."));
  return sentences(parts);
}

function whereabouts(card: Card): string {
  if (!card.present) {
    return card.admitted
      ? t("Connection lost. The place is kept.")
      : (onTheWay(card.seat) ?? t("Has not opened the link yet, or has left."));
  }
  const n = card.since ? minutesSince(card.since) : 0;
  if (!card.admitted) {
    if (!card.said_name) return t("Arriving: no name given yet.");
    if (card.claim) return t("Waits for you to decide.");
    if (!card.ready) return t("Reading the consent.");
    if (card.sent_out) return t("You have sent them out. They wait, and nobody sees them.");
    if (!card.beside_told) return t("Has agreed, but has not said yet who is near.");
    if (n === 0) return t("Ready. Just arrived.");
    return tn("Ready. Waiting %(num)s minute.", "Ready. Waiting %(num)s minutes.", n);
  }
  if (n === 0) return t("Here for less than a minute.");
  if (card.place === "side") {
    return tn(
      "Without a mediator for %(num)s minute.",
      "Without a mediator for %(num)s minutes.",
      n,
    );
  }
  return tn("Here for %(num)s minute.", "Here for %(num)s minutes.", n);
}
