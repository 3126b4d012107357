# What Debian 12 ships; script/bootstrap installs it.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED CONFIG COMPONENTS json program_options)
find_package(fmt REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto)
find_package(simdjson REQUIRED)
find_package(spdlog REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(ZLIB REQUIRED)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium)
# For the program; sanitizers bring a malloc of their own.
if(NOT CMAKE_CXX_FLAGS_RELEASE MATCHES "-fsanitize")
    pkg_check_modules(JEMALLOC REQUIRED IMPORTED_TARGET jemalloc)
endif()
if(MAKECHAT_TESTS)
    find_package(GTest REQUIRED)
    find_package(rapidcheck REQUIRED)
endif()

# Asio and Beast are compiled once: src/net/asio_impl.cpp and src/http/beast_impl.cpp hold their definitions.
add_library(makechat_boost INTERFACE)
add_library(makechat::boost ALIAS makechat_boost)
target_link_libraries(makechat_boost INTERFACE Boost::headers Threads::Threads)
target_compile_definitions(makechat_boost INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
