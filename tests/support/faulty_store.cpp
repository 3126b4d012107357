#include "support/faulty_store.hpp"

namespace makechat {

using namespace chat;

namespace {

Error cannot() { return {Code::overloaded, "The store is told to fail.", 1}; }

}  // namespace

void FaultyStore::fail(int nth, How how) {
    fails_in_ = nth;
    how_ = how;
}

bool FaultyStore::fails() {
    if (fails_in_ == 0 || --fails_in_ > 0) return false;
    failed_ = true;
    return true;
}

Task<void> FaultyStore::wait() {
    for (int left = turns ? turns() : 0; left > 0; --left) {
        auto turn = suspend_for<bool>([](Completion<bool>& done) { done.finish(true); });
        co_await turn;
    }
}

template <class T>
Task<Result<T>> FaultyStore::answer(Task<Result<T>> call) {
    auto waiting = wait();
    co_await std::move(waiting);
    if (fails()) co_return makechat::fail(cannot());
    co_return co_await std::move(call);
}

Task<Result<Commit>> FaultyStore::append(Change change) {
    auto waiting = wait();
    co_await std::move(waiting);
    const bool fault = fails();
    if (fault && how_ == How::refused) co_return makechat::fail(cannot());
    auto appending = store_->append(std::move(change));
    auto committed = co_await std::move(appending);
    if (fault) co_return makechat::fail(cannot());
    co_return committed;
}

Task<Result<std::vector<Message>>> FaultyStore::messages(RoomId room, Window window) {
    return answer(store_->messages(room, window));
}

Task<Result<std::vector<Entry>>> FaultyStore::entries(LogId log, Window window) {
    return answer(store_->entries(log, window));
}

Task<Result<std::vector<Entry>>> FaultyStore::entries_since(LogId log, Position after, std::size_t max) {
    return answer(store_->entries_since(log, after, max));
}

Task<Result<Message>> FaultyStore::message(MessageId id) { return answer(store_->message(id)); }

Task<Result<std::vector<MessageVersion>>> FaultyStore::history(MessageId id) { return answer(store_->history(id)); }

Task<Result<std::vector<Unread>>> FaultyStore::unread(UserId user, std::vector<Place> places) {
    return answer(store_->unread(user, std::move(places)));
}

}  // namespace makechat
