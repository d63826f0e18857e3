# mt5fleet: `make run` starts a fleet, `make test` proves it, `make help` lists
# the rest. See README.md, CONTRIBUTING.md.
#
# A program is a folder: every .c in it and in its sub-folders, linked with
# lib/. New files are found by themselves; a new library goes to the list of
# packages of the program that needs it.
#
# CPPFLAGS, CFLAGS, CXXFLAGS, LDFLAGS and LDLIBS are the caller's: they come
# after ours and replace none of them. What changes them rebuilds.

BUILD   ?= build
CC      ?= cc
ifeq ($(origin CXX),default)
CXX      = c++
endif
SAN     ?=
PKG_CONFIG ?= pkg-config
DESTDIR ?=
PREFIX  ?= /usr

ifeq ($(SAN),1)
override BUILD := $(BUILD)/san
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=undefined
else
# a caller may have it at another level, and it says nothing without -O
FORTIFY  = $(if $(findstring _FORTIFY_SOURCE,$(CPPFLAGS) $(CFLAGS))$(filter \
	   -O0 -Og,$(CFLAGS) $(CXXFLAGS)),,-D_FORTIFY_SOURCE=2)
endif

WARN     = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes \
	   -Wmissing-prototypes -Wswitch-enum -Wformat=2 -Wvla
ifeq ($(CI),true)
WARN    += -Werror
endif
HARDEN   = $(FORTIFY) -fstack-protector-strong -fPIE

# name of the program = its folder
PROGRAMS = mt5fleet mt5fleet-agent dashboard.fcgi admin.fcgi live \
	   $(notdir $(patsubst %/,%,$(wildcard cron/*/)))
mt5fleet_DIR       = bin
mt5fleet-agent_DIR = agent
dashboard.fcgi_DIR = cgi-bin/dashboard
admin.fcgi_DIR     = cgi-bin/admin
live_DIR           = live
dir_of   = $(or $($(1)_DIR),cron/$(1))

# what each program links, by the names of pkg-config
LEDGER   = sqlite3 libcjson
mt5fleet_PKGS       = $(LEDGER) hiredis libsodium libcurl
mt5fleet-agent_PKGS = libcjson libmicrohttpd gnutls zlib
dashboard.fcgi_PKGS = $(LEDGER) hiredis fcgi libsodium
admin.fcgi_PKGS     = $(LEDGER) hiredis fcgi libsodium libcurl
live_PKGS           = $(LEDGER) hiredis libwebsockets libsodium
collect_PKGS        = $(LEDGER) hiredis libcurl
trades_PKGS         = $(LEDGER) hiredis libcurl
phases_PKGS         = $(LEDGER) hiredis
alerts_PKGS         = $(LEDGER) hiredis libcurl
sheets_PKGS         = $(LEDGER) hiredis libcurl libcrypto
backup_PKGS         = $(LEDGER) hiredis
# a job without a list of its own
JOB_PKGS = $(LEDGER) hiredis libcurl
pkgs_of  = $(or $($(1)_PKGS),$(JOB_PKGS))
PACKAGES = $(sort $(JOB_PKGS) $(foreach p,$(PROGRAMS),\
	   $(call pkgs_of,$(p))))
TEST_PKGS = $(PACKAGES) cmocka libpq
libs     = $(or $(shell $(PKG_CONFIG) --libs $(1)),$(error no libraries: $(1)))
# in a folder that the compiler does not know by itself; one that is not
# installed is missed where it is included
PKG_DIRS := $(sort $(shell for p in $(PACKAGES) cmocka; do \
	      $(PKG_CONFIG) --variable=includedir $$p 2>/dev/null; done))
# libpq is loaded when it is needed (lib/ledger/pq.h): its headers alone, which
# lie in a folder of their own on Debian
PKG_CPPFLAGS = $(patsubst %,-I%,$(filter-out /usr/include \
	   /usr/include/%,$(PKG_DIRS))) \
	   $(shell $(PKG_CONFIG) --cflags-only-I libpq 2>/dev/null)

OUR_CPPFLAGS = -D_GNU_SOURCE -I. -I$(BUILD) $(PKG_CPPFLAGS)
OUR_CFLAGS   = -O2 -g -std=c11 $(WARN) $(HARDEN) $(SANITIZE)
OUR_CXXFLAGS = -O2 -g -std=c++17 -Wall -Wextra $(HARDEN) $(SANITIZE)
OUR_LDFLAGS  = -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(SANITIZE)
COMPILE  = $(CC) $(OUR_CPPFLAGS) $(OUR_CFLAGS) $(CPPFLAGS) $(CFLAGS)
COMPILE_CXX = $(CXX) $(OUR_CPPFLAGS) -I$(BUILD)/bridge -Iagent/bridge \
	   $(OUR_CXXFLAGS) $(CPPFLAGS) $(CXXFLAGS)
LINK     = $(CC) $(OUR_LDFLAGS) $(CFLAGS) $(LDFLAGS)
LINK_CXX = $(CXX) $(OUR_LDFLAGS) $(CXXFLAGS) $(LDFLAGS)
LIBS     = -lm -lpthread $(LDLIBS)

OBJ      = $(BUILD)/obj
LIB      = $(BUILD)/libmt5fleet.a
FLAGS    = $(BUILD)/flags
# what is for agent.exe alone has a name or a folder of its own
sources  = $(filter-out %_windows.c agent/windows/%,\
	   $(wildcard $(1)/*.c $(1)/*/*.c))
objects  = $(patsubst %.c,$(OBJ)/%.o,$(call sources,$(1)))
LIB_OBJ  = $(call objects,lib)
objs_of  = $(call objects,$(call dir_of,$(1)))
# a folder that has no source yet is no program yet
BUILT    = $(foreach p,$(PROGRAMS),$(if $(call objs_of,$(p)),$(p)))

UNIT     = $(patsubst tests/unit/%.c,$(BUILD)/test/%,$(wildcard tests/unit/*_test.c))
FUZZ     = $(patsubst tests/fuzz/%.c,$(BUILD)/fuzz/%,$(wildcard tests/fuzz/*_fuzz.c))

# all sources but those of agent.exe
C_SRC    = $(foreach p,$(BUILT),$(call sources,$(call dir_of,$(p)))) \
	   $(call sources,lib) $(filter-out tests/windows/%,$(call sources,tests))
CXX_SRC  = $(wildcard tests/terminal/*.cpp)

.PHONY: all programs page unit help run test check-fast coverage bench long chaos sbom deps deps-test \
	install uninstall format clean FORCE

all: programs page ## build the programs and the page

programs: $(addprefix $(BUILD)/bin/,$(BUILT)) terminal ## build the programs

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' \
	    $(filter-out %.d,$(MAKEFILE_LIST))
	@echo 'Variables: BUILD=$(BUILD) SAN=1 (sanitizers) CI=true (warnings are errors)'
	@echo '  CC CXX CPPFLAGS CFLAGS CXXFLAGS LDFLAGS LDLIBS DESTDIR PREFIX TESTS="file ..."'

# The flags of the last build: what is made by them depends on this file. A
# cache before the compiler and -Werror change no object.
FLAGS_NOW = $(filter-out ccache -Werror,$(COMPILE) : $(COMPILE_CXX) : \
	    $(LINK) $(LIBS))
$(FLAGS): FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(FLAGS_NOW))' >$@.$$$$; \
	    if cmp -s $@.$$$$ $@; then rm $@.$$$$; else mv $@.$$$$ $@; fi

# where the command finds the other programs
$(BUILD)/prefix: FORCE
	@mkdir -p $(@D)
	@[ "$$(cat $@ 2>/dev/null)" = '$(PREFIX)' ] || echo '$(PREFIX)' >$@
$(call objects,bin): $(BUILD)/prefix
$(call objects,bin): CPPFLAGS_HERE = -DPREFIX='"$(PREFIX)"'

$(LIB): $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^

define program
$(BUILD)/bin/$(1): $(call objs_of,$(1)) $(LIB) $(FLAGS)
	@mkdir -p $$(@D)
	$$(LINK) -o $$@ $$(filter-out $(FLAGS),$$^) \
	    $$(call libs,$$(call pkgs_of,$(1))) $$(LIBS)
endef
$(foreach p,$(BUILT),$(eval $(call program,$(p))))

# the API's contract is in the program that shows it
$(BUILD)/obj/cgi-bin/dashboard/docs.o: docs/openapi.yaml
# and the first guess of what a flow is, in the library
$(BUILD)/obj/lib/trading/flow_guess.o: etc/flows.json

# the ledger's SQL as C strings
$(BUILD)/ledger_sql.h: lib/ledger/ledger.sql lib/ledger/sql.awk
	@mkdir -p $(@D)
	awk -f lib/ledger/sql.awk lib/ledger/ledger.sql >$@.tmp
	@mv $@.tmp $@
$(call objects,lib/ledger): $(BUILD)/ledger_sql.h

$(OBJ)/%.o: %.c $(FLAGS)
	@mkdir -p $(@D)
	$(COMPILE) $(CPPFLAGS_HERE) -MMD -MP -c -o $@ $<

-include tests/terminal/terminal.mk
-include agent/windows/windows.mk
-include etc/install.mk
.PHONY: terminal

# A unit test may reach into a program's folder: UNIT_<test> names the objects.
-include tests/unit/objects.mk
-include tests/sheets/sheets.mk
-include tests/fuzz/fuzz.mk
-include tests/mutate/mutate.mk
-include tests/faults/faults.mk
-include tests/lint/lint.mk
$(BUILD)/test/%: $(OBJ)/tests/unit/%.o $(LIB) $(FLAGS)
	@mkdir -p $(@D)
	$(LINK) -o $@ $< $(UNIT_$*) $(LIB) $(call libs,$(TEST_PKGS)) $(LIBS)

# what a bench measures against
BENCH    = $(patsubst tests/bench/%.c,$(BUILD)/test/%,$(wildcard tests/bench/*.c))
$(BENCH): $(BUILD)/test/%: $(OBJ)/tests/bench/%.o $(LIB) $(FLAGS)
	@mkdir -p $(@D)
	$(LINK) -o $@ $< $(LIB) $(call libs,$(TEST_PKGS)) $(LIBS)

$(BUILD)/fuzz/%: $(OBJ)/tests/fuzz/%.o $(LIB) $(FLAGS)
	@mkdir -p $(@D)
	$(LINK) -o $@ $< $(FUZZ_$*) $(LIB) $(call libs,$(TEST_PKGS)) $(LIBS)

.SECONDEXPANSION:
$(UNIT): $(BUILD)/test/%: $$(UNIT_$$*)
$(FUZZ): $(BUILD)/fuzz/%: $$(FUZZ_$$*)

unit: $(UNIT) $(FUZZ) ## build the unit tests and fuzz drivers

# The page: node_modules is made from the lock file, the bundle from htdocs/src
# and the types of docs/openapi.yaml.
PAGE_SRC = $(shell find htdocs -type f -not -path '*/node_modules/*')
page: $(BUILD)/htdocs/.made ## build the page
node_modules/.made: package.json package-lock.json
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
$(BUILD)/htdocs/.made: node_modules/.made docs/openapi.yaml $(PAGE_SRC)
	node htdocs/build.mjs $(BUILD)/htdocs
	@touch $@

deps: ## install the Debian packages that `make run` needs
	bin/deps run

run: ## a fleet of simulated terminals on this machine (README.md)
	@bin/deps run
	@$(MAKE) --no-print-directory -s -j2 all
	@BUILD=$(BUILD) DEMO=$${DEMO-1} bin/run

test: ## everything; TESTS="file ..." for some
	@bin/deps test
	@$(MAKE) --no-print-directory -s -j2 all unit
	@$(if $(WIN_TEST),$(MAKE) --no-print-directory -s windows-programs)
	@BUILD=$(BUILD) SAN=$(SAN) WINDOWS_EXE=$(WIN_TEST) tests/run $(TESTS)

# What a minute has time for: no process of ours beside the test, no browser.
FAST     = $(filter-out tests/unit/ledger_pg_test.c,\
	   $(wildcard tests/unit/*_test.c tests/fuzz/*_fuzz.c)) \
	   $(addprefix tests/unit/,rooms.sh docs.sh cron.sh \
	   bridge_source.sh makefile.sh)
check-fast: ## the tests that take less than a minute, and the format
	@$(MAKE) --no-print-directory -s -j2 programs unit lint-format
	@BUILD=$(BUILD) SAN=$(SAN) tests/run $(FAST)

# Money, trades, rules, deals and zones: what gcov says that no test took.
COV      = $(BUILD)/cov
coverage: deps-test ## print the branches of lib/trading that no unit test takes
	@rm -f $(COV)/obj/lib/trading/*.gcda
	@$(MAKE) --no-print-directory -s -j2 BUILD=$(COV) \
	    CFLAGS='--coverage -O0' programs unit
	@BUILD=$(COV) tests/run $(filter-out tests/unit/ledger_pg_test.c,\
	    $(wildcard tests/unit/*_test.c)) tests/fuzz/rules_fuzz.c \
	    tests/fuzz/deal_fuzz.c $(addprefix tests/unit/,rules_try.sh \
	    rules_trading.sh rules_random.sh flows_random.sh)
	@python3 tests/coverage.py $(COV)

bench: ## measure, into build/bench.json
	@bin/deps test
	@$(MAKE) --no-print-directory -s -j2 all unit $(BENCH)
	@BUILD=$(BUILD) tests/bench/run

sbom: ## what it is built from, as CycloneDX, into build/sbom.json
	@mkdir -p $(BUILD)
	@node etc/sbom.mjs $(PACKAGES) >$(BUILD)/sbom.json
	@echo 'written: $(BUILD)/sbom.json'

chaos: deps-test ## TIME=300 s of faults at random, SEED=, held against the terminals' books
	@$(MAKE) --no-print-directory -s -j2 all
	@BUILD=$(BUILD) SEED=$(SEED) TIME=$(TIME) node tests/chaos/main.mjs

long: deps-test all unit ## the long runs, whose short forms are in the suite
	BUILD=$(BUILD) node tests/bench/chaos.mjs
	BUILD=$(BUILD) node tests/bench/live_long.mjs
	BUILD=$(BUILD) COUNT=1000 SEED=$$(date +%s) tests/run tests/unit/rules_random.sh
	BUILD=$(BUILD) SHEETS_RUNS=300 tests/run tests/system/sheets_faults.test.mjs

deps-test:
	@bin/deps test

# It builds nothing: `make` does, as who you are, and root only copies.
install: ## put what `make` has built in place (as root; DESTDIR stages it)
	@for file in $(addprefix bin/,$(BUILT)) htdocs/.made; do \
	    [ -e $(BUILD)/$$file ] || { \
	    echo "install: $(BUILD)/$$file is not built: run make first" >&2; \
	    exit 1; }; done
	@[ "$$(cat $(BUILD)/prefix)" = '$(PREFIX)' ] || { \
	    echo "install: built for another PREFIX: run make PREFIX=$(PREFIX) first" >&2; \
	    exit 1; }
	@BUILD=$(BUILD) DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) bin/install

uninstall: ## remove what install puts in place; settings and data stay
	@BUILD=$(BUILD) DESTDIR=$(DESTDIR) PREFIX=$(PREFIX) bin/uninstall

# for clang-tidy and editors
compile_commands.json: $(BUILD)/ledger_sql.h $(BRIDGE) FORCE ## what compiles each file, for editors
	@awk -v dir='$(CURDIR)' -v c='$(COMPILE)' -v cxx='$(COMPILE_CXX)' \
	    -f tests/lint/compile_commands.awk $(C_SRC) $(CXX_SRC) >$@

format: ## format the C files
	clang-format -i $$(git ls-files '*.c' '*.h')

clean: ## remove all that was built
	rm -rf build

-include $(shell find $(OBJ) $(WIN)/obj -name '*.d' -type f 2>/dev/null)
