import { useState } from "preact/hooks";
import type { LoadedRoom } from "../../../model/state";
import { useChat } from "../chat_services";

/** The box in which a message is written. */
export function Composer({ room }: { readonly room: LoadedRoom }) {
  const { chat } = useChat();
  const [text, setText] = useState("");
  const send = async (event: Event) => {
    event.preventDefault();
    if (text.trim() !== "" && (await chat.outbox.add({ room: room.id, text, replyTo: null }))) setText("");
  };
  return (
    <form class="composer" onSubmit={(event) => void send(event)}>
      <input id="composer" value={text} onInput={(event) => setText(event.currentTarget.value)} />
    </form>
  );
}
