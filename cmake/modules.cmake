# halfulp_module(NAME SOURCES a.cpp ... [PUBLIC module ...] [PRIVATE target ...]): one static library a module.
# halfulp_test(NAME SOURCES a.cpp ... [LABELS unit ...] [LIBRARIES target ...]): one GoogleTest program, one ctest a program.

add_library(halfulp_warnings INTERFACE)
target_compile_options(halfulp_warnings INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wno-sign-conversion
                       # GCC 12 warns falsely inside std::string operator+ (GCC bug 105651).
                       -Wno-restrict
                       # Rigour: no contraction of a*b+c that the source does not ask for.
                       -ffp-contract=off)
if(HALFULP_WERROR)
  target_compile_options(halfulp_warnings INTERFACE -Werror)
endif()

function(halfulp_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(halfulp_${name} STATIC ${arg_SOURCES})
  add_library(halfulp::${name} ALIAS halfulp_${name})
  target_include_directories(halfulp_${name} PUBLIC
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(halfulp_${name} PUBLIC ${arg_PUBLIC} PRIVATE halfulp_warnings ${arg_PRIVATE})
endfunction()

function(halfulp_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LABELS;LIBRARIES" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 300)
  endif()
  add_executable(test_${name} ${arg_SOURCES})
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(test_${name} PRIVATE halfulp_warnings GTest::gtest_main ${arg_LIBRARIES})
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" TIMEOUT ${arg_TIMEOUT}
    ENVIRONMENT "HALFULP_RULES=${PROJECT_SOURCE_DIR}/rules;HALFULP_BINARY=$<TARGET_FILE_DIR:halfulp>/halfulp;OMP_NUM_THREADS=1;OPENBLAS_NUM_THREADS=1;HALFULP_SOURCE=${PROJECT_SOURCE_DIR}")
endfunction()
