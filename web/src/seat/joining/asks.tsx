/** How this browser will ask for microphone and camera: a picture, drawn, of what is coming. */
import { t } from "../../words";
import type { Kind } from "./browser";

interface Look {
  /** Where it appears: in the middle of a phone, at its lower edge, or under a PC's address bar. */
  place: "middle" | "below" | "corner";
  /** One under the other, or side by side. */
  stacked: boolean;
  buttons: string[];
  /** Which of them to tap. */
  allow: number;
}

export function lookOf(kind: Kind): Look {
  const pair = (place: Look["place"], no: string): Look => ({
    place,
    stacked: false,
    buttons: [no, t("Allow")],
    allow: 1,
  });
  const three = (place: Look["place"]): Look => ({
    place,
    stacked: true,
    buttons: [t("Allow while visiting the site"), t("Allow this time"), t("Never allow")],
    allow: 0,
  });
  switch (kind) {
    case "chrome_android":
    case "other_android":
      return three("middle");
    case "wechat_android":
      return pair("below", t("Refuse"));
    case "chrome":
    case "other":
      return three("corner");
    case "edge":
    case "firefox":
    case "wechat_desktop":
      return pair("corner", t("Block"));
    default:
      return pair("middle", t("Don't allow"));
  }
}

const WIDTH = 300;
const BOX = 244;
const LINE = 25;

export function AskPicture({ kind }: { kind: Kind }) {
  const look = lookOf(kind);
  const rows = look.stacked ? look.buttons.length : 1;
  const box = 52 + rows * (LINE + 6);
  const height = box + 34;
  const left = look.place === "corner" ? 12 : (WIDTH - BOX) / 2;
  const top = look.place === "middle" ? 17 : look.place === "below" ? 30 : 26;
  return (
    <svg
      class="ask"
      viewBox={`0 0 ${WIDTH} ${height}`}
      role="img"
      aria-label={t("A small window asks for microphone and camera; “%(allow)s” is marked in it.", {
        allow: look.buttons[look.allow] ?? "",
      })}
    >
      <rect class="ask-page" width={WIDTH} height={height} rx="10" />
      {look.place === "corner" && (
        <rect class="ask-bar" x="8" y="7" width="284" height="13" rx="6" />
      )}
      <g transform={`translate(${left} ${top})`}>
        <rect class="ask-box" width={BOX} height={box} rx="10" />
        <text class="ask-site" x={BOX / 2} y="20">
          {short(window.location.hostname)}
        </text>
        <text class="ask-what" x={BOX / 2} y="39">
          {t("Microphone and camera")}
        </text>
        {look.buttons.map((name, n) => (
          <Button key={name} name={name} look={look} n={n} />
        ))}
      </g>
    </svg>
  );
}

function Button({ name, look, n }: { name: string; look: Look; n: number }) {
  const width = look.stacked ? BOX - 24 : (BOX - 34) / 2;
  const x = look.stacked ? 12 : 12 + n * (width + 10);
  const y = 50 + (look.stacked ? n * (LINE + 6) : 0);
  const marked = n === look.allow;
  return (
    <g class={marked ? "ask-allow" : "ask-other"} transform={`translate(${x} ${y})`}>
      <rect width={width} height={LINE} rx="7" />
      <text x={width / 2} y={LINE / 2 + 5}>
        {name}
      </text>
      {marked && <path class="ask-finger" d={`M${width - 12} 17 l15 7 -6 3 -3 6 z`} />}
    </g>
  );
}

function short(host: string): string {
  return host.length > 26 ? `${host.slice(0, 25)}…` : host;
}
