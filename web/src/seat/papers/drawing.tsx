/** What is drawn on the page that is shown, one's own lines at once. */
import { effect, signal } from "@preact/signals";
import { Eraser, Undo2 } from "lucide-preact";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { command } from "../journey";
import { changesOf } from "../news";
import { connected } from "../state";
import { address } from "./list";
import { type Colour, type Line, path, placed, type Stroke, sendable } from "./strokes";

export const colour = signal<Colour>("red");
const broad = signal(false);

/** The line under one's finger. */
const drawing = signal<Line | null>(null);
/** Sent, and not yet in the list. */
const waiting = signal<readonly Line[]>([]);
const strokes = signal<readonly Stroke[]>([]);

/** Which page's lines these are, and in which space: another one has others. */
const shown = signal("");
let turn = 0;

/** Follow this page's lines from now on. */
export function follow(exhibit: string, page: number, space: string): void {
  const wanted = `exhibits/${exhibit}/${page}/strokes ${space}`;
  if (shown.peek() === wanted) return;
  strokes.value = [];
  waiting.value = [];
  drawing.value = null;
  shown.value = wanted;
}

effect(() => {
  changesOf("strokes").value;
  if (connected.value && shown.value) void ask();
});

async function ask(): Promise<void> {
  turn += 1;
  const [mine, wanted] = [turn, shown.peek()];
  const url = address(wanted.split(" ")[0] ?? "");
  const response = await fetch(url, { cache: "no-store" }).catch(() => null);
  // An older answer must not replace a newer one, nor one page's lines another's.
  if (!response?.ok || mine !== turn || wanted !== shown.peek()) return;
  strokes.value = (await response.json()) as Stroke[];
}

const INK: Record<Colour, string> = { red: "#c01818", blue: "#0b4fc4", black: "#16130f" };

export function Lines({ ratio }: { ratio: number }) {
  const all = [...strokes.value, ...waiting.value, ...(drawing.value ? [drawing.value] : [])];
  return (
    <svg
      class="lines"
      viewBox={`0 0 1000 ${1000 / ratio}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {all.map((line, n) => (
        <path
          key={n}
          d={path(line.points, ratio)}
          stroke={INK[line.colour]}
          stroke-width={line.width * 2}
        />
      ))}
    </svg>
  );
}

/** The hand that draws. */
export function pen(exhibit: string, page: number) {
  const add = (x: number, y: number) => {
    const line = drawing.peek();
    if (line) drawing.value = { ...line, points: [...line.points, placed(x), placed(y)] };
  };
  return {
    down: (x: number, y: number) => {
      const width = broad.peek() ? 3 : 2;
      drawing.value = { points: [placed(x), placed(y)], colour: colour.peek(), width };
    },
    move: add,
    up: () => {
      const line = drawing.peek();
      drawing.value = null;
      if (line) void send(exhibit, page, { ...line, points: sendable(line.points) });
    },
  };
}

async function send(exhibit: string, page: number, line: Line): Promise<void> {
  waiting.value = [...waiting.peek(), line];
  await command("draw", { exhibit, page, ...line, points: [...line.points] });
  await ask();
  waiting.value = waiting.peek().filter((other) => other !== line);
}

export function PenTools({ view }: { view: View }) {
  const { exhibit, page, may_lead } = view.shown;
  if (!exhibit) return null;
  const wipe = (what: "last" | "own" | "all") => void command("wipe", { exhibit, page, what });
  const mine = strokes.value.some((stroke) => stroke.mine);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields.
    <div class="pens" role="group" aria-label={t("Drawing")}>
      {(["red", "blue", "black"] as const).map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={colour.value === one}
          onClick={() => {
            colour.value = one;
          }}
        >
          <span class="ink" style={{ background: INK[one] }} />
          {colourName(one)}
        </button>
      ))}
      <button
        type="button"
        aria-pressed={broad.value}
        onClick={() => {
          broad.value = !broad.value;
        }}
      >
        {t("Broad line")}
      </button>
      <button type="button" disabled={!mine} onClick={() => wipe("last")}>
        <Undo2 aria-hidden="true" />
        {t("Undo line")}
      </button>
      <button type="button" disabled={!mine} onClick={() => wipe("own")}>
        <Eraser aria-hidden="true" />
        {t("Wipe mine")}
      </button>
      {may_lead && (
        <button type="button" disabled={!strokes.value.length} onClick={() => wipe("all")}>
          <Eraser aria-hidden="true" />
          {t("Wipe all")}
        </button>
      )}
    </div>
  );
}

function colourName(colour: Colour): string {
  if (colour === "red") return t("Red");
  return colour === "blue" ? t("Blue") : t("Black");
}
