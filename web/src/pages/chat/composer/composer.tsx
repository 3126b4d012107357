import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { useAccount } from "../../../app_context";
import type { MessageId } from "../../../api/shapes";
import { rich, t } from "../../../i18n/catalogue";
import { nameOfRoom } from "../../../model/presence";
import { mayWrite } from "../../../model/state";
import type { LoadedRoom } from "../../../model/state";
import { LinkButton } from "../../../ui/button";
import { commandKey } from "../../../ui/platform";
import { isOn } from "../../settings/preferences";
import { useChat } from "../chat_services";
import type { ChatServices } from "../chat_services";
import { openPanel } from "../panel/panel_state";
import { sendDraft, useDraft } from "./draft";
import { composerId, focusComposer, focusIsFree } from "./focus";
import { MessageBox } from "./message_box";
import { ReplyStrip } from "./reply_strip";
import { TypingLine } from "./typing_line";

/** Where one writes to the room. */
export function Composer({ room }: { readonly room: LoadedRoom }) {
  const { chat } = useChat();
  const isOpen = mayWrite(chat.state.value, room);
  useFocusOnClosing(isOpen);
  return (
    <footer class="compose">
      <div class="col">{isOpen ? <Writing room={room} /> : <ReadOnly room={room} />}</div>
    </footer>
  );
}

/** Who was writing when he was made a guest goes on where he is told so. */
function useFocusOnClosing(isOpen: boolean): void {
  const wasOpen = useRef(isOpen);
  useLayoutEffect(() => {
    if (wasOpen.current && !isOpen && document.activeElement === document.body) focusComposer();
    wasOpen.current = isOpen;
  }, [isOpen]);
}

const ReadOnly = ({ room }: { readonly room: LoadedRoom }) => (
  <p class="muted read-only" id={composerId} tabIndex={-1}>
    {t("composer.read_only")} <LinkButton onClick={() => openPanel(room.id, "members")}>{t("composer.ask_owner")}</LinkButton>
  </p>
);

function Writing({ room }: { readonly room: LoadedRoom }) {
  const services = useChat();
  const { chat, desk } = services;
  const [draft, setDraft] = useDraft(room.id);
  const [opensWithFocus] = useState(focusIsFree);
  useFocusOnReply(draft.replyTo);

  const isReply = draft.replyTo !== null;
  const stopReplying = () => {
    desk.replyTo(room.id, null);
    focusComposer();
  };
  const label = isReply ? t("composer.reply") : labelOf(services, room);
  return (
    <>
      {draft.replyTo !== null && <ReplyStrip room={room.id} to={draft.replyTo} onStop={stopReplying} />}
      <MessageBox
        room={room}
        id={composerId}
        label={label}
        placeholder={label}
        value={draft.text}
        onInput={(text) => {
          setDraft({ ...draft, text });
          if (text.trim() !== "") chat.typing.typed(room.id);
        }}
        onSend={() => void sendDraft(services, room.id)}
        onEscape={isReply ? stopReplying : undefined}
        onUpInEmpty={() => editLast(services, room)}
        autofocus={opensWithFocus}
        note={<TypingLine room={room} />}
        hint={<Keys />}
      />
    </>
  );
}

function labelOf({ chat }: ChatServices, room: LoadedRoom): string {
  if (room.state.kind === "room") return t("composer.hint", { room: room.state.name ?? "" });
  return t("composer.hint_direct", { name: nameOfRoom(chat.state.value, room) });
}

/** Who chooses "Reply" at a message writes on here. What another tab does takes nobody's focus. */
function useFocusOnReply(replyTo: MessageId | null): void {
  const before = useRef(replyTo);
  useEffect(() => {
    if (replyTo !== null && replyTo !== before.current && document.hasFocus()) focusComposer();
    before.current = replyTo;
  }, [replyTo]);
}

/** The newest own message that is there is written anew, in its place. */
function editLast({ chat, desk }: ChatServices, room: LoadedRoom): void {
  const me = chat.state.peek().me.id;
  const last = chat
    .logOf(room.id)
    .window.peek()
    ?.shown.findLast((entry) => entry.type === "message" && entry.message.sender === me && entry.message.deleted === null);
  if (last?.type === "message") desk.edit(last.message.id);
}

/** Which keys send and break, by the person's own choice. */
function Keys() {
  const enterSends = isOn(useAccount(), "enter_sends");
  const enter = enterSends ? "Enter" : `${commandKey} Enter`;
  const other = enterSends ? "Shift Enter" : "Enter";
  return <>{rich("composer.keys", { enter: <b>{enter}</b>, other: <b>{other}</b> })}</>;
}
