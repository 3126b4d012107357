import type { OpenSocket, SocketEvents } from "../api/live";
import { oid, user } from "./shapes";

/** A server's end of the WebSockets that a client opens, one at a time. */
export class FakeSockets {
  readonly addresses: string[] = [];
  readonly sent: string[] = [];
  isOpen = false;
  private events: SocketEvents | null = null;

  readonly open: OpenSocket = (address, events) => {
    this.addresses.push(address);
    this.events = events;
    this.isOpen = true;
    return {
      send: (text) => this.sent.push(text),
      close: () => {
        if (this.events === events) this.isOpen = false;
      },
    };
  };

  say(json: unknown): void {
    this.events?.received(JSON.stringify(json));
  }
  hello(cursor: string, retryMs = 800, who = user(1)): void {
    this.say({ type: "hello", user: oid(who), cursor, server: "Halden Maps", retry_ms: retryMs });
  }
  close(code: number): void {
    this.isOpen = false;
    this.events?.closed(code);
  }
}
