/* sys/socket.h: for socket, which Windows keeps elsewhere. */
#ifndef AGENT_WINDOWS_POSIX_SYS_SOCKET_H
#define AGENT_WINDOWS_POSIX_SYS_SOCKET_H

#include <winsock2.h>
#include <ws2tcpip.h>

#endif
