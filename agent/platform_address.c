/* platform_address.c: addresses of sockets, the same on each system. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

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
