/** The recorder in one's space: its question, what it does, the way to stop it, and its end. */
import { signal } from "@preact/signals";
import { CircleDot, CirclePause, CircleStop, TriangleAlert } from "lucide-preact";
import { useEffect, useId, useState } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { spoken, t } from "../../words";
import { readAddress } from "../arrival";
import { useAsked } from "../asked";
import { command } from "../journey";
import { connected } from "../state";
import { endedSentence, stateSentence, troubleSentence } from "./words";

interface Asked {
  recording: string;
  text: string;
  hash: string;
}

/** How a recording ended, as one has read it: not told again. */
const read = signal("");

export function Recorder({ view }: { view: View }) {
  const own = view.recording?.waits_for.filter((one) => one.seat === view.seat) ?? [];
  return (
    <>
      {own.map((one) => (
        <Question
          key={`${view.recording?.id} ${one.person}`}
          view={view}
          id={view.recording?.id ?? ""}
          person={one.person}
        />
      ))}
      {view.recording ? <State view={view} /> : <End view={view} />}
    </>
  );
}

/** A yes and a no of the same weight; nothing is recorded before everybody's yes. */
function Question({ view, id, person }: { view: View; id: string; person: string }) {
  const heading = useId();
  const element = useAsked<HTMLElement>(view);
  const asked = useQuestion(id);
  const answer = (yes: boolean) => {
    if (asked) void command("answer_recording", { recording: id, hash: asked.hash, person, yes });
  };
  return (
    <section ref={element} class="question" aria-labelledby={heading} tabIndex={-1}>
      <h2 id={heading} class="with-icons">
        <CircleDot aria-hidden="true" />
        <span>
          {person
            ? t("%(name)s: may this be recorded?", { name: person })
            : t("May this be recorded?")}
        </span>
      </h2>
      {asked ? (
        asked.text.split("\n").map((line) => <p key={line}>{line}</p>)
      ) : (
        <progress aria-label={t("One moment, please")} />
      )}
      <div class="dialog-actions">
        <button type="button" disabled={!asked || !connected.value} onClick={() => answer(true)}>
          {t("Yes, you may record it")}
        </button>
        <button type="button" disabled={!asked || !connected.value} onClick={() => answer(false)}>
          {t("No, please don't")}
        </button>
      </div>
    </section>
  );
}

/** The words to agree to, in the page's language; asked for again when that is another one. */
function useQuestion(id: string): Asked | null {
  const [asked, setAsked] = useState<Asked | null>(null);
  const lang = spoken();
  useEffect(() => {
    let wanted = true;
    let timer: number | undefined;
    const ask = async () => {
      const url = `/j/${readAddress().seat}/room/recording?lang=${lang}`;
      const answer = await fetch(url, { cache: "no-store" }).catch(() => null);
      const found = answer?.ok ? ((await answer.json()) as Asked | null) : null;
      if (!wanted) return;
      if (found?.recording === id) setAsked(found);
      else timer = window.setTimeout(() => void ask(), 2000);
    };
    void ask();
    return () => {
      wanted = false;
      window.clearTimeout(timer);
    };
  }, [id, lang]);
  return asked;
}

function State({ view }: { view: View }) {
  const recording = view.recording;
  if (!recording) return null;
  const { purpose, trouble, writing, agreed } = recording;
  const Icon = writing ? CircleDot : CirclePause;
  const asking = !recording.began;
  return (
    <div class="notice recording-state" data-on={writing} aria-live="polite">
      {trouble ? <TriangleAlert aria-hidden="true" /> : <Icon aria-hidden="true" />}
      <span>
        {stateSentence(view)}
        {trouble && <strong> {troubleSentence(trouble)}</strong>}
      </span>
      {view.hosting ? (
        <button
          type="button"
          disabled={!connected.value}
          onClick={() => void command("stop_recording", {})}
        >
          {asking ? t("Don't record") : t("Stop recording")}
        </button>
      ) : (
        agreed && (
          <button
            type="button"
            disabled={!connected.value}
            onClick={() => void command("withdraw", { purpose })}
          >
            {asking ? t("Take back my yes") : t("Stop recording")}
          </button>
        )
      )}
    </div>
  );
}

/** Told until one has read it. */
function End({ view }: { view: View }) {
  const which = `${view.space} ${view.recorded}`;
  useEffect(() => {
    // The next one may end the same way.
    if (!view.recorded) read.value = "";
  }, [view.recorded]);
  if (!view.recorded || read.value === which) return null;
  return (
    <div class="notice" aria-live="polite">
      <CircleStop aria-hidden="true" />
      <span>{endedSentence(view.recorded)}</span>
      <button
        type="button"
        onClick={() => {
          read.value = which;
        }}
      >
        {t("OK")}
      </button>
    </div>
  );
}
