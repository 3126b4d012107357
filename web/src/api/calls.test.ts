import { describe, expect, it } from "vitest";
import { messageId, room, user } from "../testing/shapes";
import { makeCalls } from "./calls";
import type { Call, Request } from "./http";
import { address } from "./http";

/** What a call asks for, in one line. */
async function asked(make: (calls: ReturnType<typeof makeCalls>) => Promise<unknown>): Promise<string> {
  let line = "";
  const call: Call = (request: Request<unknown>) => {
    const body = request.body === undefined ? "" : ` ${JSON.stringify(request.body)}`;
    line = `${request.method} ${address(request.path, request.query)}${body}`;
    return Promise.resolve({ ok: false, refusal: { kind: "unreachable" } });
  };
  await make(makeCalls(call));
  return line;
}

describe("calls", () => {
  it("sign up with one password, which the API wants twice", async () => {
    expect(await asked((calls) => calls.register({ username: "olga", email: "o@x.example", password: "a sentence" }))).toBe(
      'POST /api/register {"username":"olga","email":"o@x.example","password1":"a sentence","password2":"a sentence"}',
    );
  });

  it("post with the nonce, and a reply only where there is one", async () => {
    const message = { room: room(1), text: "hi", nonce: "n1", replyTo: null };
    expect(await asked((calls) => calls.post(message))).toBe(
      `POST /api/messages {"room":"${room(1)}","text":"hi","nonce":"n1"}`,
    );
    expect(await asked((calls) => calls.post({ ...message, replyTo: messageId(3) }))).toContain(
      `"reply_to":"${messageId(3)}"`,
    );
  });

  it("change only what is given, by the API's names", async () => {
    expect(await asked((calls) => calls.changeRoom(room(1), { isOpen: false, mentionAllBy: "owners" }))).toBe(
      `PATCH /api/rooms/${room(1)} {"is_open":false,"mention_all_by":"owners"}`,
    );
    expect(await asked((calls) => calls.changeMe({ displayName: "Olga" }))).toBe(
      'PATCH /api/users/me {"display_name":"Olga"}',
    );
  });

  it("read any part of a log with all its entries", async () => {
    expect(await asked((calls) => calls.entries(room(1), { around: 40, limit: 100 }))).toBe(
      `GET /api/messages?room=${room(1)}&entries=all&around=40&limit=100`,
    );
  });

  it("move the read marker back only when told to", async () => {
    expect(await asked((calls) => calls.markRead(room(1), 5))).toBe(`PUT /api/rooms/${room(1)}/read {"seq":5}`);
    expect(await asked((calls) => calls.markRead(room(1), 5, true))).toBe(
      `PUT /api/rooms/${room(1)}/read {"seq":5,"unread":true}`,
    );
  });

  it("name many people in one address", async () => {
    expect(await asked((calls) => calls.usersById([user(1), user(2)]))).toBe(`GET /api/users?ids=${user(1)}%2C${user(2)}`);
  });

  it("search people for the admin only where there is something to search for", async () => {
    const wanted = { query: "", show: "all", order: "username" } as const;
    const page = { offset: 50, limit: 50 };
    expect(await asked((calls) => calls.usersForAdmin(wanted, page))).toBe("GET /api/users?sort=username&offset=50&limit=50");
    expect(await asked((calls) => calls.usersForAdmin({ query: "pri", show: "disabled", order: "-last_seen" }, page))).toBe(
      "GET /api/users?query=pri&is_disabled=true&sort=-last_seen&offset=50&limit=50",
    );
  });
});
