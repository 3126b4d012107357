# How a folder becomes targets. Folders without files are skipped, and so is every link to them.
include(GoogleTest)

# store/sqlite -> makechat_store_sqlite; names of imported targets stay.
function(makechat_targets out)
    set(targets)
    foreach(name IN LISTS ARGN)
        string(REPLACE "/" "_" target "makechat_${name}")
        if(TARGET ${target})
            list(APPEND targets ${target})
        elseif(name MATCHES "::" OR name STREQUAL "rapidcheck")
            list(APPEND targets ${name})
        endif()
    endforeach()
    set(${out} ${targets} PARENT_SCOPE)
endfunction()

# makechat_library(<folder of src> <folders and libraries it is linked with>...)
function(makechat_library folder)
    set_property(GLOBAL APPEND PROPERTY MAKECHAT_FOLDERS ${folder})
    set(dir ${CMAKE_SOURCE_DIR}/src/${folder})
    string(REPLACE "/" "_" target "makechat_${folder}")
    file(GLOB sources CONFIGURE_DEPENDS ${dir}/*.cpp)
    file(GLOB headers CONFIGURE_DEPENDS ${dir}/*.hpp)
    list(FILTER sources EXCLUDE REGEX "_test\\.cpp$|/app/main\\.cpp$")
    if(EXISTS ${dir}/migrations.hpp)
        makechat_embed_migrations(${folder} generated)
        list(APPEND sources ${generated})
    endif()
    if(NOT sources AND NOT headers)
        return()
    endif()
    makechat_targets(links ${ARGN})
    if(sources)
        add_library(${target} STATIC ${sources})
        set(scope PUBLIC)
    else()
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_include_directories(${target} ${scope} ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
    target_link_libraries(${target} ${scope} ${links})
endfunction()

# The *.sql beside migrations.hpp, as the text of a source file made at build time.
function(makechat_embed_migrations folder out)
    file(GLOB sql CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/migrations/*.sql)
    set(generated ${CMAKE_BINARY_DIR}/generated/${folder}/migrations.cpp)
    set(script ${CMAKE_SOURCE_DIR}/cmake/embed_migrations.cmake)
    add_custom_command(OUTPUT ${generated}
        COMMAND ${CMAKE_COMMAND} -P ${script} ${generated} ${sql}
        DEPENDS ${script} ${sql}
        COMMENT "Embedding src/${folder}/migrations" VERBATIM)
    set(${out} ${generated} PARENT_SCOPE)
endfunction()

# makechat_program(<name> <file with main> <folders>...): build/<preset>/<name>
function(makechat_program name source)
    if(NOT EXISTS ${CMAKE_SOURCE_DIR}/${source})
        file(GLOB later CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${source})
        return()
    endif()
    makechat_targets(links ${ARGN})
    add_executable(${name} ${source})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src ${CMAKE_BINARY_DIR}/generated)
    target_link_libraries(${name} PRIVATE ${links})
endfunction()

# Sources in a folder that has no row would silently not be built.
function(makechat_no_other_folders)
    get_property(folders GLOBAL PROPERTY MAKECHAT_FOLDERS)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/src/*.cpp)
    set(unknown)
    foreach(source IN LISTS sources)
        cmake_path(GET source PARENT_PATH folder)
        if(NOT folder IN_LIST folders)
            list(APPEND unknown ${folder})
        endif()
    endforeach()
    list(REMOVE_DUPLICATES unknown)
    foreach(folder IN LISTS unknown)
        message(WARNING "src/${folder} is not built: it has no makechat_library row in CMakeLists.txt")
    endforeach()
endfunction()

# makechat_support(<folders>...): tests/support, shared by the test programs.
function(makechat_support)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/support/*.cpp)
    makechat_targets(links ${ARGN})
    if(sources)
        add_library(makechat_test_support STATIC ${sources})
        set(scope PUBLIC)
    else()
        add_library(makechat_test_support INTERFACE)
        set(scope INTERFACE)
    endif()
    target_include_directories(makechat_test_support ${scope}
        ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/tests ${CMAKE_BINARY_DIR}/generated)
    target_link_libraries(makechat_test_support ${scope} ${links} GTest::gmock GTest::gtest)
    add_custom_target(tests COMMENT "All test programs")
endfunction()

# makechat_test(<folder> <more folders>...): test_<folder> from the folder's *_test.cpp
function(makechat_test folder)
    string(REPLACE "/" "_" name ${folder})
    makechat_tests(${name} unit 60 "src/${folder}/*_test.cpp" ${folder} test_support ${ARGN})
endfunction()

function(makechat_tests name label seconds pattern)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${pattern})
    if(NOT sources)
        return()
    endif()
    set(target test_${name})
    makechat_targets(links ${ARGN})
    add_executable(${target} ${sources})
    target_link_libraries(${target} PRIVATE ${links} rapidcheck GTest::gmock_main)
    add_dependencies(tests ${target})
    gtest_discover_tests(${target}
        DISCOVERY_MODE PRE_TEST
        DISCOVERY_TIMEOUT 60
        NO_PRETTY_VALUES
        TEST_PREFIX "${name}: "
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
        PROPERTIES LABELS ${label} TIMEOUT ${seconds})
endfunction()

# makechat_fuzz(<folders>...): fuzz/x.cpp -> fuzz_x
function(makechat_fuzz)
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/fuzz/*.cpp)
    makechat_targets(links ${ARGN})
    foreach(source IN LISTS sources)
        cmake_path(GET source STEM name)
        add_executable(fuzz_${name} ${source})
        target_link_libraries(fuzz_${name} PRIVATE ${links})
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    endforeach()
endfunction()
