# halfulp_torch: include folders and the two libraries torch_cpu and c10. LibTorch's own package configuration wants CUDA
# toolkits that nothing here uses, so only the place of its files is taken: from CMAKE_PREFIX_PATH (an unpacked LibTorch, or
# the torch folder of a Python wheel), else from the system.
find_path(HALFULP_TORCH_INCLUDE torch/script.h)
find_library(HALFULP_TORCH_CPU torch_cpu)
find_library(HALFULP_C10 c10)
if(NOT HALFULP_TORCH_INCLUDE OR NOT HALFULP_TORCH_CPU OR NOT HALFULP_C10)
  message(FATAL_ERROR "LibTorch not found: install libtorch-dev, name an unpacked LibTorch in CMAKE_PREFIX_PATH, "
                      "or configure with -DHALFULP_WITH_TORCH=OFF")
endif()

add_library(halfulp_torch INTERFACE)
target_include_directories(halfulp_torch SYSTEM INTERFACE
  ${HALFULP_TORCH_INCLUDE} ${HALFULP_TORCH_INCLUDE}/torch/csrc/api/include)
target_link_libraries(halfulp_torch INTERFACE ${HALFULP_TORCH_CPU} ${HALFULP_C10})
# The official LibTorch archives before 2.6 were built with the old string layout.
file(GLOB halfulp_torch_config ${HALFULP_TORCH_INCLUDE}/../share/cmake/Torch/TorchConfig.cmake)
if(halfulp_torch_config)
  file(STRINGS ${halfulp_torch_config} halfulp_torch_old_strings REGEX "_GLIBCXX_USE_CXX11_ABI=0")
  if(halfulp_torch_old_strings)
    message(FATAL_ERROR "this LibTorch was built with _GLIBCXX_USE_CXX11_ABI=0: take the cxx11-abi archive")
  endif()
endif()
