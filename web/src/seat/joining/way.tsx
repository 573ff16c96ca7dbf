/** The way to the seat: loaded at once by who arrives, and not by who only comes back. */
export { Devices } from "../devices";
export { Landing } from "../landing";
export { Rehearsed } from "./rehearsed";
