/** The first page: who invites, when, and what will happen, in three pictures with their words. */
import { CalendarPlus, CircleSlash, DoorOpen, UserRound } from "lucide-preact";
import { t } from "../words";
import type { Welcome } from "./arrival";
import { now } from "./clock";
import { AskPicture, lookOf } from "./joining/asks";
import { thisBrowser } from "./joining/browser";
import { rehearsal } from "./joining/checks";
import { HostFace } from "./joining/face";
import { toDevices } from "./journey";
import { Page } from "./page";
import { language, welcome } from "./state";

/** Sooner than this before the meeting one comes to try, not to wait. */
const EARLY_MS = 30 * 60_000;

export function Landing() {
  const known = welcome.value;
  if (!known) return null;
  const early = !known.hosting && isEarly(known, now.value);
  const title = known.hosting
    ? t("You host this meeting")
    : t("Mediator %(host)s is expecting you", { host: known.host_name });
  return (
    <Page title={title} languages>
      <div class="inviter">
        <HostFace name={known.host_name} />
        <dl>
          <dt class="unseen">{t("Organisation")}</dt>
          <dd>{known.organisation}</dd>
          <dt class="unseen">{t("Time")}</dt>
          <dd>
            <strong>{startsAt(known, language.value)}</strong>
          </dd>
        </dl>
      </div>
      {known.moved && (
        <p class="advice">{t("The time of this meeting was changed. This is the new one.")}</p>
      )}
      {early ? <Early seat={known.seat} /> : <Steps hosting={known.hosting} />}
      <div class="actions landing-actions">
        {early && (
          <button type="button" class="main wide" onClick={rehearse}>
            {t("Try everything now")}
          </button>
        )}
        <button type="button" class={early ? "wide" : "main wide"} onClick={join}>
          {t("Join")}
        </button>
      </div>
    </Page>
  );
}

function join(): void {
  rehearsal.value = "no";
  toDevices();
}

function rehearse(): void {
  rehearsal.value = "trying";
  toDevices();
}

export function isEarly(known: Pick<Welcome, "starts_at" | "state">, at: number): boolean {
  return known.state === "planned" && Date.parse(known.starts_at) - at > EARLY_MS;
}

function Early({ seat }: { seat: string }) {
  return (
    <>
      <p>
        {t(
          "It is not time yet. Try now whether microphone, camera and network work: nobody sees or hears you, and it takes one minute.",
        )}
      </p>
      <p class="soft">{t("“Join” is possible now, too: you would wait for the mediator.")}</p>
      <p>
        <CalendarLink seat={seat} />
      </p>
      <Steps hosting={false} />
    </>
  );
}

export function CalendarLink({ seat }: { seat: string }) {
  return (
    <a class="calendar-link" href={`/j/${seat}/calendar.ics`} download="">
      <CalendarPlus aria-hidden="true" />
      {t("Add to my calendar")}
    </a>
  );
}

function Steps({ hosting }: { hosting: boolean }) {
  const { kind } = thisBrowser();
  const look = lookOf(kind);
  return (
    <>
      <ol class="steps">
        <li>
          <AskPicture kind={kind} />
          <span>
            {t("Your browser will ask like this. Tap “%(allow)s”.", {
              allow: look.buttons[look.allow] ?? "",
            })}
          </span>
        </li>
        <li>
          <UserRound aria-hidden="true" />
          <span>
            {hosting
              ? t("You see and hear whether everything works.")
              : t("You see and hear whether everything works, and type your name.")}
          </span>
        </li>
        <li>
          <DoorOpen aria-hidden="true" />
          <span>
            {hosting
              ? t("The others wait in the lobby until you let them in.")
              : t("Nobody sees or hears you until the mediator lets you in.")}
          </span>
        </li>
      </ol>
      <p class="with-icons">
        <CircleSlash aria-hidden="true" />
        <strong>{t("Nothing is recorded.")}</strong>
      </p>
    </>
  );
}

/** The time on the organisation's clock; with its zone for who sits in another one. */
export function startsAt(known: Pick<Welcome, "starts_at" | "time_zone">, lang: string): string {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : "en-GB", {
    timeZone: known.time_zone,
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: here === known.time_zone ? undefined : "short",
  }).format(new Date(known.starts_at));
}
