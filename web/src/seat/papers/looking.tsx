/** A window onto something flat: everybody sees it whole, and each may look closer for themselves. */
import { useSignal } from "@preact/signals";
import { Maximize, ZoomIn, ZoomOut } from "lucide-preact";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../words";
import { COMMON, closer, fitted, held, isCommon, moved, type Size, STEP, type Zoom } from "./zoom";

/** Where on the page, as shares of its width and height. */
type Spot = (x: number, y: number) => void;

interface Props {
  /** What is looked at: another thing begins with the common view. */
  of: string;
  label: string;
  /** Width by height. */
  ratio: number;
  /** What a finger or the mouse does when it doesn't move the page. */
  hand?: { down: Spot; move: Spot; up: () => void; hover?: Spot } | null;
  /** How many pixels across the page has on this screen. */
  onWidth?: (pixels: number) => void;
  /** What else can be done with it, beside looking closer. */
  tools?: ComponentChildren;
  children: ComponentChildren;
}

const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [60, 0],
  ArrowRight: [-60, 0],
  ArrowUp: [0, 60],
  ArrowDown: [0, -60],
};

export function Looking({ of, label, ratio, hand = null, onWidth, tools, children }: Props) {
  const element = useRef<HTMLElement>(null);
  const size = useSignal<Size>({ width: 0, height: 0 });
  const zoom = useSignal<Zoom>(COMMON);
  useEffect(() => {
    zoom.value = COMMON;
  }, [of]);
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    const seen = new ResizeObserver(() => {
      size.value = { width: box.clientWidth, height: box.clientHeight };
    });
    seen.observe(box);
    return () => seen.disconnect();
  }, []);
  const page = fitted(size.value, ratio);
  const at = held(zoom.value, page, size.value);
  const across = page.width * at.scale * window.devicePixelRatio;
  useEffect(() => {
    if (across > 0) onWidth?.(across);
  }, [across]);
  const look = (next: Zoom) => {
    zoom.value = held(next, page, size.value);
  };
  const gestures = useGestures(element, () => ({ at, page, hand, look }));
  const onKeyDown = (event: KeyboardEvent) => {
    const arrow = ARROWS[event.key];
    if (arrow && !isCommon(at)) look(moved(at, ...arrow));
    else if (event.key === "+" || event.key === "=") look(closer(at, STEP, 0, 0));
    else if (event.key === "-") look(closer(at, 1 / STEP, 0, 0));
    else if (event.key === "0") look(COMMON);
    else return;
    event.preventDefault();
  };
  return (
    <div class="looking">
      <section
        ref={element}
        class="looking-window"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: looked closer at and moved by keyboard.
        tabIndex={0}
        data-hand={hand !== null}
        data-closer={!isCommon(at)}
        style={{ "--ratio": `${ratio}` }}
        onKeyDown={onKeyDown}
        {...gestures}
      >
        <div
          class="looking-page"
          style={{
            width: `${page.width}px`,
            height: `${page.height}px`,
            transform: `translate(-50%, -50%) translate(${at.x}px, ${at.y}px) scale(${at.scale})`,
          }}
        >
          {children}
        </div>
      </section>
      <div class="looking-tools">
        <button type="button" onClick={() => look(closer(at, 1 / STEP, 0, 0))}>
          <ZoomOut aria-hidden="true" />
          {t("Smaller")}
        </button>
        <button type="button" onClick={() => look(closer(at, STEP, 0, 0))}>
          <ZoomIn aria-hidden="true" />
          {t("Larger")}
        </button>
        {tools}
      </div>
      {!isCommon(at) && (
        <button type="button" class="looking-back" onClick={() => look(COMMON)}>
          <Maximize aria-hidden="true" />
          {t("Back to the common view")}
        </button>
      )}
    </div>
  );
}

interface Now {
  at: Zoom;
  page: Size;
  hand: Props["hand"];
  look: (next: Zoom) => void;
}

/** Two fingers look closer; one moves the page, or is the hand's; so does the mouse. */
function useGestures(element: { current: HTMLElement | null }, now: () => Now) {
  const fingers = useRef(new Map<number, { x: number; y: number }>());
  const middle = (event: MouseEvent) => {
    const box = element.current?.getBoundingClientRect() ?? new DOMRect();
    return {
      x: event.clientX - box.left - box.width / 2,
      y: event.clientY - box.top - box.height / 2,
    };
  };
  const spot = (event: MouseEvent, tell: Spot | undefined) => {
    const { at, page } = now();
    const { x, y } = middle(event);
    tell?.((x - at.x) / (page.width * at.scale) + 0.5, (y - at.y) / (page.height * at.scale) + 0.5);
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const { hand } = now();
    fingers.current.set(event.pointerId, middle(event));
    if (fingers.current.size === 2) hand?.up();
    if (fingers.current.size > 1) return;
    if (hand) {
      capture(element.current, event.pointerId);
      spot(event, hand.down);
    }
  };
  const onPointerMove = (event: PointerEvent) => {
    const { at, hand, look } = now();
    const before = fingers.current.get(event.pointerId);
    if (!before) {
      spot(event, hand?.hover);
      return;
    }
    const here = middle(event);
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    fingers.current.set(event.pointerId, here);
    if (other) {
      const factor = distance(here, other) / Math.max(1, distance(before, other));
      const [x, y] = [(here.x + other.x) / 2, (here.y + other.y) / 2];
      look(moved(closer(at, factor, x, y), (here.x - before.x) / 2, (here.y - before.y) / 2));
    } else if (hand) spot(event, hand.move);
    else if (!isCommon(at)) {
      capture(element.current, event.pointerId);
      look(moved(at, here.x - before.x, here.y - before.y));
    }
  };
  const onPointerUp = (event: PointerEvent) => {
    if (fingers.current.delete(event.pointerId) && fingers.current.size === 0) now().hand?.up();
  };
  useEffect(() => {
    const box = element.current;
    // Not passive: the page behind must not move when one looks closer.
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey && isCommon(now().at) && event.deltaY > 0) return;
      event.preventDefault();
      const { x, y } = middle(event);
      const { at, look } = now();
      look(closer(at, event.deltaY < 0 ? 1.2 : 1 / 1.2, x, y));
    };
    box?.addEventListener("wheel", onWheel, { passive: false });
    return () => box?.removeEventListener("wheel", onWheel);
  });
  return { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp };
}

function capture(element: HTMLElement | null, pointer: number): void {
  if (!element?.hasPointerCapture(pointer)) element?.setPointerCapture(pointer);
}

function distance(a: { x: number; y: number }, b: { x: number; y: number }): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
