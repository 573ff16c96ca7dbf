/** Waiting, calmly: who will come, what is still to be said, and one's own picture. */
import { Check } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { useEdge } from "./clear";
import { now } from "./clock";
import { CameraButton, HelpButton } from "./controls";
import { lookAgain } from "./joining/again";
import { BesideCard, BesideLine } from "./joining/beside";
import { ConsentCard } from "./joining/consent";
import { HostFace } from "./joining/face";
import { OwnPicture } from "./joining/own";
import { SpeakerTest } from "./joining/speaker";
import { STEPS } from "./joining/step";
import { HelpLine, LargeSwitch } from "./page";
import { talk } from "./parts";
import { welcome } from "./state";
import { clockTime, expected } from "./time";

export function Lobby({ view }: { view: View }) {
  const [changing, change] = useState(false);
  useEffect(lookAgain, []);
  useEffect(() => talk.load(), []);
  const task = nextTask(view, changing, () => change(false));
  const edge = useEdge<HTMLDivElement>("below");
  const LobbyChat = talk.value.value?.LobbyChat;
  return (
    <div class="lobby">
      <div class="lobby-body">
        {task ?? (!view.sent_out && <Waiting view={view} />)}
        <Host view={view} />
        {!task && !view.claim && <BesideLine view={view} change={() => change(true)} />}
        <OwnPicture />
        <div class="controls">
          <CameraButton />
        </div>
        <SpeakerTest />
        {LobbyChat && <LobbyChat view={view} />}
        <div class="small-line">
          <LargeSwitch />
        </div>
      </div>
      <div class="lobby-help" ref={edge}>
        <HelpButton view={view} />
        <HelpLine short />
      </div>
    </div>
  );
}

/** What is still to be said, one thing after the other. Of a claim nothing is asked. */
function nextTask(view: View, changing: boolean, done: () => void) {
  const known = welcome.value;
  if (view.claim || !known) return null;
  const of = STEPS + view.beside.length;
  const next = known.texts.find((text) => view.consents_needed.includes(text.purpose));
  if (next) return <ConsentCard texts={[next]} step={{ at: 2, of }} key={next.hash} />;
  if (changing || !view.beside_told) {
    return <BesideCard view={view} done={done} step={{ at: STEPS, of }} />;
  }
  const person = view.beside_needed[0];
  if (!person) return null;
  const at = STEPS + 1 + view.beside.indexOf(person);
  return <ConsentCard texts={known.beside_texts} person={person} step={{ at, of }} key={person} />;
}

function Host({ view }: { view: View }) {
  const at = expected(view);
  return (
    <div class="lobby-host">
      <HostFace name={view.host_name} />
      <p>
        <span class="soft">{t("Your mediator")}</span>
        <strong>{view.host_name}</strong>
        {at && (
          <span aria-live="polite">
            {t("The mediator expects to be with you at %(time)s.", { time: clockTime(at) })}
          </span>
        )}
      </p>
    </div>
  );
}

function Waiting({ view }: { view: View }) {
  const text = view.claim
    ? t("Please keep this page open. You are asked for the rest once the mediator has chosen.")
    : view.host_state === "elsewhere"
      ? t("Everything is ready. The mediator sees that you are waiting and will let you in.")
      : t("Everything is ready. Please keep this page open.");
  const begins = welcome.value?.starts_at;
  const early = begins !== undefined && Date.parse(begins) > now.value;
  // The button that was focused is gone with the card before.
  const place = useRef<HTMLParagraphElement>(null);
  useEffect(() => place.current?.focus(), []);
  return (
    <p class="waiting" ref={place} tabIndex={-1}>
      <Check aria-hidden="true" />
      <span class="lines">
        <span>{text}</span>
        {early && <span>{t("The meeting begins at %(time)s.", { time: clockTime(begins) })}</span>}
        {view.beside.length > 0 && (
          <span>{t("The mediator asks everybody whether who is with you may stay.")}</span>
        )}
      </span>
    </p>
  );
}
