# agent.exe: the agent's own sources and a few of lib/, for 64-bit Windows,
# one static file. `make agent-windows` builds it, `make test-windows` runs
# the agent's tests against it under Wine, and those of the Linux agent beside
# a terminal in Wine; docs/agent-windows.md.

WIN          ?= build/windows
WIN_PREFIX   ?= build/windows/prefix
WIN_CC        = x86_64-w64-mingw32-gcc
WIN_EXE       = $(WIN)/mt5fleet-agent.exe
WIN_ZIP       = $(WIN)/mt5fleet-agent.zip
# Part of `make test` with WINDOWS=1, and where the libraries are built already
# (8 minutes); not with WINDOWS=0, under sanitizers, or where tests are named.
WINDOWS      ?= $(if $(wildcard $(WIN_PREFIX)/.made),1)
WIN_TEST      = $(if $(SAN)$(TESTS)$(filter 0,$(WINDOWS)),,$(if $(WINDOWS),$(WIN_EXE)))

WIN_LIB       = base/buf base/clock base/config base/file base/log base/mem \
		base/hash base/num base/site base/url base/utf8 json/json \
		json/jsonin \
		fleet/fields fleet/fields_check program/program \
		trading/deal_fields trading/deal_read trading/money \
		trading/status web/params web/request \
		web/response web/route
WIN_SRC       = $(filter-out %_posix.c,$(wildcard agent/*.c)) \
		$(wildcard agent/windows/*.c) $(WIN_LIB:%=lib/%.c)
WIN_OBJ       = $(WIN_SRC:%.c=$(WIN)/obj/%.o)

WIN_CPPFLAGS  = -D_GNU_SOURCE -D_WIN32_WINNT=0x0601 -DGNUTLS_INTERNAL_BUILD \
		-I. -Iagent/windows/posix -I$(WIN_PREFIX)/include \
		-include agent/windows/port_windows.h
# formats are checked by the other compiler: this one has Microsoft's in mind
WIN_CFLAGS    = -O2 -std=c11 $(WARN) -Wno-format -Wno-format-nonliteral \
		-fstack-protector-strong -ffunction-sections
WIN_LDFLAGS   = -municode -static -s -fstack-protector-strong -Wl,--gc-sections,--dynamicbase \
		-Wl,--nxcompat,--high-entropy-va -L$(WIN_PREFIX)/lib
WIN_LDLIBS    = -lmicrohttpd -lgnutls -lhogweed -lnettle -lcjson -lz -lws2_32 \
		-lcrypt32 -lncrypt -lbcrypt -liphlpapi -ladvapi32 -lpthread

.PHONY: agent-windows windows-programs test-windows
agent-windows:
	@bin/deps windows
	@$(MAKE) --no-print-directory -s -j2 $(WIN_EXE) $(WIN_ZIP)

# and what its tests need
windows-programs: agent-windows
	@$(MAKE) --no-print-directory -s -j2 $(WIN_TERMINAL)

test-windows: windows-programs
	@bin/deps test
	@$(MAKE) --no-print-directory -s -j2 terminal programs
	@BUILD=$(BUILD) WINDOWS_EXE=$(WIN_EXE) tests/run tests/windows/*.sh

$(WIN_PREFIX)/.made:
	agent/windows/prefix.sh $(WIN_PREFIX)

$(WIN_EXE): $(WIN_OBJ)
	$(WIN_CC) $(WIN_LDFLAGS) -o $@ $^ $(WIN_LDLIBS)

# all that is to be copied to a VPS
$(WIN_ZIP): $(WIN_EXE) agent/windows/install.ps1 $(wildcard agent/bridge/*)
	@rm -rf $@ $(WIN)/zip
	@mkdir -p $(WIN)/zip/bridge
	cp $(WIN_EXE) agent/windows/install.ps1 $(WIN)/zip
	cp agent/bridge/*.mq[h5] $(WIN)/zip/bridge
	cd $(WIN)/zip && zip -qr ../$(@F) .

$(WIN)/obj/agent/main.o: WIN_CPPFLAGS += -include agent/windows/start.h \
		-Dmain=agent_main
$(WIN)/obj/%.o: %.c Makefile agent/windows/windows.mk | $(WIN_PREFIX)/.made
	@mkdir -p $(@D)
	$(WIN_CC) $(WIN_CPPFLAGS) $(WIN_CFLAGS) -MMD -MP -c -o $@ $<

# The simulated terminal as a Windows program, to be started and watched.
WIN_CXX       = x86_64-w64-mingw32-g++
WIN_TERMINAL  = $(WIN)/terminal64.exe
WIN_TERM_OBJ  = $(TERMINAL_SRC:%.cpp=$(WIN)/obj/%.o) $(WIN)/obj/tests/windows/posix.o

$(WIN_TERMINAL): $(WIN_TERM_OBJ)
	$(WIN_CXX) -static -s -L$(WIN_PREFIX)/lib -o $@ $^ -lcjson -lz -lshlwapi \
	    -lpthread

$(WIN)/obj/tests/windows/posix.o: tests/windows/posix.c
	@mkdir -p $(@D)
	$(WIN_CC) -O2 -Wall -Wextra -include sys/stat.h -c -o $@ $<

$(WIN)/obj/tests/terminal/%.o: tests/terminal/%.cpp Makefile \
    agent/windows/windows.mk $(BRIDGE) | $(WIN_PREFIX)/.made
	@mkdir -p $(@D)
	$(WIN_CXX) -O2 -Wno-narrowing -std=gnu++17 -D_POSIX_C_SOURCE=200809L -I. \
	    -Itests/windows/posix -I$(BUILD)/bridge -Iagent/bridge \
	    -I$(WIN_PREFIX)/include -include tests/windows/posix.h \
	    -MMD -MP -c -o $@ $<
