#include "support/page_cache.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace makechat {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t sector_bytes = 512;

std::string content_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator(in), {}};
}

void put(std::string& file, std::size_t at, std::string_view bytes) {
    file.resize(std::max(file.size(), at + bytes.size()));
    bytes.copy(file.data() + at, bytes.size());
}

}  // namespace

void PageCache::open(const std::string& path, bool is_new) {
    const std::lock_guard lock(mutex_);
    auto& file = files_[path];
    if (file.exists) return;
    file = File{};
    file.exists = true;
    file.named = !is_new;
    file.cached = file.on_disk = content_of(path);
}

void PageCache::write(const std::string& path, std::size_t at, std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    auto& file = files_[path];
    put(file.cached, at, bytes);
    for (auto page = at / page_bytes; page * page_bytes < at + bytes.size(); ++page)
        file.waiting[page].push_back(file.cached.substr(page * page_bytes, page_bytes));
}

void PageCache::truncate(const std::string& path, std::size_t size) {
    const std::lock_guard lock(mutex_);
    auto& file = files_[path];
    file.cut = file.cut || size < file.cached.size();
    file.cached.resize(size);
    file.waiting.erase(file.waiting.lower_bound((size + page_bytes - 1) / page_bytes), file.waiting.end());
}

void PageCache::remove(const std::string& path) {
    const std::lock_guard lock(mutex_);
    auto& file = files_[path];
    file.cached.clear();
    file.waiting.clear();
    file.exists = false;
}

void PageCache::sync(const std::string& path) {
    const std::lock_guard lock(mutex_);
    auto& file = files_[path];
    if (!file.exists) return;
    if (!file.named) std::erase_if(files_, [](const auto& each) { return !each.second.exists; });
    file.named = true;
    file.on_disk.resize(file.cached.size());
    for (const auto& [page, forms] : file.waiting) put(file.on_disk, page * page_bytes, forms.back());
    file.waiting.clear();
    file.cut = false;
}

void PageCache::fail_sync(const std::string& path) {
    const std::lock_guard lock(mutex_);
    files_[path].waiting.clear();
}

void PageCache::lose_power(FakeRandom& random) {
    const std::lock_guard lock(mutex_);
    for (auto& [path, file] : files_) {
        if ((!file.exists || !file.named) && random.below(2) == 0) {
            std::filesystem::remove(path);
            continue;
        }
        settle(file, random);
        std::ofstream(path, std::ios::binary | std::ios::trunc) << file.on_disk;
    }
    files_.clear();
}

/// Chance decides for each page, and for each sector of a page that was being written.
void PageCache::settle(File& file, FakeRandom& random) {
    if (file.cut && random.below(2) == 0) file.on_disk.resize(std::min(file.on_disk.size(), file.cached.size()));
    const auto kept_in_8 = random.below(9);  // at times none, at times all
    for (const auto& [page, forms] : file.waiting) {
        if (random.below(8) >= kept_in_8) continue;
        const auto& form = forms[random.below(forms.size())];
        const bool torn = random.below(4) == 0;
        for (std::size_t at = 0; at < form.size(); at += sector_bytes) {
            if (torn && random.below(2) == 0) continue;
            put(file.on_disk, page * page_bytes + at, std::string_view(form).substr(at, sector_bytes));
        }
    }
}

}  // namespace makechat
