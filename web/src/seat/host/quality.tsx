/** How well somebody is connected: a line on the card, and the last half hour as a small graph. */
import { SignalLow } from "lucide-preact";
import { t } from "../../words";
import { causeSentence, type Grade, gradeWords, latest, type Minute, minutes } from "../quality";
import { clockTime } from "../time";

/** Only where it is not good: of everybody's good network nobody needs to read. */
export function QualityLine({ seat }: { seat: string }) {
  const last = latest(minutes.value.get(seat));
  if (!last || last.grade === "good") return null;
  return (
    <p class="soft with-icons quality-line">
      <SignalLow aria-hidden="true" />
      <span>
        <strong>{gradeWords(last.grade)}</strong>
        {last.cause && <> {causeSentence(last.cause)}</>}
      </span>
    </p>
  );
}

const SPAN = 30;
/** Percent; what is more looks like this. */
const MOST = 20;
const HEIGHT = 48;
/** A minute without loss is seen, too. */
const LEAST = 3;

export interface Bar {
  x: number;
  height: number;
  grade: Grade;
}

/** A bar a minute, each at its place before `until`; minutes that were not measured are gaps. */
export function bars(found: readonly Minute[], until: number): Bar[] {
  return found.flatMap(({ at, grade, loss }) => {
    const x = SPAN - 1 - Math.round((until - Date.parse(at)) / 60_000);
    const share = Math.min(1, ((loss ?? 0) * 100) / MOST);
    return x < 0 || x >= SPAN ? [] : [{ x, grade, height: Math.max(LEAST, share * HEIGHT) }];
  });
}

export function QualityHistory({ seat, name }: { seat: string; name: string }) {
  const found = minutes.value.get(seat) ?? [];
  const last = found.at(-1);
  if (!last) return null;
  const until = Date.parse(last.at);
  const [from, to] = [clockTime(until - (SPAN - 1) * 60_000), clockTime(until)];
  return (
    <figure class="quality">
      <figcaption>{t("Packets lost each minute, %(from)s to %(to)s", { from, to })}</figcaption>
      <div class="quality-graph">
        <svg viewBox={`0 0 ${SPAN * 8} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
          {bars(found, until).map(({ x, height, grade }) => (
            <rect
              key={x}
              class={`quality-${grade}`}
              x={x * 8 + 1}
              y={HEIGHT - height}
              width="6"
              height={height}
            />
          ))}
        </svg>
        <span aria-hidden="true">{percent(MOST / 100)}</span>
        <span aria-hidden="true">{percent(0)}</span>
      </div>
      <ul class="quality-key" aria-hidden="true">
        {(["good", "weak", "audio_only"] as const).map((grade) => (
          <li key={grade} class={`quality-${grade}`}>
            {gradeWords(grade)}
          </li>
        ))}
      </ul>
      <details>
        <summary>{t("As a table")}</summary>
        <table>
          <caption class="unseen">{t("How %(name)s was connected", { name })}</caption>
          <thead>
            <tr>
              <th scope="col">{t("Minute")}</th>
              <th scope="col">{t("Connection")}</th>
              <th scope="col">{t("Lost")}</th>
              <th scope="col">{t("There and back")}</th>
            </tr>
          </thead>
          <tbody>
            {found.toReversed().map((minute) => (
              <Row key={minute.at} minute={minute} />
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function Row({ minute }: { minute: Minute }) {
  const { at, grade, cause, loss, round_trip_ms: trip } = minute;
  return (
    <tr>
      <th scope="row">{clockTime(at)}</th>
      <td>
        {gradeWords(grade)}
        {cause && <span class="soft"> {causeSentence(cause)}</span>}
      </td>
      <td>{known(loss, percent)}</td>
      <td>{known(trip, (ms) => t("%(ms)s ms", { ms }))}</td>
    </tr>
  );
}

function known(value: number | null, words: (value: number) => string): string {
  return value === null ? t("not measured") : words(value);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
