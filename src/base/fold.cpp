#include "base/fold.hpp"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>

namespace makechat {

std::string fold(std::string_view text) {
    const bool ascii = std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (ascii) {  // nearly every name; spares ICU's tables
        std::string folded{text};
        std::ranges::transform(folded, folded.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
        return folded;
    }
    UErrorCode error = U_ZERO_ERROR;
    const auto* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(error);
    std::string folded;
    icu::StringByteSink<std::string> sink(&folded);
    if (U_SUCCESS(error))
        normalizer->normalizeUTF8(0, icu::StringPiece(text.data(), int32_t(text.size())), sink, nullptr, error);
    return U_SUCCESS(error) ? folded : std::string{text};
}

}  // namespace makechat
