/** The right column: agenda, notes, messages, papers, minutes, one at a time. */
import type { ComponentType } from "preact";
import { useRef } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t, tn } from "../../words";
import { PapersPanel } from "../papers";
import { AgendaPanel, ChatPanel, MinutesPanel, NotesPanel, unread } from "../talk";
import { close, drawer } from "./drawer";
import { kept } from "./kept";

const TABS = ["agenda", "notes", "messages", "papers", "minutes"] as const;
type Tab = (typeof TABS)[number];

const chosen = kept<Tab>("heyi.host.tab", TABS);

const PANELS: Record<Tab, ComponentType<{ view: View }>> = {
  agenda: AgendaPanel,
  notes: NotesPanel,
  messages: ChatPanel,
  papers: PapersPanel,
  minutes: MinutesPanel,
};

export function Panel({ view }: { view: View }) {
  const list = useRef<HTMLDivElement>(null);
  const open = chosen.value.value;
  const turn = (event: KeyboardEvent) => {
    const to = next(open, event.key);
    if (to === null) return;
    event.preventDefault();
    chosen.choose(to);
    list.current?.querySelector<HTMLElement>(`#tab-${to}`)?.focus();
  };
  return (
    <section
      class="panel"
      id="panel"
      aria-label={t("Agenda, notes and papers")}
      data-open={drawer.value === "panel"}
    >
      <button type="button" class="sheet-close" onClick={close}>
        {t("Close")}
      </button>
      <div
        ref={list}
        class="tabs"
        role="tablist"
        aria-label={t("Agenda, notes and papers")}
        onKeyDown={turn}
      >
        {TABS.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${tab}`}
            aria-selected={tab === open}
            aria-controls={`panel-${tab}`}
            tabIndex={tab === open ? 0 : -1}
            onClick={() => chosen.choose(tab)}
          >
            {tabName(tab)}
            {tab === "messages" && unread.value > 0 && (
              <span class="count">
                {unread.value}
                <span class="unseen"> {t("unread")}</span>
              </span>
            )}
          </button>
        ))}
      </div>
      {/* All stay: what is half written in one must not go with looking at another. */}
      {TABS.map((tab) => {
        const Content = PANELS[tab];
        return (
          <div
            key={tab}
            class="tab-panel"
            role="tabpanel"
            id={`panel-${tab}`}
            aria-label={tabName(tab)}
            // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by keyboard.
            tabIndex={0}
            hidden={tab !== open}
          >
            <Content view={view} />
          </div>
        );
      })}
    </section>
  );
}

/** The tab that a key leads to, or null. */
export function next(open: Tab, key: string): Tab | null {
  const at = TABS.indexOf(open);
  if (key === "ArrowRight") return TABS[(at + 1) % TABS.length] ?? null;
  if (key === "ArrowLeft") return TABS.at(at - 1) ?? null;
  if (key === "Home") return TABS[0];
  return key === "End" ? (TABS.at(-1) ?? null) : null;
}

function tabName(tab: Tab): string {
  switch (tab) {
    case "agenda":
      return t("Agenda");
    case "notes":
      return t("Notes");
    case "messages":
      return t("Messages");
    case "papers":
      return t("Papers");
    case "minutes":
      return t("Minutes");
  }
}

/** How many messages lie unread, for the button that opens this column where it is folded away. */
export function unreadSentence(): string | null {
  const n = unread.value;
  return n === 0 ? null : tn("%(num)s new", "%(num)s new", n);
}
