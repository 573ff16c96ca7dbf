/** What is opened from *More*, and the list of it: each thing with an icon and a word. */
import {
  ALargeSmall,
  CircleDot,
  ClipboardPen,
  FileCheck,
  FileText,
  Languages,
  ListChecks,
  MessageSquare,
  NotebookPen,
  Users,
  Volume2,
} from "lucide-preact";
import type { ComponentChildren, ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { type Lang, spoken, t, tn } from "../words";
import { readAddress } from "./arrival";
import { BreakButton, CameraButton, PrivateWordButton } from "./controls";
import { changeLanguage } from "./journey";
import { compact, large, switchLarge } from "./large";
import type { Part } from "./part";
import { beside, papers, sound, talk } from "./parts";
import { Sheet } from "./sheet";
import { closeSheet, fromMore, openSheet, type SheetName } from "./sheets";
import { Showing } from "./showing";
import { agreed, ConsentPanel } from "./withdrawing";

type Icon = ComponentType<Record<string, unknown>>;

export function Sheets({ view, name }: { view: View; name: SheetName }) {
  const back = fromMore.value ? () => openSheet("more") : undefined;
  return (
    <Sheet title={titleOf(name)} onClose={closeSheet} onBack={back}>
      <Showing view={view} />
      <Content view={view} name={name} />
    </Sheet>
  );
}

function Content({ view, name }: { view: View; name: SheetName }) {
  switch (name) {
    case "more":
      return <List view={view} />;
    case "messages":
      return <Loaded part={talk}>{({ ChatPanel }) => <ChatPanel view={view} />}</Loaded>;
    case "agenda":
      return <Loaded part={talk}>{({ AgendaPanel }) => <AgendaPanel view={view} />}</Loaded>;
    case "notes":
      return <Loaded part={talk}>{({ NotesPanel }) => <NotesPanel view={view} />}</Loaded>;
    case "minutes":
      return <Loaded part={talk}>{({ MinutesPanel }) => <MinutesPanel view={view} />}</Loaded>;
    case "papers":
      return <Loaded part={papers}>{({ PapersPanel }) => <PapersPanel view={view} />}</Loaded>;
    case "beside":
      return (
        <Loaded part={beside}>
          {({ BesidePanel }) => <BesidePanel view={view} done={closeSheet} />}
        </Loaded>
      );
    case "consent":
      return <ConsentPanel view={view} />;
    case "sound":
      return <Loaded part={sound}>{({ SoundPanel }) => <SoundPanel view={view} />}</Loaded>;
    case "language":
      return <Language />;
  }
}

function Loaded<T>({
  part,
  children,
}: {
  part: Part<T>;
  children: (found: T) => ComponentChildren;
}) {
  useEffect(() => part.load());
  const found = part.value.value;
  return found ? children(found) : <progress aria-label={t("One moment, please")} />;
}

function List({ view }: { view: View }) {
  const unread = talk.value.value?.unread.value ?? 0;
  const few = compact(view);
  const clerk = view.members.find((m) => m.seat === view.seat)?.role === "clerk";
  return (
    <>
      {few && (
        <div class="controls">
          <CameraButton />
          <PrivateWordButton view={view} />
          <BreakButton view={view} />
        </div>
      )}
      <ul class="menu">
        <Entry icon={MessageSquare} name="messages">
          {unread > 0 && <span class="badge">{tn("%(num)s new", "%(num)s new", unread)}</span>}
        </Entry>
        <Entry icon={FileText} name="papers" />
        <Entry icon={ListChecks} name="agenda" />
        <Entry icon={NotebookPen} name="notes" />
        {clerk && <Entry icon={ClipboardPen} name="minutes" />}
        <Entry icon={Volume2} name="sound" />
        <Entry icon={Users} name="beside" />
        {agreed(view).length > 0 && <Entry icon={FileCheck} name="consent" />}
        {(view.recording?.began || view.recorded) && (
          <li>
            {/* Beside the meeting, which goes on. */}
            <a
              class="button"
              href={`/j/${readAddress().seat}/recordings?lang=${spoken()}`}
              target="_blank"
              rel="noopener"
            >
              <CircleDot aria-hidden="true" />
              <span>{t("What was recorded of me, and my receipt")}</span>
            </a>
          </li>
        )}
        <li>
          <button
            type="button"
            aria-pressed={large.value}
            onClick={() => switchLarge(!large.value)}
          >
            <ALargeSmall aria-hidden="true" />
            <span>{t("Large text")}</span>
            <span class="note" aria-hidden="true">
              {large.value ? t("is on") : t("is off")}
            </span>
          </button>
        </li>
        <Entry icon={Languages} name="language" />
      </ul>
    </>
  );
}

interface EntryProps {
  icon: Icon;
  name: SheetName;
  children?: ComponentChildren;
}

function Entry({ icon: Mark, name, children }: EntryProps) {
  return (
    <li>
      <button type="button" onClick={() => openSheet(name)}>
        <Mark aria-hidden="true" />
        <span>{titleOf(name)}</span>
        {children}
      </button>
    </li>
  );
}

function Language() {
  const each: [Lang, string][] = [
    ["zh", "中文"],
    ["en", "English"],
  ];
  return (
    <ul class="menu">
      {each.map(([lang, name]) => (
        <li key={lang}>
          <button
            type="button"
            lang={lang}
            aria-pressed={spoken() === lang}
            onClick={() => {
              closeSheet();
              if (spoken() !== lang) void changeLanguage(lang);
            }}
          >
            {name}
          </button>
        </li>
      ))}
    </ul>
  );
}

function titleOf(name: SheetName): string {
  switch (name) {
    case "more":
      return t("More");
    case "messages":
      return t("Messages");
    case "papers":
      return t("Papers");
    case "agenda":
      return t("Agenda");
    case "notes":
      return t("Notes");
    case "minutes":
      return t("Minutes");
    case "beside":
      return t("Who is near me");
    case "consent":
      return t("My consent");
    case "sound":
      return t("Sound and picture");
    case "language":
      return t("Language");
  }
}
