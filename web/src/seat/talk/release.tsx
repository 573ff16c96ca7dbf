/** What was said in private leaves it by the side's own yes, to the exact words. */
import { FileText, Quote } from "lucide-preact";
import { useId, useState } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { useAsked } from "../asked";
import { command } from "../journey";
import { sideName } from "../people";
import { connected } from "../state";
import { type Asked, type Release, releases } from "./lists";
import { NewMessages } from "./new_messages";

/** A party is asked: yes and no weigh the same, and nothing is chosen beforehand. */
export function ReleaseQuestion({ view }: { view: View }) {
  if (view.hosting) return null;
  const all = releases().value.value ?? [];
  const asked = all.filter((one) => one.release === "asked");
  const given = all.filter((one) => one.release === "released");
  return (
    <>
      <NewMessages />
      {asked.map((one) => (
        <Question key={one.id} one={one} view={view} />
      ))}
      {given.length > 0 && <Given lines={given} />}
    </>
  );
}

function Question({ one, view }: { one: Asked; view: View }) {
  const id = useId();
  const [busy, setBusy] = useState(false);
  const element = useAsked<HTMLElement>(view);
  const answer = async (yes: boolean) => {
    setBusy(true);
    await command("answer_release", { kind: one.kind, thing: one.id, yes });
    await releases().ask();
    setBusy(false);
  };
  const off = busy || !connected.value;
  return (
    <section ref={element} class="question release" aria-labelledby={id} tabIndex={-1}>
      <div role="alert">
        <p class="soft">{t("Mediator %(host)s asks you:", { host: asker(view) })}</p>
        <h2 id={id}>
          {one.kind === "note" ? t("May I tell them:") : t("May I show them this paper:")}
        </h2>
        <Words one={one} />
      </div>
      <div class="release-answers">
        <button type="button" disabled={off} onClick={() => void answer(true)}>
          {t("Yes, you may")}
        </button>
        <button type="button" disabled={off} onClick={() => void answer(false)}>
          {t("No, please don't")}
        </button>
      </div>
      <p class="soft">
        {one.kind === "note"
          ? t("Only these words, and nothing else. If you say no, they stay between us.")
          : t("Only this paper. If you say no, it stays between us.")}
      </p>
    </section>
  );
}

/** Who hosts here has asked; others can't. */
function asker(view: View): string {
  return view.members.find((m) => m.chair)?.name ?? view.host_name;
}

/** What one has said yes to: it can be taken back, though not what was seen meanwhile. */
function Given({ lines }: { lines: readonly Asked[] }) {
  return (
    <details class="release-given">
      <summary>{t("What the mediator may tell them")}</summary>
      <p class="soft">
        {t(
          "What you take back nobody else can open any more, from that moment on. What they have seen or heard, they know.",
        )}
      </p>
      <ul>
        {lines.map((one) => (
          <li key={one.id}>
            <Words one={one} />
            <button
              type="button"
              disabled={!connected.value}
              onClick={() =>
                void command("answer_release", { kind: one.kind, thing: one.id, yes: false })
              }
            >
              {t("Take back")}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** For the host: what may be said of this talk; in the joint space, what was released. */
export function ReleaseList({ view }: { view: View }) {
  const all = releases().value.value ?? [];
  const given = all.filter((one) => one.release === "released");
  const open = all.filter((one) => one.release === "asked");
  return (
    <div class="release-list">
      {given.length === 0 ? (
        <p>{t("No words were released.")}</p>
      ) : (
        <ul>
          {given.map((one) => (
            <li key={one.id}>
              {view.place === "joint" && <p class="soft">{scopeName(one.scope)}</p>}
              <Words one={one} />
            </li>
          ))}
        </ul>
      )}
      {open.length > 0 && (
        <>
          <p>{t("Asked and not answered, so not released:")}</p>
          <ul>
            {open.map((one) => (
              <li key={one.id}>
                <Words one={one} />
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Words({ one }: { one: Asked }) {
  return (
    <blockquote class="release-words" dir="auto">
      {one.kind === "note" ? <Quote aria-hidden="true" /> : <FileText aria-hidden="true" />}
      <span>{one.words}</span>
    </blockquote>
  );
}

/** Whose notes or words these are. */
export function scopeName(scope: string): string {
  if (scope === "") return t("Joint meeting");
  if (scope === "-") return t("Of no side");
  return scope
    .split(",")
    .map((side) => sideName(side))
    .join(" · ");
}

export function releaseName(state: Release): string {
  switch (state) {
    case "asked":
      return t("Asked, not answered yet");
    case "released":
      return t("Released: you may tell the others");
    case "refused":
      return t("Kept: they said no");
    case "keep":
      return t("Kept");
  }
}
