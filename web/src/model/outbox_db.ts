/** What waits to be sent, in the browser's database: it outlives a reload, a crash, and a day without a connection. */
import { isMessageId, isRoomId, isUserId } from "../api/shapes";
import type { MessageId, Millis, RoomId, UserId } from "../api/shapes";

export interface OutboxRow {
  /** What the server knows it by when it is sent again. */
  readonly nonce: string;
  readonly user: UserId;
  readonly room: RoomId;
  readonly text: string;
  readonly replyTo: MessageId | null;
  readonly created: Millis;
}

/** Each call rejects where the browser refuses it (private windows, a full disk). */
export interface OutboxStore {
  put(row: OutboxRow): Promise<void>;
  has(nonce: string): Promise<boolean>;
  remove(nonce: string): Promise<void>;
  rowsOf(user: UserId): Promise<readonly OutboxRow[]>;
}

const databaseName = "makechat";
const storeName = "outbox";

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("The database gave no reason."));
  });
}

/** Resolves when it is on its way to the disk, not when it is merely asked for. */
function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("The database gave no reason."));
  });
}

function open(factory: IDBFactory): Promise<IDBDatabase> {
  const opening = factory.open(databaseName, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore(storeName, { keyPath: "nonce" }).createIndex("user", "user");
  };
  return done(opening);
}

/** Of what the database holds: another version of the client may have written it. */
function isRow(value: unknown): value is OutboxRow {
  if (typeof value !== "object" || value === null) return false;
  const { nonce, user, room, text, replyTo, created }: { [key in keyof OutboxRow]?: unknown } = value;
  return (
    typeof nonce === "string" &&
    typeof user === "string" &&
    isUserId(user) &&
    typeof room === "string" &&
    isRoomId(room) &&
    typeof text === "string" &&
    (replyTo === null || (typeof replyTo === "string" && isMessageId(replyTo))) &&
    typeof created === "number" &&
    !Number.isNaN(new Date(created).getTime())
  );
}

/** `factory`: asked for only when it is needed, for a browser may refuse even that. */
export function openOutboxDb(factory: () => IDBFactory): OutboxStore {
  let opened: Promise<IDBDatabase> | null = null;
  const database = async () => {
    // A browser may close it (a clean-up, a newer version in another tab); the next call opens it again.
    opened ??= open(factory()).then((found) => {
      found.onclose = found.onversionchange = () => {
        found.close();
        opened = null;
      };
      return found;
    });
    try {
      return await opened;
    } catch (problem) {
      opened = null;
      throw problem;
    }
  };

  async function write(change: (store: IDBObjectStore) => void): Promise<void> {
    const transaction = (await database()).transaction(storeName, "readwrite");
    change(transaction.objectStore(storeName));
    await committed(transaction);
  }

  return {
    put: (row) => write((store) => store.put(row)),
    remove: (nonce) => write((store) => store.delete(nonce)),
    async has(nonce) {
      const store = (await database()).transaction(storeName).objectStore(storeName);
      return (await done(store.count(nonce))) > 0;
    },
    async rowsOf(user) {
      const store = (await database()).transaction(storeName).objectStore(storeName);
      const found: readonly unknown[] = await done(store.index("user").getAll(user));
      return found.filter(isRow).sort((a, b) => a.created - b.created);
    },
  };
}
