/* netdb.h: for getaddrinfo, which Windows keeps elsewhere. */
#ifndef AGENT_WINDOWS_POSIX_NETDB_H
#define AGENT_WINDOWS_POSIX_NETDB_H

#include <winsock2.h>
#include <ws2tcpip.h>

#endif
