/** What everybody here looks at: a page of a paper, or somebody's screen. */
import { useSignal } from "@preact/signals";
import { ChevronLeft, ChevronRight, MonitorX, MousePointer2, PenLine, X } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import type { View } from "../../wire/protocol.gen";
import { t } from "../../words";
import { screenPicture } from "../call/call";
import { command } from "../journey";
import { atDesk } from "../sheets";
import { connected } from "../state";
import { follow, Lines, PenTools, pen } from "./drawing";
import { Framed } from "./frame";
import { paperOf, papers } from "./list";
import { Looking } from "./looking";
import { forgetAll, picture, widthFor } from "./pictures";
import { dots, pointAt } from "./pointers";
import { stop } from "./share";
import { FINEST, placed } from "./strokes";

type Tool = "look" | "point" | "draw";

export function Stage({ view }: { view: View }) {
  useEffect(() => forgetAll, [view.space]);
  const { exhibit, screen } = view.shown;
  if (screen) return <Screen view={view} />;
  return exhibit ? <Page key={`${exhibit} ${view.space}`} view={view} exhibit={exhibit} /> : null;
}

function nameOf(view: View, seat: string | null): string {
  return view.members.find((member) => member.seat === seat)?.name ?? "";
}

// ---- a page of a paper --------------------------------------------------------------------------

function Page({ view, exhibit }: { view: View; exhibit: string }) {
  const tool = useSignal<Tool>("look");
  const shown = usePicture(exhibit, view.shown.page);
  const { page, may_lead, by } = view.shown;
  const pages = papers.value.value && paperOf(exhibit)?.pages;
  const name = paperOf(exhibit)?.name ?? "";
  useEffect(() => follow(exhibit, page, view.space ?? ""), [exhibit, page, view.space]);
  const turn = (to: number) => void command("show", { exhibit, page: to });
  const pointing = (x: number, y: number) => pointAt(exhibit, page, placed(x), placed(y));
  const hands = {
    look: null,
    point: { down: pointing, move: pointing, hover: pointing, up: () => {} },
    draw: pen(exhibit, page),
  };
  const title = t("Page %(page)s of %(pages)s", { page, pages: pages || "…" });
  const who = nameOf(view, by);
  return (
    <Framed
      view={view}
      kind="exhibit"
      onBack={() => {
        if (!atDesk()) tool.value = "look";
      }}
      head={
        <>
          <p class="stage-name" aria-live="polite">
            <strong>{name}</strong>
            <span>{title}</span>
            {who && <span class="soft">{t("shown by %(name)s", { name: who })}</span>}
          </p>
          {may_lead && pages !== 1 && <Turns page={page} pages={pages || 0} turn={turn} />}
          {may_lead && (
            <button
              type="button"
              disabled={!connected.value}
              onClick={() => void command("show", { exhibit: null, page: 1 })}
            >
              <X aria-hidden="true" />
              {t("Put away")}
            </button>
          )}
        </>
      }
    >
      {(turn) => (
        <>
          {shown.wrong.value ? (
            <Failed text={shown.wrong.value} again={shown.ask} />
          ) : (
            <Looking
              of={`${exhibit} ${page}`}
              label={t("%(name)s, to look closer at", { name })}
              ratio={shown.ratio.value}
              hand={hands[tool.value]}
              onWidth={shown.wider}
              tools={
                <Tools
                  tool={tool.value}
                  choose={(chosen) => {
                    tool.value = chosen;
                    // A finger that draws can't move the page: all of it has to be in sight.
                    if (chosen !== "look" && !atDesk()) turn(true);
                  }}
                />
              }
            >
              {shown.url.value ? (
                <img
                  src={shown.url.value}
                  alt={t("%(title)s of %(name)s, shown by %(who)s", { title, name, who })}
                  draggable={false}
                  onLoad={(event) => shown.loaded(event.currentTarget)}
                />
              ) : (
                <progress aria-label={t("One moment, please")} />
              )}
              <Lines ratio={shown.ratio.value} />
              <Dots view={view} exhibit={exhibit} page={page} />
            </Looking>
          )}
          {tool.value === "draw" && <PenTools view={view} />}
        </>
      )}
    </Framed>
  );
}

function Turns({ page, pages, turn }: { page: number; pages: number; turn: (to: number) => void }) {
  return (
    <>
      <button type="button" disabled={page <= 1 || !connected.value} onClick={() => turn(page - 1)}>
        <ChevronLeft aria-hidden="true" />
        {t("Page back")}
      </button>
      <button
        type="button"
        disabled={page >= pages || !connected.value}
        onClick={() => turn(page + 1)}
      >
        {t("Next page")}
        <ChevronRight aria-hidden="true" />
      </button>
    </>
  );
}

/** While neither is on, a finger or the mouse moves the page. */
function Tools({ tool, choose }: { tool: Tool; choose: (tool: Tool) => void }) {
  const each = [
    { name: "point", icon: MousePointer2, word: t("Point") },
    { name: "draw", icon: PenLine, word: t("Draw") },
  ] as const;
  return (
    <>
      {each.map(({ name, icon: Mark, word }) => (
        <button
          key={name}
          type="button"
          aria-pressed={tool === name}
          onClick={() => choose(tool === name ? "look" : name)}
        >
          <Mark aria-hidden="true" />
          {word}
        </button>
      ))}
    </>
  );
}

function Failed({ text, again }: { text: string; again: () => void }) {
  return (
    <div class="stage-failed" role="alert">
      <p>{text}</p>
      <button type="button" onClick={again}>
        {t("Try again")}
      </button>
    </div>
  );
}

/** The page's picture, as large as it is looked at, and the next one beforehand. */
function usePicture(exhibit: string, page: number) {
  const url = useSignal<string | null>(null);
  const wrong = useSignal("");
  const ratio = useSignal(210 / 297);
  const width = useSignal(800);
  const tries = useSignal(0);
  useEffect(() => {
    let current = true;
    wrong.value = "";
    picture(exhibit, page, width.value).then(
      (found) => {
        if (current) url.value = found;
        if (current) picture(exhibit, page + 1, width.value).catch(() => {});
      },
      (error: Error) => {
        if (current) wrong.value = error.message;
      },
    );
    return () => {
      current = false;
    };
  }, [exhibit, page, width.value, tries.value]);
  return {
    url,
    wrong,
    ratio,
    wider: (pixels: number) => {
      width.value = Math.max(width.peek(), widthFor(pixels));
    },
    loaded: (image: HTMLImageElement) => {
      if (image.naturalHeight) ratio.value = image.naturalWidth / image.naturalHeight;
    },
    ask: () => {
      tries.value += 1;
    },
  };
}

function Dots({ view, exhibit, page }: { view: View; exhibit: string; page: number }) {
  const here = dots.value.filter((dot) => dot.exhibit === exhibit && dot.page === page);
  return (
    <>
      {here.map((dot) => (
        <span
          key={dot.seat}
          class="dot"
          aria-hidden="true"
          style={{ left: `${(dot.x / FINEST) * 100}%`, top: `${(dot.y / FINEST) * 100}%` }}
        >
          <span>{nameOf(view, dot.seat)}</span>
        </span>
      ))}
    </>
  );
}

// ---- somebody's screen --------------------------------------------------------------------------

function Screen({ view }: { view: View }) {
  const name = nameOf(view, view.shown.screen);
  if (view.shown.screen === view.seat) {
    return (
      <Framed view={view} kind="own" head={null}>
        {() => (
          <div class="stage-own">
            <p>{t("You are showing your screen. Everybody here sees what you chose.")}</p>
            <button type="button" class="main" onClick={() => void stop()}>
              <MonitorX aria-hidden="true" />
              {t("Stop showing")}
            </button>
          </div>
        )}
      </Framed>
    );
  }
  return (
    <Framed
      view={view}
      kind="screen"
      head={
        <>
          <p class="stage-name" aria-live="polite">
            <strong>{t("%(name)s shows their screen", { name })}</strong>
          </p>
          {view.hosting && (
            <button type="button" onClick={() => void command("stop_screen", {})}>
              <MonitorX aria-hidden="true" />
              {t("Stop this screen")}
            </button>
          )}
        </>
      }
    >
      {() => <Moving track={screenPicture.value} name={name} of={view.shown.screen ?? ""} />}
    </Framed>
  );
}

interface MovingProps {
  track: MediaStreamTrack | null;
  name: string;
  of: string;
}

function Moving({ track, name, of }: MovingProps) {
  const element = useRef<HTMLVideoElement>(null);
  const ratio = useSignal(16 / 9);
  const moving = useSignal(false);
  useEffect(() => {
    const video = element.current;
    moving.value = false;
    if (!video || !track) return;
    video.srcObject = new MediaStream([track]);
    video.play().catch(() => {});
    return () => {
      video.srcObject = null;
    };
  }, [track]);
  return (
    <Looking
      of={of}
      label={t("The screen of %(name)s, to look closer at", { name })}
      ratio={ratio.value}
    >
      <video
        ref={element}
        muted
        playsInline
        autoPlay
        data-moving={moving.value}
        onPlaying={() => {
          moving.value = true;
        }}
        onResize={(event) => {
          const video = event.currentTarget;
          if (video.videoHeight) ratio.value = video.videoWidth / video.videoHeight;
        }}
      />
      {!moving.value && <p class="stage-wait">{t("The screen is coming…")}</p>}
    </Looking>
  );
}
