#include "store/sqlite/readers.hpp"

#include "base/limits.hpp"

namespace makechat::sqlite {

Readers::Readers(const std::filesystem::path& file, std::size_t threads)
    : faults_(file, "read"), queue_(limits::reads_waiting_max) {
    for (std::size_t i = 0; i < threads; ++i) readers_.push_back(std::make_unique<Reader>(file));
    for (auto& reader : readers_) threads_.emplace_back([this, &reader] { work(*reader); });
}

Readers::~Readers() {
    queue_.close();
    for (auto& thread : threads_) thread.join();
}

void Readers::work(Reader& reader) {
    std::vector<Work> taken;
    while (queue_.take(taken, 1)) {
        taken.front()(reader);
        taken.clear();
    }
}

}  // namespace makechat::sqlite
