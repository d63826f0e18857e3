# mt5fleet: `make run` starts a fleet, `make test` proves it. See README.md.
#
# `make test` includes agent.exe under Wine with WINDOWS=1, or where its
# libraries are built already (`make test-windows`).
#
# A program is a folder: every .c in it, linked with lib/. New files are
# found by themselves.

BUILD   ?= build
CC      ?= cc
CXX     ?= c++
SAN     ?=

ifeq ($(SAN),1)
override BUILD := $(BUILD)/san
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=undefined
else
FORTIFY  = -D_FORTIFY_SOURCE=2
endif

WARN     = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	   -Wmissing-prototypes -Wswitch-enum -Wformat=2 -Wvla
ifeq ($(CI),true)
WARN    += -Werror
endif
HARDEN   = $(FORTIFY) -fstack-protector-strong -fPIE
CPPFLAGS += -D_GNU_SOURCE -I. -I$(BUILD)
CFLAGS  ?= -O2 -g
CFLAGS  += -std=c11 $(WARN) $(HARDEN) $(SANITIZE)
CXXFLAGS ?= -O2 -g
CXXFLAGS += -std=c++17 -Wall -Wextra $(HARDEN) $(SANITIZE)
LDFLAGS += -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(SANITIZE)
LDLIBS   = -lfcgi -lhiredis -lcurl -lsqlite3 -lcjson -lmicrohttpd -lgnutls -lsodium \
	   -lssl -lcrypto -lwebsockets -lz -lm -lpthread

OBJ      = $(BUILD)/obj
LIB      = $(BUILD)/libmt5fleet.a
# what is for agent.exe alone has a name of its own (agent/windows)
sources  = $(filter-out %_windows.c,$(wildcard $(1)/*.c))
LIB_OBJ  = $(patsubst %.c,$(OBJ)/%.o,$(call sources,lib/*))

# name of the program = its folder
PROGRAMS = mt5fleet mt5fleet-agent dashboard.fcgi admin.fcgi live \
	   $(notdir $(patsubst %/,%,$(wildcard cron/*/)))
mt5fleet_DIR       = bin
mt5fleet-agent_DIR = agent
dashboard.fcgi_DIR = cgi-bin/dashboard
admin.fcgi_DIR     = cgi-bin/admin
live_DIR           = live
dir_of   = $(or $($(1)_DIR),cron/$(1))
objs_of  = $(patsubst %.c,$(OBJ)/%.o,$(call sources,$(call dir_of,$(1))))
# a folder that has no source yet is no program yet
BUILT    = $(foreach p,$(PROGRAMS),$(if $(call objs_of,$(p)),$(p)))

UNIT     = $(patsubst tests/unit/%.c,$(BUILD)/test/%,$(wildcard tests/unit/*_test.c))
FUZZ     = $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*_fuzz.c))

.PHONY: all install long deps-test run test bench deps programs page unit clean format
all: programs page

programs: $(addprefix $(BUILD)/bin/,$(BUILT)) terminal

$(LIB): $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^

define program
$(BUILD)/bin/$(1): $(call objs_of,$(1)) $(LIB)
	@mkdir -p $$(@D)
	$(CC) $(LDFLAGS) -o $$@ $$^ $(LDLIBS)
endef
$(foreach p,$(BUILT),$(eval $(call program,$(p))))

# the API's contract is in the program that shows it
$(BUILD)/obj/cgi-bin/dashboard/docs.o: docs/openapi.yaml

# the ledger's SQL as C strings
$(BUILD)/ledger_sql.h: lib/ledger/ledger.sql lib/ledger/sql.awk
	@mkdir -p $(@D)
	awk -f lib/ledger/sql.awk lib/ledger/ledger.sql >$@.tmp
	@mv $@.tmp $@
$(patsubst %.c,$(OBJ)/%.o,$(wildcard lib/ledger/*.c)): $(BUILD)/ledger_sql.h

$(OBJ)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

-include tests/terminal/terminal.mk
-include agent/windows/windows.mk
.PHONY: terminal

# A unit test may reach into a program's folder: UNIT_<test> names the objects.
-include tests/unit/objects.mk
-include tests/sheets/sheets.mk
$(BUILD)/test/%: $(OBJ)/tests/unit/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $< $(UNIT_$*) $(LIB) $(LDLIBS) -lcmocka

# what a bench measures against
BENCH    = $(patsubst tests/bench/%.c,$(BUILD)/test/%,$(wildcard tests/bench/*.c))
$(BENCH): $(BUILD)/test/%: $(OBJ)/tests/bench/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $< $(LIB) $(LDLIBS)

$(BUILD)/fuzz/%: $(OBJ)/tests/fuzz/%.o $(LIB)
	@mkdir -p $(@D)
	$(CC) $(LDFLAGS) -o $@ $< $(FUZZ_$*) $(LIB) $(LDLIBS)

.SECONDEXPANSION:
$(UNIT): $(BUILD)/test/%: $$(UNIT_$$*)
$(FUZZ): $(BUILD)/fuzz/%: $$(FUZZ_$$*)

unit: $(UNIT) $(FUZZ)

# The page: node_modules is made from the lock file, the bundle from htdocs/src.
PAGE_SRC = $(shell find htdocs -type f -not -path '*/node_modules/*')
page: $(BUILD)/htdocs/.made
node_modules/.made: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
$(BUILD)/htdocs/.made: node_modules/.made $(PAGE_SRC)
	node htdocs/build.mjs $(BUILD)/htdocs
	@touch $@

deps:
	bin/deps run

run:
	@bin/deps run
	@$(MAKE) --no-print-directory -s -j2 all
	@BUILD=$(BUILD) DEMO=$${DEMO-1} bin/run

test:
	@bin/deps test
	@$(MAKE) --no-print-directory -s -j2 all unit
	@$(if $(WIN_TEST),$(MAKE) --no-print-directory -s windows-programs)
	@BUILD=$(BUILD) SAN=$(SAN) WINDOWS_EXE=$(WIN_TEST) tests/run $(TESTS)

bench:
	@bin/deps test
	@$(MAKE) --no-print-directory -s -j2 all unit $(BENCH)
	@BUILD=$(BUILD) tests/bench/run

# the long runs, whose short forms are in the suite
long: deps-test all unit
	BUILD=$(BUILD) node tests/bench/chaos.mjs
	BUILD=$(BUILD) node tests/bench/live_long.mjs
	BUILD=$(BUILD) SHEETS_RUNS=300 tests/run tests/system/sheets_faults.test.mjs

deps-test:
	@bin/deps test

install: all
	@BUILD=$(BUILD) bin/install

format:
	clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
