#include "chat/log_tails.hpp"

#include "base/limits.hpp"

#include <algorithm>
#include <iterator>
#include <mutex>
#include <utility>

namespace makechat::chat {
namespace {

std::size_t weight(const Entry& entry) {
    std::size_t text = 0;
    if (const auto* posted = std::get_if<MessagePosted>(&entry.body)) text = posted->message.text.size();
    if (const auto* edited = std::get_if<MessageEdited>(&entry.body)) text = edited->message.text.size();
    return sizeof(Entry) + text;
}

/// The message that an entry speaks of; null: none.
const Message* message_in(const Entry& entry) {
    if (const auto* posted = std::get_if<MessagePosted>(&entry.body)) return &posted->message;
    if (const auto* edited = std::get_if<MessageEdited>(&entry.body)) return &edited->message;
    if (const auto* deleted = std::get_if<MessageDeleted>(&entry.body)) return &deleted->message;
    return nullptr;
}

void set_message(Entry& entry, const Message& message) {
    if (auto* posted = std::get_if<MessagePosted>(&entry.body)) posted->message = message;
    if (auto* edited = std::get_if<MessageEdited>(&entry.body)) edited->message = message;
    if (auto* deleted = std::get_if<MessageDeleted>(&entry.body)) deleted->message = message;
}

bool changes_message(const Entry& entry) {
    return message_in(entry) && !std::holds_alternative<MessagePosted>(entry.body);
}

}  // namespace

void LogTails::apply(const Batch& batch) {
    const std::unique_lock lock(mutex_);
    if (tails_.empty()) return;
    for (const auto& entry : batch) {
        if (const auto* deleted = std::get_if<RoomDeleted>(&entry.body)) {
            if (const auto gone = tails_.find(LogId::of(deleted->room.id)); gone != tails_.end()) drop(gone);
        }
        if (const auto found = tails_.find(entry.log); found != tails_.end()) add(found->second, entry);
    }
    keep_bound();
}

void LogTails::add(Tail& tail, const Entry& entry) {
    const bool here = !tail.items.empty() && tail.items.back()->seq >= entry.seq;  // read before it was told
    auto item = std::make_shared<const Entry>(entry);
    if (changes_message(entry)) tail.newest_form[message_in(entry)->seq.value] = item;
    if (here) return;
    bytes_ += weight(entry);
    by_age_.push_back(entry.log);
    tail.items.push_back(std::move(item));
}

std::optional<std::vector<Entry>> LogTails::find(const LogId& log, Position after, std::size_t max) const {
    std::vector<std::pair<Item, Item>> found;  // copied when the lock is gone: texts may be long
    {
        const std::shared_lock lock(mutex_);
        const auto at = tails_.find(log);
        if (at == tails_.end() || at->second.being_read || after < at->second.known_from) return std::nullopt;
        const auto& tail = at->second;
        const auto first =
            std::ranges::upper_bound(tail.items, after, {}, [](const Item& item) { return item->position; });
        for (auto each = first; each != tail.items.end() && found.size() < max; ++each) {
            Item form;
            if (const auto* message = message_in(**each)) {
                const auto newest = tail.newest_form.find(message->seq.value);
                if (newest != tail.newest_form.end()) form = newest->second;
            }
            found.emplace_back(*each, std::move(form));
        }
    }
    std::vector<Entry> entries;
    entries.reserve(found.size());
    for (const auto& [item, form] : found) {
        entries.push_back(*item);
        if (form) set_message(entries.back(), *message_in(*form));
    }
    return entries;
}

LogTails::Turn LogTails::take_turn(const LogId& log, Position after) {
    const std::unique_lock lock(mutex_);
    auto& tail = tails_[log];
    if (tail.being_read) return Turn::wait;
    if (tail.whole && after < tail.known_from) return Turn::none;
    tail.being_read = true;
    tail.cut = false;
    return Turn::read;
}

void LogTails::wait(const LogId& log, Completion<bool>& done) {
    {
        const std::unique_lock lock(mutex_);
        const auto found = tails_.find(log);
        if (found != tails_.end() && found->second.being_read) {
            found->second.waiters.push_back(&done);
            return;
        }
    }
    done.finish(true);
}

void LogTails::fill(const LogId& log, std::vector<Entry> entries, Position known_from, bool whole) {
    const std::unique_lock lock(mutex_);
    const auto found = tails_.find(log);
    if (found == tails_.end() || !found->second.being_read) return;
    auto& tail = found->second;
    end_turn(tail);
    if (tail.cut || entries.empty()) return drop(found);
    std::deque<Item> items;
    for (auto& entry : entries) {
        if (!tail.items.empty() && entry.seq >= tail.items.front()->seq) break;
        bytes_ += weight(entry);
        by_age_.push_back(log);
        items.push_back(std::make_shared<const Entry>(std::move(entry)));
    }
    items.insert(items.end(), tail.items.begin(), tail.items.end());
    tail.items = std::move(items);
    tail.known_from = known_from;
    tail.whole = whole;
    keep_bound();
}

void LogTails::give_up(const LogId& log) {
    const std::unique_lock lock(mutex_);
    if (const auto found = tails_.find(log); found != tails_.end()) drop(found);
}

void LogTails::end_turn(Tail& tail) {
    tail.being_read = false;
    for (auto* waiter : std::exchange(tail.waiters, {})) waiter->finish(true);
}

void LogTails::drop(Tails::iterator tail) {
    end_turn(tail->second);
    for (const auto& item : tail->second.items) bytes_ -= weight(*item);
    tails_.erase(tail);
}

void LogTails::keep_bound() {
    // Of logs that have gone, by_age_ knows more than there is.
    constexpr auto items_max = limits::tails_bytes_max / sizeof(Entry);
    while ((bytes_ > limits::tails_bytes_max || by_age_.size() > items_max) && !by_age_.empty()) {
        const auto found = tails_.find(by_age_.front());
        by_age_.pop_front();
        if (found == tails_.end() || found->second.items.empty()) continue;
        auto& tail = found->second;
        const auto oldest = std::move(tail.items.front());
        tail.items.pop_front();
        bytes_ -= weight(*oldest);
        tail.known_from = oldest->position;
        tail.whole = tail.cut = true;
        if (changes_message(*oldest)) {
            const auto form = tail.newest_form.find(message_in(*oldest)->seq.value);
            if (form != tail.newest_form.end() && form->second->position <= oldest->position)
                tail.newest_form.erase(form);
        }
        if (tail.items.empty() && !tail.being_read) tails_.erase(found);
    }
}

}  // namespace makechat::chat
