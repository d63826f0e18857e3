/* arpa/inet.h: for inet_pton, which Windows keeps elsewhere. */
#ifndef AGENT_WINDOWS_POSIX_ARPA_INET_H
#define AGENT_WINDOWS_POSIX_ARPA_INET_H

#include <winsock2.h>
#include <ws2tcpip.h>

#endif
