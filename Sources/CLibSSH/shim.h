#pragma once

#include <libssh/callbacks.h>
#include <libssh/libssh.h>
// `ssh_send_keepalive`, which clients may call as well, is declared among the server's functions.
#include <libssh/server.h>
