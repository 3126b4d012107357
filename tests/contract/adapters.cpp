#include "contract/store_contract.hpp"
#include "store/memory/store.hpp"
#include "store/sqlite/store.hpp"
#include "support/temporary_folder.hpp"

#include <stdlib.h>

#include <filesystem>
#include <stdexcept>

namespace makechat {
namespace {

/// Lives as long as the object: there is nothing to open again.
class OpenMemory final : public OpenStore {
public:
    explicit OpenMemory(chat::Committed committed) : store_(random_, std::move(committed)) {}
    chat::Store& store() override { return store_; }
    void reopen() override {}

private:
    FakeRandom random_{2};
    memory::Store store_;
};

class OpenSqlite final : public OpenStore {
public:
    explicit OpenSqlite(chat::Committed committed) : committed_(std::move(committed)) { open(); }
    chat::Store& store() override { return *store_; }
    void reopen() override {
        store_.reset();
        open();
    }

private:
    void open() {
        auto opened = sqlite::Store::open(folder_.path(), random_, committed_);
        if (!opened) throw std::runtime_error(opened.error().text);
        store_ = std::move(*opened);
    }

    TemporaryFolder folder_;
    FakeRandom random_{2};
    chat::Committed committed_;
    std::unique_ptr<sqlite::Store> store_;
};

template <class Opened>
StoreAdapter adapter(const char* name) {
    return {name, [](chat::Committed committed) { return std::make_unique<Opened>(std::move(committed)); }};
}

}  // namespace

const std::vector<StoreAdapter>& store_adapters() {
    static const std::vector<StoreAdapter> adapters{adapter<OpenMemory>("memory"), adapter<OpenSqlite>("sqlite")};
    return adapters;
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract, testing::ValuesIn(store_adapters()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace makechat
