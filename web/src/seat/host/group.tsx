/** People in the same place, and what can be done about that place. */
import { DoorOpen } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { type Group, sideName } from "../people";
import { connected } from "../state";
import { dragged, dropping } from "./dragging";
import { knock, knocks } from "./knocks";
import { Promised } from "./promised";

interface Props {
  group: Group;
  view: View;
  children: ComponentChildren;
}

export function GroupSection({ group, view, children }: Props) {
  const [over, setOver] = useState(false);
  const card = (view.board ?? []).find((one) => one.seat === dragged.value);
  const drop = card && dropping(card, group, view);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: all that dropping does has its button.
    <section
      class="group"
      data-kind={group.kind}
      data-mine={group.mine}
      data-drop={drop ? (over ? "over" : "may") : undefined}
      onDragOver={(event) => {
        if (!drop) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        dragged.value = null;
        drop?.();
      }}
    >
      <h2>{groupName(group, view)}</h2>
      <Room group={group} view={view} />
      <ul>{children}</ul>
    </section>
  );
}

/** A side's room without a mediator, and a private talk of another host's, have doors. */
function Room({ group, view }: { group: Group; view: View }) {
  const { space } = group;
  if (space === null || space === view.space) return null;
  if (!group.cards.some((card) => card.present)) return null;
  const state = knocks.value[space];
  const [first] = group.cards;
  const seats = group.cards.map((card) => card.seat);
  return (
    <div class="group-room">
      {group.kind === "side" && first && <Promised card={first} seats={seats} />}
      {state === "declined" && <p class="attention">{t("They ask for a moment.")}</p>}
      {state === "knocking" || state === "asked" ? (
        <p class="soft with-icons">
          <DoorOpen aria-hidden="true" />
          {t("You have knocked. They decide.")}
        </p>
      ) : (
        <button
          type="button"
          class="small"
          aria-label={
            state === "declined"
              ? t("Knock again: %(room)s", { room: groupName(group, view) })
              : t("Knock: %(room)s", { room: groupName(group, view) })
          }
          disabled={!connected.value}
          onClick={() => void knock(space)}
        >
          <DoorOpen aria-hidden="true" />
          {state === "declined" ? t("Knock again") : t("Knock")}
        </button>
      )}
    </div>
  );
}

function groupName(group: Group, view: View): string {
  switch (group.kind) {
    case "claims":
      return t("Same link, another device");
    case "waiting":
      return t("Waiting");
    case "joint":
      return view.shuttle_only ? t("In your room") : t("Joint");
    case "caucus": {
      if (group.mine) return t("Private, with you");
      const host = group.cards.find((card) => card.chair);
      return host ? t("Private, with %(host)s", { host: host.name }) : t("Private");
    }
    case "side":
      return group.side ? sideName(group.side) : t("Neutral room");
    case "absent":
      return t("Not here");
  }
}
