#pragma once

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <iostream>
#include <string>
#include <utility>

namespace makechat {

/// How often a property is tried, and how large its cases grow. RC_PARAMS may say otherwise: "seed=7 max_success=1000".
struct Effort {
    int tries = 100;
    int size_max = 100;
};

/// Checks that `testable` holds for what rapidcheck draws, as a part of the running test. Where it does not, the smallest
/// case found is printed, and the command that plays it again.
template <class Testable>
void check_property(Effort effort, Testable testable) {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    const std::string name = std::string(test->test_suite_name()) + "." + test->name();
    const auto& configuration = rc::detail::configuration();
    auto params = configuration.testParams;
    const rc::detail::TestParams defaults;
    if (params.maxSuccess == defaults.maxSuccess) params.maxSuccess = effort.tries;
    if (params.maxSize == defaults.maxSize) params.maxSize = effort.size_max;
    const auto result = rc::detail::checkTestable(std::move(testable), rc::detail::TestMetadata{name, name}, params);
    if (result.template is<rc::detail::SuccessResult>()) return;
    std::ostream& out = std::cerr;
    rc::detail::printResultMessage(result, out);
    out << "\n";
    rc::detail::Configuration again;
    again.testParams = params;
    if (result.template is<rc::detail::FailureResult>())
        again.reproduce = {{name, result.template get<rc::detail::FailureResult>().reproduce}};
    ADD_FAILURE() << "Play it again:\n  RC_PARAMS=\"" << rc::detail::configToMinimalString(again)
                  << "\" build/asan/test_property --gtest_filter=" << name;
}

}  // namespace makechat
