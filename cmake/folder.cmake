# graphodbc_library(<folder> SOURCES ... [LINK ...]): the one static library of a folder.
function(graphodbc_library folder)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_library(graphodbc_${folder} STATIC ${arg_SOURCES})
  target_link_libraries(graphodbc_${folder} PUBLIC ${arg_LINK} PRIVATE graphodbc_compiler)
  target_include_directories(graphodbc_${folder} SYSTEM INTERFACE)
endfunction()

# graphodbc_test(<name> SOURCES ... [LINK ...]): a GoogleTest program, one ctest entry a case.
function(graphodbc_test name)
  if(NOT GRAPHODBC_BUILD_TESTS)
    return()
  endif()
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LINK} graphodbc_compiler GTest::gtest GTest::gtest_main)
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  include(GoogleTest)
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}" FIXTURES_REQUIRED output
      ENVIRONMENT "GRAPHODBC_TEST_OUTPUT=${GRAPHODBC_TEST_OUTPUT}")
endfunction()

# graphodbc_fuzzer(<name> SOURCES ... [LINK ...]): a libFuzzer program (clang only).
function(graphodbc_fuzzer name)
  if(NOT GRAPHODBC_BUILD_FUZZERS)
    return()
  endif()
  cmake_parse_arguments(arg "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_compile_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  target_link_libraries(${name} PRIVATE ${arg_LINK} graphodbc_compiler)
endfunction()
