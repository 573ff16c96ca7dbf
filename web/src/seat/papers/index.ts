/** Papers in the room, and what everybody looks at. */
export { PapersPanel } from "./panel";
export { ShareScreenButton } from "./share";
export { Stage } from "./stage";
