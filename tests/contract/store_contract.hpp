#pragma once

#include "chat/ports.hpp"
#include "support/run.hpp"
#include "support/store_world.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

/// What every adapter of chat::Store must do. An adapter takes part by a line in adapters.cpp.
namespace makechat {

/// A store with what it stands on; both are gone at the end.
class OpenStore {
public:
    virtual ~OpenStore() = default;
    virtual chat::Store& store() = 0;
    /// Closes the store and opens it again on what it has kept.
    virtual void reopen() = 0;
};

struct StoreAdapter {
    std::string name;
    std::function<std::unique_ptr<OpenStore>(chat::Committed committed)> open;  ///< an empty store
};
inline void PrintTo(const StoreAdapter& adapter, std::ostream* out) { *out << adapter.name; }

/// All adapters of this program.
const std::vector<StoreAdapter>& store_adapters();

/// A store of its own for each test, with a world in it.
class StoreContract : public testing::TestWithParam<StoreAdapter> {
protected:
    StoreContract()
        : opened_(GetParam().open([this](const chat::SharedBatch& batch) {
              if (committed) committed(batch);
          })),
          world(opened_->store()) {}

    chat::Store& store() { return opened_->store(); }
    void reopen() {
        opened_->reopen();
        world.move_to(opened_->store());
    }

    /// Hears of committed batches; on a thread of the store's. Set it before the first append.
    chat::Committed committed;

private:
    std::unique_ptr<OpenStore> opened_;

protected:
    StoreWorld world;
};

}  // namespace makechat
