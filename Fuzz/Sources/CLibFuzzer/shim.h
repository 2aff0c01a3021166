#pragma once
#include <stddef.h>
#include <stdint.h>

// libFuzzer's way in for programs with a `main` of their own; no header of LLVM declares it.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*target)(const uint8_t *data, size_t size));
