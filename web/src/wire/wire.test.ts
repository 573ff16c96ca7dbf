import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import type { Listener } from "./wire";

const OPEN = { sid: "one", upgrades: ["websocket"], pingInterval: 25_000, pingTimeout: 20_000 };
const nobody = new Proxy({}, { get: () => () => {} }) as Listener;

const there = vi.hoisted(() => ({ url: "" }));

vi.mock("socket.io-client", async (original) => {
  const real = await original<typeof import("socket.io-client")>();
  return { ...real, io: (name: string, options: object) => real.io(there.url + name, options) };
});

const { Wire } = await import("./wire");

/** The paths of the websockets that were asked for. */
const asked: string[] = [];
/** Answers those who ask by polling; a websocket finds nobody, as while a server begins. */
const server = createServer((request, response) => {
  if (request.url?.includes("sid=")) return;
  response.end(`0${JSON.stringify(OPEN)}`);
});
server.on("upgrade", (request, socket) => {
  asked.push(request.url ?? "");
  socket.destroy();
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test("who was answered by polling, since the server was just beginning, asks for a socket again", async () => {
  await new Promise<void>((listens) => server.listen(0, "127.0.0.1", listens));
  there.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wire = new Wire("seat", () => "en", nobody);
  await vi.waitFor(() => expect(asked.slice(0, 2)).toHaveLength(2), 20_000);
  wire.close();
  expect(asked[0]).not.toContain("sid=");
  expect(asked[1]).toContain("sid=one");
}, 30_000);
