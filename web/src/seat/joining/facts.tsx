/** Which meeting it is, and whom to call: also when its link opens nothing any more. */
import { t } from "../../words";
import type { Meeting } from "../arrival";
import { language, turnedAway, welcome } from "../state";

export function MeetingFacts() {
  const known = welcome.value ?? turnedAway.value;
  if (!known) return null;
  return (
    <dl class="facts">
      <dt>{t("Time")}</dt>
      <dd>{startsAt(known, language.value)}</dd>
      <dt>{t("Organisation")}</dt>
      <dd>{known.organisation}</dd>
      {known.help_phone && (
        <>
          <dt>{t("Telephone")}</dt>
          <dd>
            <Phone number={known.help_phone} />
          </dd>
        </>
      )}
    </dl>
  );
}

/** To be tapped on. */
export function Phone({ number }: { number: string }) {
  return (
    <a class="phone" href={`tel:${number}`}>
      {number}
    </a>
  );
}

/** A sentence in which the number, if it is there, can be tapped on. */
export function WithPhone({ text, phone }: { text: string; phone: string }) {
  const at = phone ? text.indexOf(phone) : -1;
  if (at < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, at)}
      <Phone number={phone} />
      {text.slice(at + phone.length)}
    </>
  );
}

type When = Pick<Meeting, "starts_at" | "time_zone">;

/** The time on the organisation's clock; with its zone for who sits in another one. */
export function startsAt(known: When, lang: string): string {
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
