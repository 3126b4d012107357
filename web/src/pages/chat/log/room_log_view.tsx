import { computed, untracked, useSignalEffect } from "@preact/signals";
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { useAccount } from "../../../app_context";
import { t } from "../../../i18n/catalogue";
import { nameOfRoom } from "../../../model/presence";
import type { LoadedRoom } from "../../../model/state";
import { Button } from "../../../ui/button";
import { EmptyState } from "../../../ui/empty_state";
import { Icon } from "../../../ui/icon";
import { Lazy } from "../../../ui/lazy";
import { Skeleton } from "../../../ui/skeleton";
import { useClock } from "../../../ui/time";
import { refusalText } from "../../refusal_text";
import { isOn } from "../../settings/preferences";
import { useChat } from "../chat_services";
import { focusComposer, focusIsFree } from "../composer/focus";
import { Beginning } from "./beginning";
import { messageOf, onKeyInLog } from "./keys";
import { LogContext, LogView, useLog } from "./log_view";
import type { RowId } from "./log_view";
import { useLongPress } from "./long_press";
import { SendingSpoken } from "./outbox_row";
import { Rows } from "./rows";
import { Scroller } from "./scroller";
import { Spoken } from "./spoken";
import { MessageMenu } from "./tools";

/** The messages of a room. */
export function RoomLogView({ room }: { readonly room: LoadedRoom }) {
  const services = useChat();
  const { desk } = services;
  const [view] = useState(() => new LogView(room.id, services));
  useSignalEffect(() => {
    const wanted = desk.destination.value;
    if (wanted?.room !== view.room) return;
    desk.reached();
    view.toSeq(wanted.seq);
  });
  const ends = useRef(desk.endWanted.peek());
  useSignalEffect(() => {
    if (desk.endWanted.value === ends.current) return;
    ends.current = desk.endWanted.value;
    view.toEnd();
  });
  useRetryOnReturn(view);
  return (
    <LogContext.Provider value={view}>
      <div class="log-frame">
        <Log />
        <NewPill />
        <EndPill />
      </div>
      <MessageMenu />
      <History />
      <Spoken />
      <SendingSpoken />
    </LogContext.Provider>
  );
}

/** What was not read while there was no connection is read when there is one, and what the server had no time for when it
 *  said that it would. */
function useRetryOnReturn(view: LogView): void {
  const { chat } = view.services;
  const clock = useClock();
  useSignalEffect(() => {
    const problem = view.log.problem.value;
    if (problem?.kind !== "refused" || problem.retryAfter === null) return undefined;
    return clock.after(problem.retryAfter * 1_000, () => view.retry());
  });
  const isLive = useMemo(() => computed(() => chat.connection.value.kind === "live"), [chat]);
  useSignalEffect(() => {
    if (isLive.value) untracked(() => view.log.problem.value !== null && view.retry());
  });
}

/** What scrolls. */
function Log() {
  const view = useLog();
  const { chat } = view.services;
  const name = useMemo(() => computed(() => view.found && nameOfRoom(chat.state.value, view.found)), [chat, view]).value;
  const hasLetters = isOn(useAccount(), "single_letter_keys");
  const box = useRef<HTMLDivElement>(null);
  const column = useRef<HTMLDivElement>(null);
  useScroller(box, column);
  const openMenu = useCallback(
    (row: HTMLElement) => {
      const message = messageOf(row, view);
      if (message !== undefined) view.menu.value = { message, anchor: row };
    },
    [view],
  );
  useLongPress(box, openMenu);
  const focus = (event: FocusEvent) => {
    const row = rowIdAt(event.target);
    view.focused.value = row;
    view.isFocusByKeys = event.target instanceof Element && event.target.matches(":focus-visible");
    if (row !== null) view.choose(row);
  };
  return (
    <div
      ref={box}
      id="messages"
      class="log"
      role="region"
      aria-label={t("log.label", { room: name ?? "" })}
      tabIndex={-1}
      onScroll={() => view.scrolled()}
      onKeyDown={(event) => onKeyInLog(event, view, hasLetters)}
      onFocusIn={focus}
      onFocusOut={({ relatedTarget, currentTarget }) => {
        if (!(relatedTarget instanceof Node) || !currentTarget.contains(relatedTarget)) view.focused.value = null;
      }}
      onPointerOver={(event) => event.pointerType === "mouse" && (view.hovered.value = rowIdAt(event.target))}
      onPointerLeave={() => (view.hovered.value = null)}
    >
      <div ref={column} class="col">
        <Start />
        <Rows />
        <Trouble isOlder={false} />
      </div>
    </div>
  );
}

/** The place in the log stays when anything in it, or the box itself, has got another size. */
function useScroller(box: { readonly current: HTMLElement | null }, column: { readonly current: HTMLElement | null }): void {
  const view = useLog();
  useLayoutEffect(() => {
    if (box.current === null || column.current === null) return undefined;
    view.attach(new Scroller(box.current, column.current));
    view.arrange();
    const observer = new ResizeObserver(() => view.arrange());
    observer.observe(box.current);
    observer.observe(column.current);
    return () => {
      observer.disconnect();
      view.attach(null);
    };
  }, [view, box, column]);
}

function rowIdAt(target: EventTarget | null): RowId | null {
  const id = target instanceof Element ? (target.closest("article")?.id ?? "") : "";
  return isRowId(id) ? id : null;
}

const isRowId = (id: string): id is RowId => /^m-\d+$|^o-/.test(id);

/** Above the rows: that they begin here, that they are on their way, or why they do not come. */
function Start() {
  const view = useLog();
  const window = view.log.window.value;
  if (window === null) return view.log.problem.value === null ? <Skeleton rows={8} /> : <Nothing />;
  return (
    <>
      <Trouble isOlder />
      {window.firstSeq <= 1 && <Beginning />}
    </>
  );
}

/** Not even the first messages could be read. */
function Nothing() {
  const { log, retry } = useRetry();
  const problem = log.problem.value;
  if (problem === null) return null;
  return (
    <EmptyState
      text={t("log.unread_why", { reason: refusalText(problem) })}
      action={
        <Button icon="retry" onClick={retry}>
          {t("act.retry")}
        </Button>
      }
    />
  );
}

function useRetry() {
  const view = useLog();
  return { log: view.log, retry: () => view.retry() };
}

/** At the end at which reading did not go on. */
function Trouble({ isOlder }: { readonly isOlder: boolean }) {
  const view = useLog();
  const problem = view.log.problem.value;
  if (problem === null || view.log.window.value === null || view.isOlderWanted !== isOlder) return null;
  return (
    <p class="trouble" role="status">
      <Icon name="alert" />
      {t("log.unread_why", { reason: refusalText(problem) })}
      <button class="link" type="button" onClick={() => view.retry()}>
        {t("act.retry")}
      </button>
    </p>
  );
}

/** To the line above which all is read, where one has come in below it. */
function NewPill() {
  const view = useLog();
  if (!view.line.isAbove.value) return null;
  return (
    <button class="pill pill-top" type="button" onClick={() => view.toFirstUnread()}>
      <Icon name="up" />
      {t("log.first_unread")}
    </button>
  );
}

/** Back to the end, with how much is new there. */
function EndPill() {
  const view = useLog();
  if (view.log.window.value === null || !view.isAway.value || view.target.value !== null) return null;
  const unseen = view.line.unseen.value;
  const press = () => {
    view.toEnd();
    if (focusIsFree()) focusComposer();
  };
  return (
    <button class="pill" type="button" onClick={press}>
      <Icon name="end" />
      {unseen > 0 ? t("log.pill", { n: unseen }) : t("log.end")}
    </button>
  );
}

const loadHistory = () => import("./history_dialog");

function History() {
  const view = useLog();
  const message = view.history.value;
  if (message === null) return null;
  return (
    <Lazy load={loadHistory} waiting={null} failed={null}>
      {({ default: HistoryDialog }) => <HistoryDialog message={message} onClose={() => (view.history.value = null)} />}
    </Lazy>
  );
}
