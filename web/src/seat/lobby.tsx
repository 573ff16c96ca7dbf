/** Waiting, calmly: who will come, what is still to be said, and one's own picture. */
import { Check } from "lucide-preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { View } from "../wire/protocol.gen";
import { t } from "../words";
import { arrive } from "./arrival";
import { now } from "./clock";
import { CameraButton, HelpButton } from "./controls";
import { ConsentCard } from "./joining/consent";
import { HostFace } from "./joining/face";
import { NearbyCard, NearbyLine } from "./joining/nearby";
import { OwnPicture } from "./joining/own";
import { SpeakerTest } from "./joining/speaker";
import { HelpLine, LargeSwitch } from "./page";
import { talk } from "./parts";
import { welcome } from "./state";
import { clockTime, expected } from "./time";

/** How often is looked whether the meeting has been moved. */
const LOOK_MS = 60_000;

export function Lobby({ view }: { view: View }) {
  const [changing, setChanging] = useState(false);
  useEffect(lookAgain, []);
  useEffect(() => talk.load(), []);
  const needed = (welcome.value?.texts ?? []).filter((text) =>
    view.consents_needed.includes(text.purpose),
  );
  const next = needed[0];
  const person = view.beside_needed[0];
  const LobbyChat = talk.value.value?.LobbyChat;
  return (
    <div class="lobby">
      <Host view={view} />
      {next ? (
        <ConsentCard texts={[next]} key={next.hash} />
      ) : changing || !view.beside_told ? (
        <NearbyCard view={view} done={() => setChanging(false)} />
      ) : person ? (
        <ConsentCard texts={welcome.value?.texts ?? []} person={person} key={person} />
      ) : (
        !view.sent_out && <Waiting view={view} />
      )}
      {!next && !changing && view.beside_told && (
        <NearbyLine view={view} change={() => setChanging(true)} />
      )}
      <OwnPicture />
      <div class="controls">
        <CameraButton />
        <HelpButton view={view} />
      </div>
      <SpeakerTest />
      {LobbyChat && <LobbyChat view={view} />}
      <div class="small-line">
        <HelpLine short />
        <LargeSwitch />
      </div>
    </div>
  );
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
  const text =
    view.host_state === "elsewhere" && !view.claim
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

/** A meeting may be moved while somebody waits. */
function lookAgain(): () => void {
  const timer = window.setInterval(async () => {
    const seat = welcome.peek()?.seat;
    const found = seat && (await arrive(seat, "").catch(() => null));
    if (found && found.starts_at !== welcome.peek()?.starts_at) welcome.value = found;
  }, LOOK_MS);
  return () => window.clearInterval(timer);
}
