#include "store/sqlite/writer.hpp"

#include "base/limits.hpp"
#include "base/log.hpp"
#include "store/sqlite/rows.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <utility>

namespace makechat::sqlite {

using namespace chat;

namespace {

/// Pages of 4 KiB by which the write-ahead log grows until the checkpointer is woken again, and at which the writer lends a
/// hand: only between two transactions of its own can the whole log be copied and begun anew.
constexpr int log_pages_to_copy = 4'000;
constexpr int log_pages_max = 16'000;

Error cannot_write(const Failure& failure) {
    if (failure.is_damage()) return {Code::internal, "Internal error.", 0};
    return {Code::overloaded, "The store cannot write at the moment.", 1};
}

RoomId room_of(const Entry& entry) { return entry.log.room(); }
UserId sender_of(const Entry& posted) { return std::get<MessagePosted>(posted.body).message.sender; }

}  // namespace

Append::Append(Change change, Completion<Result<Commit>>* waiter)
    : rests_on(std::move(change.rests_on)), as_of(change.as_of), nonce(std::move(change.nonce)), done(waiter) {
    entries.reserve(change.writes.size());
    for (auto& write : change.writes) {
        const auto facts = facts_changed_by(write);
        changes.insert(changes.end(), facts.begin(), facts.end());
        entries.push_back({{}, write.log, {}, change.actor, change.at, std::move(write.body)});
    }
    const bool posts = !entries.empty() && std::holds_alternative<MessagePosted>(entries.front().body);
    if (!posts) nonce.clear();
}

Writer::Writer(const std::filesystem::path& file, Committed committed)
    : database_(file, Database::Mode::read_write),
      committed_(std::move(committed)),
      heads_(database_),
      projection_(database_),
      nonces_(database_),
      find_nonce_(database_, "SELECT 1 FROM messages WHERE room = ?1 AND seq = ?2 AND sender = ?3 AND nonce = ?4"),
      find_entry_(database_, select_entries() + "AND e.seq = ?3"),
      update_position_(database_, "UPDATE meta SET position = ?1"),
      begin_(database_, "BEGIN IMMEDIATE"),
      end_(database_, "COMMIT"),
      position_{database_.number("SELECT position FROM meta")},
      kept_at_(position_),
      conflicts_(position_),
      faults_(file, "written"),
      checkpointer_(file),
      queue_(std::make_shared<Queue<Job>>(limits::writes_waiting_max, limits::writes_waiting_bytes_max)) {
    database_.run("PRAGMA synchronous = FULL");
    database_.run("PRAGMA foreign_keys = ON");
    database_.run("PRAGMA secure_delete = ON");  // a deleted text is overwritten, not only unlinked
    database_.run("PRAGMA temp_store = MEMORY");
    database_.run("PRAGMA cache_size = -16384");
    // In place of SQLite's own checkpoints, which a commit would wait for.
    const auto note_pages = [](void* pages, sqlite3*, const char*, int count) {
        *static_cast<int*>(pages) = count;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(database_.handle(), note_pages, &log_pages_);
    thread_ = std::thread([this] { work(); });
}

Writer::~Writer() {
    queue_->close();
    thread_.join();
    sqlite3_wal_checkpoint_v2(database_.handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
}

/// All that a loop asks for in one turn goes into one transaction: the writer is woken when the turn is over.
bool Writer::offer(Job job) {
    const auto* append = std::get_if<Append>(&job);
    auto* const loop = Executor::current();
    const auto offered = queue_->offer_quietly(job, append ? chat::bytes_of(append->entries) : 0, loop);
    if (offered == Queue<Job>::Offered::wake_wanted) loop->post([queue = queue_] { queue->wake(); });
    return offered != Queue<Job>::Offered::refused;
}

void Writer::work() {
    std::vector<Job> jobs;
    go_on_clearing();
    while (queue_->take(jobs, limits::writes_per_commit_max)) {
        commit(jobs);
        jobs.clear();
        keep_log_short();
    }
}

void Writer::commit(std::span<Job> jobs) {
    const auto refused = write(jobs);
    if (refused && refused->code == Code::internal && jobs.size() > 1) {
        // Damage is for him who meets it: each alone. No savepoint helps, for SQLite writes no more in that transaction.
        for (auto& job : jobs) commit({&job, 1});
        return;
    }
    // Behind a damaged page it is given up until the next start: it would fail all who come with it, again and again.
    if (std::ranges::any_of(jobs, [](const Job& job) { return std::holds_alternative<ClearRemains>(job); }))
        clearing_ = refused && refused->code == Code::internal;
    if (!refused) {
        conflicts_.keep();
        nonces_.keep();
        kept_at_ = position_;
        hand_on(jobs);
    }
    answer(jobs, refused);
    if (!refused) go_on_clearing();
}

/// One transaction. Constraints are the domain's to keep, so the first try spends nothing on the chance that one breaks;
/// if one does, the second finds out whose it was.
std::optional<Error> Writer::write(std::span<Job> jobs) {
    try {
        try {
            write_all(jobs, Care::none);
        } catch (const Failure& failure) {
            if (!failure.is_constraint()) throw;
            roll_back();
            write_all(jobs, Care::savepoints);
        }
        faults_.worked();
        return std::nullopt;
    } catch (const Failure& failure) {
        roll_back();
        database_.forget_pages();
        faults_.failed(failure);
        return cannot_write(failure);
    }
}

void Writer::write_all(std::span<Job> jobs, Care care) {
    settle_outcome();
    begin_.run();
    for (auto& job : jobs) {
        if (care == Care::none) write_one(job);
        else write_carefully(job);
    }
    projection_.write_markers();
    if (position_ > kept_at_) update_position_.run(position_);
    nonces_.write(position_);
    end_transaction();
}

/// A commit that failed is told apart from one that failed after it had been made.
void Writer::end_transaction() {
    try {
        end_.run();
    } catch (const Failure& failure) {
        const auto reached = position_;
        abandon();
        if (reached == kept_at_) throw;
        unsettled_ = true;
        const bool made = database_.number("SELECT position FROM meta") == reached.value;
        unsettled_ = false;
        if (!made) throw;
        position_ = reached;
    }
}

/// Where that could not be read: entries that were committed and not handed on must not get others of the same position.
void Writer::settle_outcome() {
    if (!unsettled_) return;
    if (database_.number("SELECT position FROM meta") != kept_at_.value)
        throw Failure(SQLITE_INTERNAL, "a commit that was refused has been made: restart the server");
    unsettled_ = false;
}

void Writer::write_carefully(Job& job) {
    projection_.write_markers();
    const auto before = position_;
    const auto nonces_before = nonces_.noted();
    database_.run("SAVEPOINT job");
    try {
        write_one(job);
        projection_.write_markers();
    } catch (const Failure& failure) {
        if (!failure.is_constraint()) throw;
        database_.run("ROLLBACK TO job");
        projection_.drop_markers();
        heads_.forget_all();
        nonces_.drop_from(nonces_before);
        position_ = before;
        log::error(fmt::format("sqlite: a write breaks a rule of the schema: {}", failure.what()));
        if (auto* append = std::get_if<Append>(&job)) append->refused = {Code::internal, "Internal error.", 0};
    }
    database_.run("RELEASE job");
}

void Writer::write_one(Job& job) {
    std::visit([&](auto& each) { write_one(each); }, job);
}

void Writer::write_one(Append& job) {
    job.refused.reset();
    job.first = find_first(job);
    if (job.first) return;
    if (conflicts_.is_stale(job.as_of, job.rests_on) || !rooms_exist(job.entries)) {
        job.refused = {Code::stale, "Decide anew.", 0};
        return;
    }
    for (auto& entry : job.entries) {
        auto& head = heads_.of(entry.log);
        position_ = position_.next();
        head.seq = head.seq.next();
        entry.position = position_;
        entry.seq = head.seq;
        projection_.apply(entry, heads_, &entry == &job.entries.front() ? job.nonce : std::string_view{});
    }
    if (!job.nonce.empty()) {
        const auto& posted = job.entries.front();
        nonces_.note(nonces_.hash(room_of(posted), sender_of(posted), job.nonce), posted.seq);
    }
    conflicts_.note(position_, job.changes);
}

std::optional<Entry> Writer::find_first(const Append& job) {
    if (job.nonce.empty() || !heads_.has_room(room_of(job.entries.front()))) return std::nullopt;
    const auto& posted = job.entries.front();
    const auto room = room_of(posted);
    for (const auto seq : nonces_.find(nonces_.hash(room, sender_of(posted), job.nonce))) {
        if (!find_nonce_.query(room, seq, sender_of(posted), job.nonce).next()) continue;
        auto rows = find_entry_.query(key_of(posted.log), room, seq);
        if (!rows.next()) throw Failure(SQLITE_CORRUPT, "a message without its entry");
        return read_entry(rows, posted.log);
    }
    return std::nullopt;
}

/// A room may have been deleted since the decision about it; nothing may begin its log anew.
bool Writer::rooms_exist(const Batch& entries) {
    const auto made_here = [&](RoomId room, const Entry& before) {
        return std::any_of(entries.data(), &before, [&](const Entry& entry) {
            return room_of(entry) == room && std::holds_alternative<RoomCreated>(entry.body);
        });
    };
    return std::ranges::all_of(entries, [&](const Entry& entry) {
        if (const auto* deleted = std::get_if<RoomDeleted>(&entry.body)) return heads_.has_room(deleted->room.id);
        if (entry.log.kind != LogId::Kind::room || std::holds_alternative<RoomCreated>(entry.body)) return true;
        return heads_.has_room(room_of(entry)) || made_here(room_of(entry), entry);
    });
}

void Writer::roll_back() {
    abandon();
    conflicts_.drop();
    nonces_.drop();
}

/// As roll_back, but what was noted stays, for who cannot tell yet whether it was committed.
void Writer::abandon() {
    if (database_.in_transaction()) {
        // After a failure of the disk SQLite may have rolled back, or will when the file is next read.
        try {
            database_.run("ROLLBACK");
        } catch (const Failure& failure) {
            log::debug(fmt::format("sqlite: rollback: {}", failure.what()));
        }
    }
    heads_.forget_all();
    projection_.drop_markers();
    position_ = kept_at_;
}

void Writer::hand_on(std::span<const Job> jobs) {
    if (!committed_) return;
    auto batch = std::make_shared<Batch>();
    batch->reserve(jobs.size());
    for (const auto& job : jobs) {
        const auto* append = std::get_if<Append>(&job);
        if (!append || append->refused || append->first) continue;
        batch->insert(batch->end(), append->entries.begin(), append->entries.end());
    }
    if (!batch->empty()) committed_(std::move(batch));
}

/// All results first, then one word to each executor, however many of its tasks wait.
void Writer::answer(std::span<Job> jobs, const std::optional<Error>& refused) {
    struct Awake {
        Executor* executor;
        std::vector<std::coroutine_handle<>> waiters;
    };
    std::vector<Awake> awake;
    const auto add = [&](const auto& done) {
        auto found = std::ranges::find(awake, &done.executor(), &Awake::executor);
        if (found == awake.end()) found = awake.insert(awake.end(), {&done.executor(), {}});
        found->waiters.push_back(done.waiter());
    };
    for (auto& job : jobs) {
        if (auto* record = std::get_if<Record>(&job)) {
            record->done->set(refused ? fail(*refused) : Result<bool>(true));
            add(*record->done);
            continue;
        }
        if (std::holds_alternative<ClearRemains>(job)) continue;
        auto& append = std::get<Append>(job);
        if (refused) append.done->set(fail(*refused));
        else if (append.refused) append.done->set(fail(std::move(*append.refused)));
        else if (append.first) append.done->set(Commit{{std::move(*append.first)}, true});
        else append.done->set(Commit{std::move(append.entries), false});
        add(*append.done);
    }
    for (auto& [executor, waiters] : awake) {
        executor->post([waiting = std::move(waiters)] {
            for (const auto waiter : waiting) waiter.resume();
        });
    }
}

/// One piece at a time, behind all who wait by then. After a failure it waits for a write that succeeds.
void Writer::go_on_clearing() {
    if (clearing_ || !projection_.has_remains()) return;
    clearing_ = offer(ClearRemains{});
}

void Writer::keep_log_short() {
    if (log_pages_ < copied_at_) copied_at_ = 0;  // it has begun anew
    if (log_pages_ - copied_at_ > log_pages_to_copy) {
        copied_at_ = log_pages_;
        checkpointer_.wake();
    }
    if (log_pages_ <= log_pages_max) return;
    try {
        if (database_.checkpoint()) checkpointer_.faults().worked();
    } catch (const Failure& failure) {
        checkpointer_.faults().failed(failure);
    }
}

}  // namespace makechat::sqlite
