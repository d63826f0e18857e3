/* platform_address.c: addresses of sockets, the same on each system. */
#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "agent/platform.h"

bool
platform_address(const char *host, int port, bool *loopback, bool *ipv6,
    unsigned char address[PLATFORM_ADDRESS_SIZE])
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

	if (strcmp(host, "localhost") == 0)
		host = "127.0.0.1";
	memset(address, 0, PLATFORM_ADDRESS_SIZE);
	if (inet_pton(AF_INET, host, &v4.sin_addr) == 1) {
		v4.sin_port = htons((uint16_t)port);
		*loopback = ntohl(v4.sin_addr.s_addr) >> 24 == 127;
		*ipv6 = false;
		memcpy(address, &v4, sizeof(v4));
		return true;
	}
	if (inet_pton(AF_INET6, host, &v6.sin6_addr) == 1) {
		v6.sin6_port = htons((uint16_t)port);
		*loopback = IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
		*ipv6 = true;
		memcpy(address, &v6, sizeof(v6));
		return true;
	}
	return false;
}

void
platform_address_text(const void *address, char *text, size_t size)
{
	const struct sockaddr *sa = address;
	const void *number = NULL;

	if (sa->sa_family == AF_INET)
		number = &((const struct sockaddr_in *)address)->sin_addr;
	else if (sa->sa_family == AF_INET6)
		number = &((const struct sockaddr_in6 *)address)->sin6_addr;
	if (number == NULL ||
	    inet_ntop(sa->sa_family, number, text, (unsigned)size) == NULL)
		snprintf(text, size, "?");
}

int
platform_dial(const char *host, int port, int timeout_ms,
    char peer[PLATFORM_PEER_SIZE], const char **why)
{
	const struct addrinfo hints = {
	    .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct addrinfo *list = NULL;
	char service[8];
	int fd = -1, rc;

	platform_sockets();
	snprintf(service, sizeof(service), "%d", port);
	if ((rc = getaddrinfo(host, service, &hints, &list)) != 0) {
		*why = gai_strerror(rc);
		return -1;
	}
	for (const struct addrinfo *a = list; a != NULL && fd == -1;
	     a = a->ai_next) {
		fd = (int)socket(a->ai_family, a->ai_socktype, a->ai_protocol);
		if (fd == -1)
			continue;
		platform_socket_timeout(fd, timeout_ms);
		if (platform_connect(fd, a->ai_addr, a->ai_addrlen) == 0)
			platform_address_text(
			    a->ai_addr, peer, PLATFORM_PEER_SIZE);
		else {
			*why = platform_error();
			platform_hang_up(fd);
			fd = -1;
		}
	}
	freeaddrinfo(list);
	return fd;
}
