/** Words in the room: messages, notes, agenda, minutes, and what is released of them. */
export { AgendaPanel } from "./agenda";
export { CardChat } from "./card";
export { ChatPanel, LobbyChat } from "./chat";
export { hasWords, releases, unread } from "./lists";
export { MinutesPanel } from "./minutes";
export { NewMessages } from "./new_messages";
export { NotesPanel } from "./notes";
export { ReleaseList, ReleaseQuestion } from "./release";
