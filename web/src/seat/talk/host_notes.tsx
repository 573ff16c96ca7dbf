/** The host's notes of the space they are in: of one side's talk only what belongs to that side. */
import { Lock, NotebookPen } from "lucide-preact";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { command } from "../journey";
import { connected } from "../state";
import { clockTime } from "../time";
import { Composer } from "./composer";
import { NotSent } from "./lines";
import { type Note, notes } from "./lists";
import { releaseName, scopeName } from "./release";
import { draftKey } from "./threads";
import { send, unsent } from "./unsent";

export function HostNotes({ view }: { view: View }) {
  const found = notes().value.value;
  const key = `note ${draftKey(view)}`;
  const waiting = unsent.value.filter((one) => one.what === "note");
  return (
    <section class="talk" aria-label={t("Notes")}>
      <p class="talk-to" data-place={view.place ?? "lobby"}>
        {view.place === "joint" ? <NotebookPen aria-hidden="true" /> : <Lock aria-hidden="true" />}
        <strong>{headline(view, found?.scope ?? null)}</strong>
      </p>
      <ol class="notes">
        {(found?.notes ?? []).map((note) => (
          <OneNote key={note.id} note={note} view={view} />
        ))}
        {waiting
          .filter((one) => one.refused === null)
          .map((one) => (
            <li key={one.id} class="note-line">
              <p class="talk-text">{one.text}</p>
              <p class="talk-who">{t("On its way…")}</p>
            </li>
          ))}
      </ol>
      {waiting
        .filter((one) => one.refused !== null)
        .map((one) => (
          <NotSent key={one.id} one={one} name={key} />
        ))}
      <Composer
        key={key}
        name={key}
        label={t("New note")}
        button={t("Add note")}
        adds
        onSend={(text) => send("note", text, { space: view.space })}
      />
    </section>
  );
}

function headline(view: View, scope: string | null): string {
  if (view.place === "joint" || scope === null || scope === "") {
    return t("Notes of the joint meeting, and what was released");
  }
  return t("Only notes of this talk: %(side)s", { side: scopeName(scope) });
}

/** A side by itself can be asked; several at once, or those of no side, can't. */
function one(scope: string): boolean {
  return scope !== "" && scope !== "-" && !scope.includes(",");
}

function OneNote({ note, view }: { note: Note; view: View }) {
  const fixed = note.release === "asked" || note.release === "released";
  const asks = view.place === "caucus" && one(note.scope) && !fixed && !note.struck;
  const off = !connected.value;
  const about = { kind: "note", thing: note.id } as const;
  return (
    <li class="note-line" data-release={note.release} data-struck={note.struck}>
      {note.scope !== "" && view.place === "joint" && (
        <p class="note-from">{t("Released by %(side)s", { side: scopeName(note.scope) })}</p>
      )}
      {note.struck ? (
        <p class="talk-text" dir="auto">
          <span class="unseen">{t("Struck out:")} </span>
          <del>{note.text}</del>
        </p>
      ) : (
        <p class="talk-text" dir="auto">
          {note.text}
        </p>
      )}
      <p class="talk-who">{[note.by, clockTime(note.at)].filter(Boolean).join(" · ")}</p>
      {note.release !== "keep" && view.place !== "joint" && (
        <p class="note-state" aria-live="polite">
          {releaseName(note.release)}
        </p>
      )}
      {!note.struck && !fixed && (
        <div class="talk-actions">
          {asks && (
            <button
              type="button"
              class="small"
              disabled={off}
              onClick={() => void command("ask_release", about)}
            >
              {note.release === "refused" ? t("Ask once more") : t("Ask: may I tell them?")}
            </button>
          )}
          <button
            type="button"
            class="small"
            disabled={off}
            onClick={() => void command("strike_note", { note: note.id })}
          >
            {t("Strike out")}
          </button>
        </div>
      )}
    </li>
  );
}
