# make deb: Debian packages of what `make all` builds, in build/deb.
# make test-installed: them in a booted Debian 12 (as root).

.PHONY: deb test-installed
deb: all
	@BUILD=$(BUILD) etc/deb build/deb

test-installed: all
	@bin/deps test
	@BUILD=$(BUILD) tests/run tests/installed/*.sh
