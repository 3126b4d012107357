/** The chat page's surroundings, before a FakeServer: for tests of what is drawn in it. */
import { render } from "@testing-library/preact";
import type { ComponentChild } from "preact";
import { AppContext } from "../app_context";
import type { Calls } from "../api/calls";
import { Health } from "../health";
import { Chat } from "../model/chat";
import { Drafts } from "../model/drafts";
import { Outbox } from "../model/outbox";
import type { OutboxStore } from "../model/outbox_db";
import { ChatContext } from "../pages/chat/chat_services";
import type { ChatServices } from "../pages/chat/chat_services";
import { Desk } from "../pages/chat/desk";
import { Deletions } from "../pages/chat/log/deletions";
import { Quotes } from "../pages/chat/log/quotes";
import { Session } from "../session";
import { ClockContext } from "../ui/time";
import { toasts } from "../ui/toast";
import { eventJson, FakeApi } from "./fake_api";
import { FakeClock } from "./fake_clock";
import { FakeLocks } from "./fake_locks";
import { FakeSockets } from "./fake_sockets";
import { FakeServer, me } from "./server";

export class ChatOnPage {
  readonly server = new FakeServer();
  readonly api = new FakeApi(this.server);
  readonly sockets = new FakeSockets();
  readonly clock = new FakeClock();
  readonly session: Session;
  readonly services: ChatServices;
  private readonly calls: Calls;
  private told = 0;

  /** `answers`: calls that the FakeServer does not know. `put`: of the browser's database, in which the outbox is kept. */
  constructor(answers: Partial<Calls> = {}, put: OutboxStore["put"] = () => Promise.resolve()) {
    this.calls = { ...this.api.calls, ...answers };
    const { calls, clock, sockets } = this;
    this.session = new Session(calls);
    this.session.begin(me);
    const nothing = () => Promise.resolve();
    const outbox = new Outbox({
      user: me.id,
      store: { put, remove: nothing, has: () => Promise.resolve(false), rowsOf: () => Promise.resolve([]) },
      locks: new FakeLocks().tab(),
      post: calls.post,
      clock,
      random: () => 0.5,
      makeNonce: () => `nonce-${Math.random()}`,
    });
    const live = {
      open: sockets.open,
      random: () => 0.5,
      probe: () => Promise.resolve({ kind: "unreachable" } as const),
      isHidden: () => false,
    };
    const chat = new Chat({ me, calls, clock, live, outbox, heard: () => undefined, otherUser: () => undefined });
    const drafts = new Drafts(localStorage, clock, me.id);
    const deletions = new Deletions((id) => chat.deleteMessage(id), toasts);
    this.services = { chat, drafts, desk: new Desk(drafts), deletions, quotes: new Quotes(calls.message) };
  }

  /** Connects; from now on what happens at the server is told by tell(). */
  async enter(): Promise<void> {
    this.services.chat.start();
    this.sockets.hello("c0");
    this.told = this.server.events.length;
    await this.clock.pass(2_000);
  }

  async tell(): Promise<void> {
    for (const event of this.server.events.slice(this.told)) this.sockets.say(eventJson(event));
    this.told = this.server.events.length;
    await this.clock.pass(50);
  }

  render(page: ComponentChild) {
    const { calls, session, clock, services } = this;
    return render(
      <ClockContext.Provider value={clock}>
        <AppContext.Provider value={{ calls, session, health: new Health() }}>
          <ChatContext.Provider value={services}>{page}</ChatContext.Provider>
        </AppContext.Provider>
      </ClockContext.Provider>,
    );
  }
}
