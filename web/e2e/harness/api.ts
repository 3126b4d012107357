/** What a test arranges without the page: people, rooms and messages, by the same API. */
import { fields, list, number, object, text } from "../../src/api/decode";
import type { Reader } from "../../src/api/decode";

export type Json = Readonly<Record<string, unknown>>;
export type Role = "owner" | "admin" | "member" | "guest";

const id: Reader<string> = (json) => text(fields(json)["$oid"]);
const withId = object((get) => get("_id", id));

/** One who is signed in by a token. */
export class Person {
  constructor(
    readonly url: string,
    readonly name: string,
    readonly password: string,
    readonly token: string,
  ) {}

  /** Throws where the answer is not what the test needs: an arrangement has no business failing. */
  async ask(method: string, path: string, body?: Json): Promise<unknown> {
    return ask(this.url, method, path, body, { "X-Auth-Token": this.token });
  }

  /** Online until `signal` says that it is over. */
  async listen(signal: AbortSignal): Promise<void> {
    const headers = { Accept: "text/event-stream", "X-Auth-Token": this.token };
    const stream = await fetch(`${this.url}/api/events`, { headers, signal });
    void stream.text().catch(() => undefined);
  }

  async id(): Promise<string> {
    return withId(await this.ask("GET", "/api/users/me"));
  }

  async createRoom(name: string, more: Json = {}): Promise<string> {
    return withId(await this.ask("POST", "/api/rooms", { name, ...more }));
  }

  async room(room: string): Promise<{ readonly last_seq: number }> {
    return object((get) => ({ last_seq: get("last_seq", number) }))(await this.ask("GET", `/api/rooms/${room}`));
  }

  async direct(...users: readonly string[]): Promise<string> {
    return withId(await this.ask("POST", "/api/rooms", { kind: "direct", users }));
  }

  async join(room: string): Promise<void> {
    await this.ask("POST", "/api/members", { room });
  }

  async invite(room: string, user: string, role: Role = "member"): Promise<void> {
    await this.ask("POST", "/api/members", { room, user, role });
  }

  async remove(room: string, person: Person): Promise<void> {
    const read = list(object((get) => ({ member: get("_id", id), user: get("profile", id) })));
    const members = read(await this.ask("GET", `/api/members?room=${room}`));
    const wanted = await person.id();
    const found = members.find(({ user }) => user === wanted);
    await this.ask("DELETE", `/api/members/${found?.member ?? ""}?room=${room}`);
  }

  /** Where he is signed in: the browsers, and the sign-up. */
  async sessions(): Promise<readonly string[]> {
    return list(withId)(await this.ask("GET", "/api/sessions"));
  }

  async post(room: string, words: string, more: Json = {}): Promise<{ readonly id: string; readonly seq: number }> {
    const posted = await this.ask("POST", "/api/messages", { room, text: words, ...more });
    return object((get) => ({ id: get("_id", id), seq: get("seq", number) }))(posted);
  }

  async edit(message: string, words: string): Promise<void> {
    await this.ask("PATCH", `/api/messages/${message}`, { text: words });
  }

  async unread(room: string): Promise<number> {
    const rows = list(object((get) => ({ room: get("room", id), unread: get("unread", number) })));
    return rows(await this.ask("GET", "/api/unread")).find((row) => row.room === room)?.unread ?? NaN;
  }

  /** The latest, oldest first. */
  async messages(room: string, limit = 200): Promise<readonly { readonly seq: number; readonly text: string }[]> {
    const read = list(object((get) => ({ seq: get("seq", number), text: get("text", text) })));
    return read(await this.ask("GET", `/api/messages?room=${room}&limit=${limit}`));
  }
}

async function ask(
  url: string,
  method: string,
  path: string,
  body?: Json,
  more: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const answer = await fetch(url + path, {
    method,
    headers: { Accept: "application/json", "Content-Type": "application/json", ...more },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answered = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${answered}`);
  const json: unknown = JSON.parse(answered);
  return json;
}

export const password = "correct horse";
const email = (name: string) => `${name}@halden.example`;

const personIn = (url: string, name: string) => (json: unknown) => new Person(url, name, password, text(fields(json)["token"]));

export async function signUp(url: string, name: string): Promise<Person> {
  const account = { username: name, email: email(name), password1: password, password2: password };
  return personIn(url, name)(await ask(url, "POST", "/api/register", account));
}

/** The first admin, by the code in the link that the server has printed. */
export async function setUp(link: string, name: string, serverName: string): Promise<Person> {
  const { origin, hash } = new URL(link);
  const account = { username: name, email: email(name), password1: password, password2: password };
  return personIn(origin, name)(await ask(origin, "POST", "/api/setup", { code: hash.slice(1), server_name: serverName, ...account }));
}
