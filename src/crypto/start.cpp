#include "crypto/start.hpp"

#include <sodium.h>

namespace makechat::crypto {

bool start() { return sodium_init() >= 0; }

}  // namespace makechat::crypto
