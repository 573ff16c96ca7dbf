/** The first page: who invites, when, and what will happen, in three pictures with their words. */
import { CalendarPlus, CircleSlash, DoorOpen, UserRound } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { t } from "../words";
import type { Welcome } from "./arrival";
import { now } from "./clock";
import { lookAgain } from "./joining/again";
import { AskPicture, lookOf } from "./joining/asks";
import { thisBrowser } from "./joining/browser";
import { rehearsal } from "./joining/checks";
import { HostFace } from "./joining/face";
import { Phone, startsAt } from "./joining/facts";
import { goIn, toDevices } from "./journey";
import { Page } from "./page";
import { language, welcome } from "./state";
import { clockTime } from "./time";

/** Who came early learns within this that the mediator is there. */
const LOOK_MS = 15_000;

export function Landing() {
  const known = welcome.value;
  if (!known) return null;
  const early = isEarly(known, now.value);
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
      {early ? <Early known={known} /> : <Steps hosting={known.hosting} />}
      <div class="actions landing-actions">
        {early ? (
          <button type="button" class="main wide" onClick={rehearse}>
            {t("Try your devices now")}
          </button>
        ) : (
          <button type="button" class="main wide" onClick={join}>
            {t("Join")}
          </button>
        )}
      </div>
    </Page>
  );
}

function join(): void {
  rehearsal.value = "no";
  void goIn();
}

function rehearse(): void {
  rehearsal.value = "trying";
  toDevices();
}

/** Before the door opens one comes to try, not to wait. */
export function isEarly(known: Pick<Welcome, "opens_at">, at: number): boolean {
  return known.opens_at !== null && at < Date.parse(known.opens_at);
}

function Early({ known }: { known: Welcome }) {
  useEffect(() => lookAgain(LOOK_MS), []);
  return (
    <>
      <p>
        {t(
          "You can try your devices now: nobody sees or hears you, and it takes one minute. Come in from %(time)s on the day, or as soon as the mediator is there.",
          { time: clockTime(known.opens_at ?? known.starts_at) },
        )}
      </p>
      {known.help_phone && (
        <p>
          {t("A question before then? Call %(organisation)s on a working day:", {
            organisation: known.organisation,
          })}{" "}
          <Phone number={known.help_phone} />
        </p>
      )}
      <p>
        <CalendarLink seat={known.seat} />
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
