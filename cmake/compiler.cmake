# Compiler settings shared by every target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

add_library(graphodbc_compiler INTERFACE)
target_compile_options(graphodbc_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
  # GCC 12 reports std::string's own operator+ as overlapping copies (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_include_directories(graphodbc_compiler INTERFACE ${PROJECT_SOURCE_DIR})
if(GRAPHODBC_SANITIZE)
  add_compile_options(-fsanitize=${GRAPHODBC_SANITIZE} -fno-omit-frame-pointer -g)
  add_link_options(-fsanitize=${GRAPHODBC_SANITIZE})
  # GCC's variable tracking takes a quarter of an hour over a large instrumented test file.
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fno-var-tracking>)
  if(GRAPHODBC_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
    # Checks of every access double the time of GCC's build. AddressSanitizer stops at null anyway,
    # and alignment is checked where an application's buffers are written: driver/ adds it again.
    add_compile_options(
      $<$<CXX_COMPILER_ID:GNU>:-fno-sanitize=null,alignment,object-size,vptr>)
  endif()
  # GCC's -O with sanitizers reports maybe-uninitialized in its own instrumentation.
  target_compile_options(graphodbc_compiler INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>)
endif()
if(GRAPHODBC_BUILD_FUZZERS)
  # Everything is instrumented, not the fuzz targets alone: coverage guides the fuzzer.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
