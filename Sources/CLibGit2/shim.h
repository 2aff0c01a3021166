#pragma once
#include <git2.h>

// Swift cannot call variadic functions; each wrapper is one form of git_libgit2_opts.
static inline int charter_git_opt_int(int option, int value) { return git_libgit2_opts(option, value); }
static inline int charter_git_opt_size(int option, size_t value) { return git_libgit2_opts(option, value); }
static inline int charter_git_opt_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}
static inline int charter_git_opt_extension(const char *name) {
    const char *names[] = { name };
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, (size_t)1);
}
static inline int charter_git_opt_certificates(const char *file, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, path);
}
