import { describe, expect, it, vi } from "vitest";
import type { Answer } from "../../../api/http";
import type { Message, MessageId } from "../../../api/shapes";
import { message } from "../../../api/shapes";
import { settle } from "../../../testing/fake_clock";
import { refused } from "../../../testing/page";
import { messageId, messageJson } from "../../../testing/shapes";
import { Quotes } from "./quotes";

const found = (no: number): Answer<Message> => ({ ok: true, value: message(messageJson(no)), status: 200, total: null, goesOn: false });

describe("quoted messages", () => {
  it("are asked for once, however many answer them", async () => {
    const read = vi.fn<(id: MessageId) => Promise<Answer<Message>>>().mockResolvedValue(found(1));
    const quotes = new Quotes(read);
    const quote = quotes.of(messageId(1));
    expect(quote.value).toBe("asked");
    await settle();
    expect(quote.value).toEqual(message(messageJson(1)));
    expect(quotes.of(messageId(1))).toBe(quote);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it("are missing where one may not look, and asked for again where nobody answered", async () => {
    const read = vi.fn<(id: MessageId) => Promise<Answer<Message>>>();
    read.mockResolvedValueOnce({ ok: false, refusal: refused(404, "Not Found", "") });
    read.mockResolvedValueOnce({ ok: false, refusal: { kind: "unreachable" } });
    read.mockResolvedValueOnce(found(2));
    const quotes = new Quotes(read);
    const [gone, late] = [quotes.of(messageId(1)), quotes.of(messageId(2))];
    await settle();
    expect(gone.value).toBe("missing");
    expect(late.value).toBe("missing");
    expect(quotes.of(messageId(1))).toBe(gone);
    const again = quotes.of(messageId(2));
    await settle();
    expect(again.value).toEqual(message(messageJson(2)));
  });

  it("are forgotten when there are too many, those first that were not seen for longest", async () => {
    const read = vi.fn<(id: MessageId) => Promise<Answer<Message>>>().mockResolvedValue(found(1));
    const quotes = new Quotes(read);
    for (let no = 1; no <= 300; ++no) quotes.of(messageId(no));
    quotes.of(messageId(1));
    quotes.of(messageId(301));
    await settle();
    read.mockClear();
    quotes.of(messageId(1));
    expect(read).not.toHaveBeenCalled();
    quotes.of(messageId(2));
    expect(read).toHaveBeenCalledTimes(1);
  });
});
