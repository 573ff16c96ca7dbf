/** Looking closer for oneself: how a page lies in the window through which one looks at it. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** `x` and `y`: by how much the page's middle lies off the window's, in pixels. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** As everybody sees it. */
export const COMMON: Zoom = { scale: 1, x: 0, y: 0 };
export const CLOSEST = 6;
export const STEP = 1.5;

export function isCommon(zoom: Zoom): boolean {
  return zoom.scale === 1 && zoom.x === 0 && zoom.y === 0;
}

/** The largest page of this shape (width by height) that the window holds whole. */
export function fitted(window: Size, ratio: number): Size {
  const width = Math.min(window.width, window.height * ratio);
  return { width, height: width / ratio };
}

/** The page never leaves the window further than it has to. */
export function held(zoom: Zoom, page: Size, window: Size): Zoom {
  const scale = Math.min(CLOSEST, Math.max(1, zoom.scale));
  return {
    scale,
    x: limited(zoom.x, (page.width * scale - window.width) / 2),
    y: limited(zoom.y, (page.height * scale - window.height) / 2),
  };
}

/** Closer by a factor, with what is at (`x`, `y`), counted from the window's middle, staying. */
export function closer(zoom: Zoom, factor: number, x: number, y: number): Zoom {
  const scale = Math.min(CLOSEST, Math.max(1, zoom.scale * factor));
  const by = scale / zoom.scale;
  return { scale, x: x - (x - zoom.x) * by, y: y - (y - zoom.y) * by };
}

export function moved(zoom: Zoom, x: number, y: number): Zoom {
  return { ...zoom, x: zoom.x + x, y: zoom.y + y };
}

function limited(value: number, most: number): number {
  const far = Math.max(0, most);
  return Math.min(far, Math.max(-far, value)) + 0;
}
