#pragma once
#include <openssl/ssl.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

// SSL_OP_* are built by a function-like macro, which Swift does not import.
static const uint64_t charter_SSL_OP_NO_RENEGOTIATION = SSL_OP_NO_RENEGOTIATION;
