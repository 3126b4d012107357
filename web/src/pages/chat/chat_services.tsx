import { useComputed, useSignalEffect } from "@preact/signals";
import { createContext } from "preact";
import type { ComponentChildren } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { useAccount, useApp } from "../../app_context";
import type { Calls } from "../../api/calls";
import { clock } from "../../api/clock";
import { openSocket, wakeWithPage } from "../../api/live";
import type { Probe } from "../../api/live";
import type { Account } from "../../api/shapes";
import { Chat } from "../../model/chat";
import { Drafts } from "../../model/drafts";
import { makeLocks } from "../../model/locks";
import { Outbox, randomNonce } from "../../model/outbox";
import { openOutboxDb } from "../../model/outbox_db";
import { pageStorage } from "../../page_storage";
import { go } from "../../routes";
import { Lazy } from "../../ui/lazy";
import { toasts } from "../../ui/toast";
import { Desk } from "./desk";
import { Deletions } from "./log/deletions";
import { Quotes } from "./log/quotes";
import { NoticesWhenOn } from "./side/notices_when_on";

const loadParts = () => import("./side/later_parts");

/** What everything that shows the chat works with. */
export interface ChatServices {
  readonly chat: Chat;
  readonly drafts: Drafts;
  readonly desk: Desk;
  readonly deletions: Deletions;
  readonly quotes: Quotes;
}

export const ChatContext = createContext<ChatServices | undefined>(undefined);

export function useChat(): ChatServices {
  const services = useContext(ChatContext);
  if (services === undefined) throw new Error("No ChatContext around this page.");
  return services;
}

/** The chat of the one who is signed in. It goes on while he is in the settings, and while his session has ended under him. */
export function ChatProvider({ children }: { readonly children: ComponentChildren }) {
  const account = useAccount();
  return (
    <ChatOf key={account.id} account={account}>
      {children}
    </ChatOf>
  );
}

function ChatOf({ account, children }: { readonly account: Account; readonly children: ComponentChildren }) {
  const { calls, session } = useApp();
  const [{ services, notices }] = useState(() => makeServices(account, calls));
  const { chat, drafts } = services;
  const standing = session.standing.value;
  const isExpired = standing.kind === "signed_in" && standing.expired;
  useEffect(() => (isExpired ? chat.outbox.setSignedIn(false) : chat.start()), [chat, isExpired]);
  useEffect(() => chat.takeMe(account), [chat, account]);
  const me = useComputed(() => chat.state.value.me);
  useSignalEffect(() => session.change(me.value));
  useEffect(() => wakeWithPage(chat, window), [chat]);
  useEffect(() => notices.start(), [notices]);
  useEffect(() => keepWithPage(services), [services]);
  useEffect(
    () => () => {
      chat.stop();
      chat.outbox.close();
      drafts.write();
    },
    [chat, drafts],
  );
  return (
    <ChatContext.Provider value={services}>
      {children}
      <Lazy load={loadParts} waiting={null} failed={null}>
        {({ TabIcon }) => <TabIcon />}
      </Lazy>
    </ChatContext.Provider>
  );
}

interface ChatParts {
  readonly services: ChatServices;
  readonly notices: NoticesWhenOn;
}

function makeServices(me: Account, calls: Calls): ChatParts {
  const locks = makeLocks(navigator.locks);
  const outbox = new Outbox({
    user: me.id,
    store: openOutboxDb(() => indexedDB),
    locks,
    post: calls.post,
    clock,
    random: Math.random,
    makeNonce: randomNonce,
  });
  const drafts = new Drafts(pageStorage(), clock, me.id);
  const chat: Chat = new Chat({
    me,
    calls,
    clock,
    outbox,
    live: { open: openSocket, random: Math.random, isHidden: () => document.hidden, probe: probeBy(calls) },
    heard: (message, room) => notices.heard(message, room),
    otherUser: () => location.reload(),
  });
  const desk = new Desk(drafts);
  const notices = new NoticesWhenOn({
    state: chat.state,
    clock,
    locks,
    lookedAt: desk.lookedAt,
    goTo: (room, seq) => go({ page: "room", room, seq }),
  });
  const deletions = new Deletions((id) => chat.deleteMessage(id), toasts);
  return { services: { chat, drafts, desk, deletions, quotes: new Quotes(calls.message) }, notices };
}

function probeBy(calls: Calls): Probe {
  return async () => {
    const answer = await calls.ping();
    if (answer.ok) return { kind: "well" };
    const { refusal } = answer;
    if (refusal.kind !== "refused") return { kind: "unreachable" };
    if (refusal.status === 401) return { kind: "unauthenticated" };
    return refusal.retryAfter === null ? { kind: "unreachable" } : { kind: "busy", retryAfter: refusal.retryAfter };
  };
}

/** Nothing typed is lost when the page goes, and what another tab types is seen here. */
function keepWithPage({ chat, drafts, desk }: ChatServices): () => void {
  const listeners = new AbortController();
  const { signal } = listeners;
  addEventListener("pagehide", () => drafts.write(), { signal });
  addEventListener("storage", ({ key }) => desk.takeFromOtherTab(key), { signal });
  addEventListener("beforeunload", (event) => chat.outbox.hasUnkept() && event.preventDefault(), { signal });
  return () => listeners.abort();
}
