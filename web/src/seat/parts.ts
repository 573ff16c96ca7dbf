/** The parts of the room that are loaded when they are first wanted. */
import { part } from "./part";

/** Loaded on entering: it counts the messages not read yet, and asks a side for its yes. */
export const talk = part(() => import("./talk"));
export const papers = part(() => import("./papers"));
export const sound = part(() => import("./sound"));
export const recording = part(() => import("./recording"));
export const beside = part(() => import("./joining/beside"));
